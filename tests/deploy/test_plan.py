"""The plan is a pure function: who wrote the last revision, and its hash, decide."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deploy.changes import DOES_SOMETHING, Change, Plan
from pipeline.deploy.live import Live, LiveFile, LivePage
from pipeline.deploy.plan import plan
from pipeline.deploy.show import exit_code
from pipeline.deploy.stamp import Stamp, base_of, source_of
from pipeline.render.page import KINDS, File, Kind, Page, Rendered
from pipeline.taken_over import TakenOver

OURS = Page("Topic", "topic", "our text", "en", "articles/topic/en.md")
PICTURE = File("File:Topic - curve (en).png", b"\x89PNG", "A curve.", "en", "articles/topic/en.md")
OTHER = "0" * 40
STAMP = Stamp("3f2a91c07b5d", "abc1234")
STANDS = LivePage("Topic", 7, 6, OTHER, "Bot", STAMP.summary("articles/topic/en.md", 6), "2026-11-21T12:00:00Z", "en")


def change_of(live: LivePage, page: Page = OURS, languages: bool = True, taken_over: TakenOver | None = None) -> Change:
    record = {page.title: taken_over} if taken_over else {}
    live_pages = Live({page.title: live}, {})
    (change,) = plan(Rendered((page,), ()), live_pages, "Bot", languages=languages, taken_over=record).changes
    return change


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (LivePage("Topic"), "create"),
        (replace(STANDS, sha1=OURS.sha1), "unchanged"),
        (STANDS, "update"),
        (replace(STANDS, sha1=OURS.sha1, user="Person", comment="mine"), "adopt"),
        (replace(STANDS, user="Person", comment="mine"), "conflict"),
        (replace(STANDS, user="Person"), "conflict"),
        (replace(STANDS, user=None), "conflict"),
        (replace(STANDS, sha1=None), "conflict"),
        (replace(STANDS, comment=None), "conflict"),
        (replace(STANDS, comment="by an older tool of the bot"), "update"),
    ],
    ids=[
        "missing", "same", "older", "same text by a person", "other text by a person", "a person with our summary",
        "hidden author", "hidden text", "hidden summary", "the bot, unmarked",
    ],
)  # fmt: skip
def test_the_last_revision_decides(live: LivePage, expected: str) -> None:
    assert change_of(live).action == expected


def test_a_revision_of_the_bot_that_was_merged_with_a_person_s_is_a_conflict() -> None:
    merged = replace(STANDS, parent=8, revision=9)  # saved on 6, and 8 came between
    assert change_of(merged).action == "conflict"
    assert "in the same moment" in change_of(merged).reason


def test_a_person_s_text_that_the_bot_put_back_is_still_that_person_s() -> None:
    put_back = replace(STANDS, revision=10, parent=9, comment=STAMP.summary("back to revision 8 by Person", 8))
    assert change_of(put_back).action == "conflict"


@given(
    st.integers(1, 9), st.integers(0, 9), st.sampled_from([OURS.sha1, OTHER, None]),
    st.none() | st.text().filter(lambda name: name != "Bot"), st.none() | st.text() | st.just(STANDS.comment),
)  # fmt: skip
def test_a_page_last_edited_by_somebody_else_is_never_changed(revision, parent, sha1, user, comment) -> None:
    live = LivePage("Topic", revision, parent, sha1, user, comment, "", "en")
    assert change_of(live).action not in DOES_SOMETHING


REVISIONS = st.integers(1, 9)
HASHES = st.sampled_from([OURS.sha1, OTHER, "1" * 40])


@given(
    REVISIONS, st.integers(0, 9), HASHES | st.none(), st.none() | st.text().filter(lambda name: name != "Bot"),
    st.none() | st.text() | st.just(STANDS.comment), REVISIONS, HASHES,
)  # fmt: skip
def test_of_somebody_else_s_revisions_only_the_very_one_that_was_taken_over_is_changed(
    revision, parent, sha1, user, comment, taken, taken_sha1
) -> None:
    live = LivePage("Topic", revision, parent, sha1, user, comment, "", "en")
    change = change_of(live, taken_over=TakenOver(taken, taken_sha1))
    is_known = (revision, sha1) == (taken, taken_sha1)
    assert (change.action in DOES_SOMETHING) == (is_known and sha1 != OURS.sha1)


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        ({}, "update"),
        ({"sha1": OURS.sha1}, "adopt"),
        ({"revision": 8}, "conflict"),
        ({"sha1": "1" * 40}, "conflict"),
        ({"sha1": None}, "conflict"),
    ],
    ids=["the very one", "our text", "a later one", "with another text", "hidden text"],
)
def test_a_person_s_revision_that_was_taken_over_may_be_built_on(live: dict[str, object], expected: str) -> None:
    person = replace(STANDS, user="Person", comment="mine", **live)
    assert change_of(person, taken_over=TakenOver(7, OTHER)).action == expected


def test_the_record_of_one_page_says_nothing_of_another() -> None:
    other = replace(OURS, title="Other")
    live = {title: replace(STANDS, title=title, user="Person") for title in ("Topic", "Other")}
    made = plan(Rendered((OURS, other), ()), Live(live, {}), "Bot", taken_over={"Topic": TakenOver(7, OTHER)})
    actions = {change.title: change.action for change in made.changes}
    assert actions == {"Topic": "update", "Other": "conflict"}


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (LiveFile(PICTURE.title), "upload"),
        (LiveFile(PICTURE.title, True, PICTURE.sha1, "Bot"), "unchanged"),
        (LiveFile(PICTURE.title, True, PICTURE.sha1, "Person"), "adopt"),
        (LiveFile(PICTURE.title, True, OTHER, "Bot"), "upload"),
        (LiveFile(PICTURE.title, True, OTHER, "Person"), "conflict"),
        (LiveFile(PICTURE.title, True, None, "Bot"), "conflict"),
        (LiveFile(PICTURE.title, True, OTHER, None), "conflict"),
    ],
    ids=["missing", "same", "same by a person", "older", "by a person", "hidden bytes", "hidden author"],
)
def test_files_go_by_their_hash_and_last_uploader(live: LiveFile, expected: str) -> None:
    (change,) = plan(Rendered((), (PICTURE,)), Live({}, {PICTURE.title: live}), "Bot").changes
    assert change.action == expected


def test_the_content_language_is_set_only_where_it_differs_and_the_wiki_allows_it() -> None:
    spanish = Page("Topic/es", "topic", "texto", "es", "articles/topic/es.md")
    there = replace(STANDS, title="Topic/es", sha1=spanish.sha1)
    assert change_of(there, spanish).sets_language
    assert not change_of(replace(there, language="es"), spanish).sets_language
    assert not change_of(there, spanish, languages=False).sets_language
    assert not change_of(replace(there, sha1=OTHER, user="Person"), spanish).sets_language
    assert not change_of(LivePage("Topic"), replace(OURS, language="")).sets_language


@given(st.permutations(KINDS))
def test_what_pages_need_comes_before_them(kinds: list[Kind]) -> None:
    pages = tuple(Page(f"{kind} {number}", kind, "x", "", "") for kind in kinds for number in (2, 1) if kind != "file")
    files = (replace(PICTURE, title="File:b.png"), replace(PICTURE, title="File:a.png"))
    live = Live({page.title: LivePage(page.title) for page in pages}, {one.title: LiveFile(one.title) for one in files})
    changes = plan(Rendered(pages, files), live, "Bot").changes
    assert list(dict.fromkeys(change.kind for change in changes)) == list(KINDS)
    assert [change.title for change in changes if change.kind == "file"] == ["File:a.png", "File:b.png"]
    assert [change.title for change in changes if change.kind == "topic"] == ["topic 1", "topic 2"]


@pytest.mark.parametrize(
    ("live", "code"),
    [
        (replace(STANDS, sha1=OURS.sha1), 0),
        (replace(STANDS, sha1=OURS.sha1, user="Person"), 0),
        (replace(STANDS, sha1=OURS.sha1, language="es"), 2),
        (STANDS, 2),
        (LivePage("Topic"), 2),
        (replace(STANDS, user="Person"), 3),
    ],
    ids=["nothing", "adopted", "language", "update", "create", "conflict"],
)
def test_the_exit_code_says_what_the_plan_holds(live: LivePage, code: int) -> None:
    assert exit_code(Plan("https://wiki.example.org/", "Bot", (change_of(live),))) == code


def test_a_plan_as_json_says_who_and_when() -> None:
    made = Plan("https://wiki.example.org/", "Bot", (change_of(replace(STANDS, user="Person")),))
    read = json.loads(json.dumps(made.to_json()))
    assert read["changes"][0]["action"] == "conflict"
    assert read["changes"][0]["live"] == {
        "revision": 7, "sha1": OTHER, "user": "Person", "timestamp": "2026-11-21T12:00:00Z",
    }  # fmt: skip


@given(st.text(), st.integers(0), st.text("0123456789abcdef", max_size=10))
def test_a_summary_names_the_revision_it_builds_on(what: str, base: int, commit: str) -> None:
    what = " ".join(what.split())
    summary = Stamp("3f2a91c07b5d", commit).summary(what, base)
    assert base_of(summary) == base
    assert len(summary) < 500


def test_what_a_move_left_names_the_revision_that_was_to_be_moved() -> None:
    words = STAMP.summary("articles/topic/en.md", 6)
    left = replace(STANDS, comment=f"Bot moved page [[Old]] to [[Topic]]: {words}")
    assert change_of(left).action == "update"
    assert change_of(replace(left, parent=7)).action == "conflict", "somebody edited it just before"
    assert source_of(left.comment) == "articles/topic/en.md"
    older = f"Bot verschob [[Old]] nach [[Topic]]: {STAMP.summary('articles/topic/en.md: new title', 0)}"
    assert change_of(replace(left, comment=older)).action == "update", "an older bot did not say which"
    assert source_of(older) == "articles/topic/en.md"


@pytest.mark.parametrize(
    "comment", ["", "on 5", "[deploy-bot] by hand", "copied: [deploy-bot] x (y) deployment z on 5"]
)
def test_other_summaries_name_none(comment: str) -> None:
    assert base_of(comment) is None
