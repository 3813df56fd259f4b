"""Undoing a deployment that moved pages: they get their old titles back, and what people touched since stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.deploy import exit_code, make_plan, roll_back
from pipeline.deploy.rollback import deeds_of, undo
from pipeline.deploy.session import Session
from pipeline.deploy.target import parse
from pipeline.errors import WikiError
from pipeline.render.page import Page, Rendered
from pipeline.wiki import LocalWiki
from tests.deploy.proxy import CUT, Answer, Cut, Request, proxy_before
from tests.wiki.people import edit_as, log_in, text_of
from tests.wiki.test_deploy import STAMP, bot_password, history, outcomes, page, publish, site_of, target

pytestmark = pytest.mark.wiki
LANGUAGES = ("", "/es", "/zh")


def topic(name: str, text: str = "words") -> Rendered:
    """A topic in three languages, from the same sources whatever its name."""
    pages = [
        Page(f"{name}{end}", "topic", f"{text} {end}".strip(), end[1:], f"articles/topic/{end[1:] or 'en'}.md")
        for end in LANGUAGES
    ]
    return site_of(*pages)


def texts(wiki: LocalWiki, name: str) -> list[str | None]:
    return [text_of(wiki, f"{name}{end}") for end in LANGUAGES]


def test_renamed_pages_get_their_old_titles_back_in_all_languages(fresh_wiki) -> None:
    before = topic("Old")
    publish(fresh_wiki, before)
    deployment = publish(fresh_wiki, topic("New", "other words"))
    assert set(outcomes(deployment).values()) == {"moved"}
    undone = roll_back(target(fresh_wiki), deployment.id, commit="")
    assert outcomes(undone) == {"Old": "moved", "Old/es": "moved", "Old/zh": "moved"}
    assert texts(fresh_wiki, "Old") == ["words", "words /es", "words /zh"]
    assert texts(fresh_wiki, "New") == [None, None, None], "no redirect stays where nothing was"
    assert len(history(fresh_wiki, "Old")) == 5  # made, moved, changed, changed back, moved back
    assert exit_code(make_plan(target(fresh_wiki), before)) == 0
    assert make_plan(target(fresh_wiki), before).orphans == ()


def test_the_undoing_of_a_move_can_be_undone_with_the_redirects_of_then(fresh_wiki) -> None:
    publish(fresh_wiki, topic("Old"))
    deployment = publish(fresh_wiki, topic("New", "other words"))
    undone = roll_back(target(fresh_wiki), deployment.id, commit="")
    again = roll_back(target(fresh_wiki), undone.id, commit="")
    assert outcomes(again) == {"New": "moved", "New/es": "moved", "New/zh": "moved"}
    assert texts(fresh_wiki, "New") == ["other words", "other words /es", "other words /zh"]
    assert text_of(fresh_wiki, "Old/es") == "#REDIRECT [[New/es]]"
    assert exit_code(make_plan(target(fresh_wiki), topic("New", "other words"))) == 0


def test_what_people_touched_since_stays_where_it_is(fresh_wiki) -> None:
    publish(fresh_wiki, topic("Old"))
    deployment = publish(fresh_wiki, topic("New"))
    reader = fresh_wiki.reader_user
    edit_as(fresh_wiki, reader, "New", "a person's words")
    edit_as(fresh_wiki, reader, "Old/es", "a page of its own")
    undone = roll_back(target(fresh_wiki), deployment.id, commit="")
    assert outcomes(undone) == {"New": "conflict", "New/es": "conflict", "Old/zh": "moved"}
    notes = {one.title: one.note for one in undone.done}
    assert notes["New"] == f"edited since by {reader}; it stays"
    assert notes["New/es"] == f"it stays there: 'Old/es' was edited since by {reader}"
    assert texts(fresh_wiki, "New") == ["a person's words", "words /es", None]
    assert texts(fresh_wiki, "Old") == ["#REDIRECT [[New]]", "a page of its own", "words /zh"]


def test_a_page_that_a_person_moved_on_stays_there(fresh_wiki) -> None:
    publish(fresh_wiki, topic("Old"))
    deployment = publish(fresh_wiki, topic("New"))
    admin = log_in(fresh_wiki, fresh_wiki.admin_user)
    admin.api("move", "POST", **{"from": "New", "to": "Newer", "token": admin.get_token("csrf")})
    undone = roll_back(target(fresh_wiki), deployment.id, commit="")
    assert outcomes(undone)["Newer"] == "conflict"
    assert text_of(fresh_wiki, "Newer") == "words"
    assert texts(fresh_wiki, "Old")[1:] == ["words /es", "words /zh"]


def test_without_the_right_to_move_silently_the_redirect_is_deleted_or_said(fresh_wiki) -> None:
    settings = fresh_wiki.folder / "LocalSettings.php"
    with settings.open("a") as file:
        file.write("$wgGroupPermissions['bot']['suppressredirect'] = false;\n")
    publish(fresh_wiki, topic("Old"))
    deployment = publish(fresh_wiki, topic("New"))
    undone = roll_back(target(fresh_wiki), deployment.id, commit="")
    assert {one.note for one in undone.done} <= {
        "back from 'New'", "back from 'New/es'", "back from 'New/zh'",
    }  # fmt: skip
    assert texts(fresh_wiki, "New") == [None, None, None]
    assert texts(fresh_wiki, "Old") == ["words", "words /es", "words /zh"]


@pytest.mark.parametrize("killed_at", range(4))
def test_a_rollback_of_moves_that_was_killed_can_be_run_again(killed_at: int, fresh_wiki) -> None:
    before = topic("Old")
    publish(fresh_wiki, before)
    deployment = publish(fresh_wiki, topic("New", "other words"))
    with proxy_before(fresh_wiki.url) as proxy:
        changes: list[Request] = []

        def dying(request: Request) -> Answer | Cut | None:
            if request.parameters.get("action") in ("edit", "move"):
                changes.append(request)
                if len(changes) == killed_at + 1:
                    proxy.forward(request)  # done, and nobody is told
            return CUT if len(changes) > killed_at else None

        proxy.before = dying
        there = parse(proxy.url, fresh_wiki.bot_user, fresh_wiki.bot_password, local=True)
        session = Session(there, sleep=lambda seconds: None)
        deeds = deeds_of(session, deployment.id)
        assert undo(session, deployment.id, deeds, STAMP).stopped
    undone = roll_back(target(fresh_wiki), deployment.id, commit="")
    assert not undone.having("conflict", "failed"), undone
    assert texts(fresh_wiki, "Old") == ["words", "words /es", "words /zh"]
    assert texts(fresh_wiki, "New") == [None, None, None]
    assert exit_code(make_plan(target(fresh_wiki), before)) == 0
    assert len(history(fresh_wiki, "Old")) == 5, "nothing was done twice"


def test_a_rollback_says_before_the_first_edit_which_right_is_missing(fresh_wiki) -> None:
    account = fresh_wiki.reader_user
    grants = ("basic", "editpage", "createeditmovepage")
    makes = parse(fresh_wiki.url, f"{account}@makes", bot_password(fresh_wiki, "makes", *grants), local=True)
    from pipeline.deploy import deploy

    deployment = deploy(makes, site_of(page("Made")), commit="x")
    with pytest.raises(WikiError, match=r"it lacks delete \(delete pages, revisions, and log entries\);"):
        roll_back(makes, deployment.id, commit="")
    assert text_of(fresh_wiki, "Made") == "first text"


def test_a_rollback_keeps_a_journal(fresh_wiki, tmp_path: Path) -> None:
    publish(fresh_wiki, topic("Old"))
    deployment = publish(fresh_wiki, topic("New"))
    seen: list[tuple[int, int]] = []
    undone = roll_back(
        target(fresh_wiki), deployment.id, commit="", journals=tmp_path,
        progress=lambda done, number, total: seen.append((number, total)),
    )  # fmt: skip
    lines = [json.loads(line) for line in (tmp_path / f"{undone.id}.jsonl").read_text().splitlines()]
    assert [line.get("outcome") for line in lines] == [None, "moved", "moved", "moved", None]
    assert seen == [(1, 3), (2, 3), (3, 3)]
