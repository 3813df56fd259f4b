"""What a person and a script read of plans and deployments."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pipeline.deploy.changes import Change, Plan
from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.differences import difference
from pipeline.deploy.live import LivePage, Lost
from pipeline.deploy.show import deployment_json, exit_code, show_deployment, show_plan
from pipeline.render.page import Page

WIKI = "https://wiki.example.org/w/"


def page(title: str, text: str = "new words here") -> Page:
    return Page(title, "topic", text, "", "articles/x/en.md")


def test_a_plan_shows_what_changes_and_counts_the_rest() -> None:
    changes = (
        Change("create", page("New"), LivePage("New")),
        Change("conflict", page("Edited"), LivePage("Edited", 7), reason="edited by Person on 2026-11-21"),
        Change("unchanged", page("Same"), LivePage("Same", 7)),
    )
    shown = show_plan(Plan(WIKI, "Bot", changes))
    assert "create    New" in shown and "conflict  Edited  edited by Person on 2026-11-21" in shown
    assert "Same" not in shown
    assert f"{WIKI}: 1 conflict, 1 create, 1 unchanged" in shown
    assert "1 page in conflict will be left as people made them" in shown


def test_differences_show_the_words_of_a_conflict() -> None:
    changes = (Change("conflict", page("Edited"), LivePage("Edited", 7), reason="edited by Person"),)
    shown = show_plan(Plan(WIKI, "Bot", changes), {"Edited": "new words there"})
    assert "~ new words [-there-]{+here+}" in shown


def test_a_plan_without_changes_is_one_line() -> None:
    assert show_plan(Plan(WIKI, "Bot", (Change("unchanged", page("Same"), LivePage("Same", 7)),)), {}) == (
        f"{WIKI}: 1 unchanged"
    )


def test_a_deployment_shows_what_is_not_as_wanted_and_why_it_stopped() -> None:
    done = (Done("New", "created", 5), Done("Edited", "conflict", note="edited by Person in the meantime"))
    deployment = Deployment("3f2a91c07b5d", WIKI, "abc1234", done, stopped="the wiki is locked")
    shown = show_deployment(deployment)
    assert "conflict  Edited  edited by Person in the meantime" in shown and "New" not in shown
    assert "Deployment 3f2a91c07b5d" in shown and "Stopped before the end: the wiki is locked." in shown
    assert exit_code(deployment) == 1
    assert json.loads(deployment_json(deployment))["done"][0] == {
        "title": "New", "outcome": "created", "revision": 5, "note": "", "language_set": False, "kind": "",
    }  # fmt: skip


def test_a_deployment_ends_with_a_table_of_what_became_of_which_kind_of_page() -> None:
    done = (
        Done("Template:A", "unchanged", kind="template"),
        *(Done(f"New {number}", "created", number, kind="topic") for number in range(12)),
        Done("Old", "deleted"),
    )
    shown = show_deployment(Deployment("3f2a91c07b5d", WIKI, "abc1234", done))
    assert [line.split() for line in shown.splitlines()[-5:]] == [
        ["created", "deleted", "unchanged"],
        ["template", "1"],
        ["topic", "12"],
        ["other", "1"],
        f"Deployment 3f2a91c07b5d to {WIKI}: 12 created, 1 deleted, 1 unchanged".split(),
    ]


def test_a_plan_shows_what_comes_back_what_is_listed_and_what_is_refreshed() -> None:
    spanish = Page("New/es", "topic", "palabras", "es", "articles/x/es.md")
    listing = Page("Module:Recent", "list", "return {}", "", "articles")
    changes = (
        Change("unchanged", page("New"), LivePage("New", 7)),
        Change("create", spanish, LivePage("New/es"), sets_language=True),
        Change("update", listing, LivePage("Module:Recent", 8), names=("New", "Older")),
    )
    plan = Plan(WIKI, "Bot", changes, lost=(Lost("Gone", 9, "Person"),))
    shown = show_plan(plan)
    assert "bring back  Gone           Person edited it in the moment of its deletion" in shown
    assert "update      Module:Recent  will name New, Older" in shown
    assert "2 pages will be refreshed, because a language of theirs is new." in shown
    told = json.loads(json.dumps(plan.to_json()))
    assert told["purge"] == ["New", "New/es"] and told["lost"] == [{"title": "Gone", "revision": 9, "user": "Person"}]
    assert told["changes"][2]["names"] == ["New", "Older"] and "names" not in told["changes"][0]


LINES = st.lists(st.sampled_from(["a b c", "a x c", "", "{{T}}", "-", "+ q"]), max_size=12)


@given(LINES, LINES)
def test_a_difference_holds_both_texts(old: list[str], new: list[str]) -> None:
    lines = difference("T", "\n".join(old), "\n".join(new))
    if "\n".join(old).splitlines() == "\n".join(new).splitlines():
        assert lines == []
        return
    removed = {line[2:] for line in lines if line.startswith("- ")}
    added = {line[2:] for line in lines if line.startswith("+ ")}
    assert removed <= set(old) and added <= set(new)
    assert any(line.startswith(("- ", "+ ", "~ ")) for line in lines)
