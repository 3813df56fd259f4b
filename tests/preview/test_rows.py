"""Two languages of a topic as rows: gaps, what changed in the source, places, and no id that stands twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.memo.engine import Memo
from pipeline.preview.answers import NoSuchPageError
from pipeline.preview.beside import TEMPLATE, parts_of
from pipeline.preview.rows import Beside, Row, Side, beside
from pipeline.translate.command import stamp_topic
from tests.memo.conftest import prose
from tests.preview.remembering import commit, git, remembered
from tests.project import Project

__all__ = ["prose", "remembered"]

Remember = Callable[[Path], Memo]

EN, ES = "articles/alpha/en.md", "articles/alpha/es.md"
MORE = "\n\nA first sentence about rates.\n\nA second one[^n].\n\n[^n]: A note.\n"
MORE_ES = "\n\nUna primera frase sobre tasas.\n\nUna segunda[^n].\n\n[^n]: Una nota.\n"


@pytest.fixture
def translated(prose: Project) -> Project:
    """Two topics, the Spanish of one of them stamped with what it was made from, all of it committed."""
    for name, more in ((EN, MORE), (ES, MORE_ES)):
        prose.add(name, more)
    list(stamp_topic(load(prose.root), "alpha", "es"))
    commit(prose.root, "Alpha, in two languages")
    return prose


def words(side: Side | None) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", side.shown).split()) if side else "-"


def row(found: Beside, start: str) -> Row:
    return next(one for one in found.rows if words(one.left).startswith(start) or words(one.right).startswith(start))


def page(memo: Memo, left: str, right: str) -> str:
    title, parts = parts_of(memo, "alpha", "", left, right)
    return memo.given.site.framed(TEMPLATE, left, title, **parts).decode()


def test_what_belongs_together_stands_in_one_row_with_its_lines(translated: Project, remembered: Remember) -> None:
    found = beside(remembered(translated.root), "alpha", "", "en", "es")
    assert [(one.kind, words(one.left)[:12], words(one.right)[:12]) for one in found.rows] == [
        ("title", "Alpha", "Alfa"),
        ("summary", "About Alpha.", "Sobre Alfa."),
        ("point", "One point.", "Un punto."),
        ("block", "Alpha has a ", "Alfa tiene u"),
        ("block", "A part", "Una parte"),
        ("block", "See that par", "Véase esa pa"),
        ("block", "The square.", "El cuadrado."),
        ("block", "A first sent", "Una primera "),
        ("block", "A second one", "Una segunda["),
        ("note", "1. ↑ A note.", "1. ↑ Una not"),
    ]
    assert found.waiting == 0
    for side, file in ((row(found, "A part").left, EN), (row(found, "A part").right, ES)):
        assert side is not None
        line = (translated.root / file).read_text().split("\n")[side.line - 1]
        assert side.place == f"{file}:{side.line}" and line.startswith("## ")


def test_a_translation_half_done_leaves_gaps(translated: Project, remembered: Remember) -> None:
    translated.change(ES, "Una primera frase sobre tasas.\n\n", "")
    found = beside(remembered(translated.root), "alpha", "", "es", "en")
    gap = row(found, "A first sentence")
    assert (gap.left, gap.number, found.waiting) == (None, 1, 1)
    assert row(found, "Una segunda").right is not None


def test_what_changed_in_the_source_stands_beside_what_was_made_from_it(
    translated: Project, remembered: Remember
) -> None:
    made_from = git(translated.root, "rev-parse", "HEAD")[:10]
    translated.change(EN, "A first sentence about rates.", "A first sentence about small rates.\n\nA new one.")
    commit(translated.root, "Other words")
    found = beside(remembered(translated.root), "alpha", "", "en", "es")
    heading, changed, new = (row(found, start) for start in ("A part", "A first", "A new"))
    assert heading.left is not None and not heading.left.waits
    assert heading.right is not None and heading.right.outdated.startswith(f"{made_from}, 20")
    assert changed.right is not None and len(changed.right.changes) == 1
    assert [one for one in changed.right.changes[0].runs if one[0] != " "] == [("+", "small ")]
    assert new.right is None and new.change is not None and new.change.kind == "new"
    assert found.waiting == 3


def test_what_the_source_no_longer_says_is_shown_as_it_was(translated: Project, remembered: Remember) -> None:
    translated.change(EN, "A first sentence about rates.\n\n", "")
    found = beside(remembered(translated.root), "alpha", "", "en", "es")
    gone = row(found, "Una primera")
    assert gone.left is None and gone.right is not None and gone.right.changes
    assert gone.right.changes[0].runs == (("-", "A first sentence about rates."),)


def test_what_changed_in_the_head_stands_with_its_words_or_with_the_title(prose: Project, remembered: Remember) -> None:
    for file, caption in ((EN, "A curve."), (ES, "Una curva.")):
        prose.change(file, "---\n**", f"figures:\n  curve: {{caption: {caption}, alt: It.}}\n---\n**")
    list(stamp_topic(load(prose.root), "alpha", "es"))
    commit(prose.root, "Alpha")
    prose.change(EN, "summary: About Alpha.", "summary: All about Alpha.")
    prose.change(EN, "A curve.", "A rising curve.")
    found = beside(remembered(prose.root), "alpha", "", "es", "en")
    title, summary = row(found, "Alfa").left, row(found, "Sobre").left
    assert title is not None and summary is not None
    for side, expected in ((title, {"+rising"}), (summary, {"-About", "+All about"})):
        (change,) = side.changes
        assert {kind + piece.strip() for kind, piece in change.runs if kind != " "} == expected
    assert title.outdated and not summary.outdated


def test_marks_of_a_translator_are_told_and_unknown_origins_too(translated: Project, remembered: Remember) -> None:
    translated.change(ES, "Una primera", "% fuzzy: its translator was not sure\nUna primera")
    translated.change(EN, "A second one", "A second and last one")
    translated.change(ES, "  a-part: ", "  a-part: 123456789abc # ")
    found = beside(remembered(translated.root), "alpha", "", "en", "es")
    marked, heading = row(found, "A first").right, row(found, "A part").right
    assert marked is not None and marked.marks == ("fuzzy",)
    assert heading is not None and heading.outdated == "?"


@pytest.mark.parametrize("in_git", [True, False])
def test_of_a_section_that_was_never_translated_nobody_says_that_its_source_changed(
    in_git: bool, prose: Project, remembered: Remember
) -> None:
    list(stamp_topic(load(prose.root), "alpha", "es"))
    prose.change(ES, "  a-part: ", "  a-part: '000000000000' # ")
    if in_git:
        commit(prose.root, "Alpha")
    heading = row(beside(remembered(prose.root), "alpha", "", "en", "es"), "A part").right
    assert heading is not None and heading.outdated == ""


def test_outside_of_a_repository_outdated_sections_are_only_named(prose: Project, remembered: Remember) -> None:
    list(stamp_topic(load(prose.root), "alpha", "es"))
    prose.change(EN, "See [that", "Do see [that")
    heading = row(beside(remembered(prose.root), "alpha", "", "en", "es"), "A part").right
    assert heading is not None and heading.outdated == "?"


def test_a_language_that_is_not_there_yet_is_all_gaps(translated: Project, remembered: Remember) -> None:
    (translated.root / ES).unlink()
    found = beside(remembered(translated.root), "alpha", "", "en", "es")
    assert all(one.right is None for one in found.rows) and found.right.file == ""
    assert "marovi translate alpha es" in page(remembered(translated.root), "en", "es")


def test_a_summary_has_its_own_rows(translated: Project, remembered: Remember) -> None:
    found = beside(remembered(translated.root), "alpha", "summary", "en", "es")
    assert words(row(found, "Alpha in short").left) == "Alpha in short, with more."


def test_what_is_not_there_is_no_page(translated: Project, remembered: Remember) -> None:
    memo = remembered(translated.root)
    for slug, part, right in (("nix", "", "es"), ("beta", "summary", "es")):
        with pytest.raises(NoSuchPageError):
            parts_of(memo, slug, part, "en", right)


@pytest.mark.parametrize(("left", "right"), [("en", "es"), ("es", "en"), ("es", "es")])
def test_on_the_page_no_id_stands_twice_and_links_lead_from_the_root(
    translated: Project, left: str, right: str, remembered: Remember
) -> None:
    html = page(remembered(translated.root), left, right)
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    for link in re.findall(r' (?:href|src)="([^"]*)"', html):
        assert link.startswith(("/", "#", "https://", "data:")), link
        assert not link.startswith("#") or link[1:] in ids, link
    assert html.count(f'<div class="side" lang="{right}" dir="ltr">') >= 10


def test_nothing_that_an_author_writes_becomes_markup(translated: Project, remembered: Remember) -> None:
    translated.change(EN, "A first sentence about rates.", 'A <script>alert("1")</script> sentence.')
    html = page(remembered(translated.root), "en", "es")
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_a_second_look_asks_git_nothing(
    translated: Project, monkeypatch: pytest.MonkeyPatch, remembered: Remember
) -> None:
    translated.change(EN, "A first sentence", "Another first sentence")
    memo = remembered(translated.root)
    first = beside(memo, "alpha", "", "en", "es")
    monkeypatch.setenv("PATH", str(Path("/nowhere")))
    assert beside(memo, "alpha", "", "en", "es") == first
