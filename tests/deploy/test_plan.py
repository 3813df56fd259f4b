"""The plan is a pure function: who wrote the last revision, and its hash, decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deploy.live import Live, LiveFile, LivePage
from pipeline.deploy.plan import DOES_SOMETHING, plan
from pipeline.deploy.show import exit_code
from pipeline.render.page import File, Page, Rendered

OURS = Page("Topic", "topic", "our text", "en", "articles/topic/en.md")
PICTURE = File("File:Topic - curve (en).png", b"\x89PNG", "A curve.", "en", "articles/topic/en.md")
OTHER = "0" * 40


def action(revision: int, sha1: str, user: str) -> str:
    live = Live({"Topic": LivePage("Topic", revision, sha1, user, "en")}, {})
    (change,) = plan(Rendered((OURS,), ()), live, "Bot").changes
    return change.action


@pytest.mark.parametrize(
    ("revision", "sha1", "user", "expected"),
    [
        (0, "", "", "create"),
        (7, OURS.sha1, "Bot", "unchanged"),
        (7, OTHER, "Bot", "update"),
        (7, OURS.sha1, "Person", "adopt"),
        (7, OTHER, "Person", "conflict"),
        (7, OTHER, "", "conflict"),
        (7, "", "Bot", "conflict"),
    ],
    ids=["missing", "same", "older", "same text by a person", "other text by a person", "hidden author", "hidden text"],
)
def test_the_table_of_the_design_holds(revision: int, sha1: str, user: str, expected: str) -> None:
    assert action(revision, sha1, user) == expected


@given(st.integers(1, 9), st.sampled_from([OURS.sha1, OTHER, ""]), st.text().filter(lambda name: name != "Bot"))
def test_a_page_last_edited_by_somebody_else_is_never_changed(revision: int, sha1: str, user: str) -> None:
    assert action(revision, sha1, user) not in DOES_SOMETHING


@pytest.mark.parametrize(
    ("sha1", "user", "expected"),
    [
        ("", "", "upload"),
        (PICTURE.sha1, "Bot", "unchanged"),
        (PICTURE.sha1, "Person", "adopt"),
        (OTHER, "Bot", "upload"),
        (OTHER, "Person", "conflict"),
    ],
)
def test_files_go_by_their_hash_and_last_uploader(sha1: str, user: str, expected: str) -> None:
    live = Live({}, {PICTURE.title: LiveFile(PICTURE.title, sha1, user)})
    (change,) = plan(Rendered((), (PICTURE,)), live, "Bot").changes
    assert change.action == expected


def test_what_a_page_needs_comes_before_it() -> None:
    kinds = ["list", "topic", "glossary", "category", "template", "module"]
    pages = tuple(Page(f"{kind} page", kind, "x", "", "") for kind in kinds)  # type: ignore[arg-type]
    live = Live({page.title: LivePage(page.title) for page in pages}, {PICTURE.title: LiveFile(PICTURE.title)})
    ordered = plan(Rendered(pages, (PICTURE,)), live, "Bot").changes
    assert [change.kind for change in ordered] == [
        "module",
        "template",
        "file",
        "category",
        "glossary",
        "topic",
        "list",
    ]


def test_a_language_is_set_only_where_it_differs_and_the_page_is_ours_to_touch() -> None:
    def sets(user: str, language: str, sha1: str) -> bool:
        live = Live({"Topic": LivePage("Topic", 7, sha1, user, language)}, {})
        return plan(Rendered((OURS,), ()), live, "Bot", set_languages=True).changes[0].sets_language

    assert sets("Bot", "es", OURS.sha1) is True
    assert sets("Bot", "en", OURS.sha1) is False
    assert sets("Person", "es", OTHER) is False


def test_exit_codes_say_nothing_changes_conflicts() -> None:
    def code(revision: int, sha1: str, user: str) -> int:
        live = Live({"Topic": LivePage("Topic", revision, sha1, user, "en")}, {})
        return exit_code(plan(Rendered((OURS,), ()), live, "Bot"))

    assert [code(7, OURS.sha1, "Bot"), code(0, "", ""), code(7, OTHER, "Person")] == [0, 2, 3]
