"""Where a number, a figure or a cell comes from: the cell, what was earned, where else it stands, its past."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.memo.engine import Memo
from pipeline.preview.answers import NoSuchPageError
from pipeline.preview.origin import origin, written
from pipeline.preview.origins import TEMPLATE, address, parts_of
from tests.preview.remembering import commit, remembered
from tests.project import Project

__all__ = ["remembered"]

Remember = Callable[[Path], Memo]
EN, ES, RESULTS = "articles/tiny/en.md", "articles/tiny/es.md", "articles/tiny/results.json"


def page(memo: Memo, language: str, kind: str, name: str) -> str:
    title, parts = parts_of(memo, language, "tiny", kind, name)
    return memo.given.site.framed(TEMPLATE, language, title, **parts).decode()


def line_of(project: Project, file: str, start: str) -> int:
    lines = (project.root / file).read_text().split("\n")
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def test_a_value_is_written_with_all_its_digits() -> None:
    assert written(0.1 + 0.2) == "0.30000000000000004"
    assert written("97 %") == "97 %"
    assert written([1.0, 2.5]) == "[1.0, 2.5]"
    assert written([[1, 2], [3, 4]]) == "[[1, 2],\n [3, 4]]"
    assert written([{"t": 1, "loss": 0.5}, {"t": 2, "loss": 0.25}]) == '{"t": 1, "loss": 0.5}\n{"t": 2, "loss": 0.25}'
    assert written(list(range(100_000))).endswith(" …")


def test_an_address_can_hold_any_name() -> None:
    assert address("tiny", "figure", "a/b?.png", "zh") == "/_live/origin/tiny/figure/a%2Fb%3F.png?in=zh"


def test_a_value_leads_to_its_cell_and_to_all_places_that_print_it(built: Project, remembered: Remember) -> None:
    found = origin(remembered(built.root), "tiny", "value", "count", "es")
    assert (found.exact, found.printed, found.topic) == ("3", (("count", "3"),), "Tema diminuto")
    assert found.cell is not None and found.standing is not None
    assert found.cell.label == "first" and found.cell.code.startswith("from runtime import figure")
    assert found.cell.where == f"{EN}:{line_of(built, EN, 'from runtime')}"
    assert found.cell.output.seconds > 0
    assert found.cell.published == (("value", "count"), ("figure", "curve"))
    assert found.cell.place is not None and found.cell.place.address == "/es/tiny/#primera-parte"
    assert [(one.kind, one.text, one.tolerance, one.difference) for one in found.cell.checks] == [
        ("close", "count", 1e-6, 0.0)
    ]
    assert (found.standing.level, found.standing.reproduced) == ("cross-checked", True)
    assert [(one.language, one.file, one.line, one.shown) for one in found.places] == [
        ("en", EN, line_of(built, EN, "summary:"), "3"),
        ("es", ES, line_of(built, ES, "summary:"), "3"),
    ]


def test_a_figure_and_a_cell_are_told_too(built: Project, remembered: Remember) -> None:
    memo = remembered(built.root)
    figure = origin(memo, "tiny", "figure", "curve", "es")
    assert figure.picture is not None and figure.picture.alt == "Sube."
    assert figure.picture.address == "/figures/Tiny_Topic_-_curve_%28es%29.png"
    assert len(figure.exact) == 64
    assert [one.section for one in figure.places] == ["First part", "Primera parte"]
    cell = origin(memo, "tiny", "cell", "first")
    assert cell.cell == origin(memo, "tiny", "figure", "curve").cell
    assert cell.places[0].line == line_of(built, EN, "```{code-cell}")


def test_a_picture_of_an_author_has_no_cell(built: Project, remembered: Remember) -> None:
    square = (built.root / ".." / "square.png").resolve()
    square.write_bytes(next((built.root / ".marovi" / "cache").rglob("*.png")).read_bytes())
    built.write("articles/tiny/square.png", square.read_bytes())
    built.change(EN, "See [the first", '![A square.](square.png "The square.")\n\nSee [the first')
    found = origin(remembered(built.root), "tiny", "figure", "square.png")
    assert found.cell is None and [one.file for one in found.places] == [EN]
    assert "No code drew it." in page(remembered(built.root), "en", "figure", "square.png")


def test_the_past_of_the_digits_is_told_newest_first(built: Project, remembered: Remember) -> None:
    memo = remembered(built.root)
    assert origin(memo, "tiny", "value", "count").history == ()
    accepted = (built.root / RESULTS).read_text()
    built.change(RESULTS, '"count": "3"', '"count": "2"')
    first = commit(built.root, "First results")
    uncommitted = origin(remembered(built.root), "tiny", "value", "count")
    assert [(one.commit, one.old, one.new) for one in uncommitted.history] == [("", "2", "3"), (first, "", "2")]
    assert not uncommitted.is_committed
    built.write(RESULTS, accepted)
    second = commit(built.root, "One more")
    found = origin(remembered(built.root), "tiny", "value", "count")
    assert [(one.commit, one.subject, one.what, one.old, one.new) for one in found.history] == [
        (second, "One more", "count", "2", "3"),
        (first, "First results", "count", "", "2"),
    ]
    assert found.is_committed
    drawn = origin(remembered(built.root), "tiny", "figure", "curve")
    assert [one.commit for one in drawn.history] == [first]


def test_what_differs_says_why_and_in_each_run_claims_nothing(built: Project, remembered: Remember) -> None:
    built.change(EN, 'glue("count", 3)', 'import time\nglue("count", time.time_ns(), differs_by_run="a clock")')
    built.change(ES, "labels: {step: paso}", "labels: {step: paso, a clock: un reloj}")
    memo = remembered(built.root)
    found = origin(memo, "tiny", "value", "count", "es")
    assert found.differs is not None and (found.differs.by, found.differs.reason) == ("run", "un reloj")
    html = page(memo, "es", "value", "count")
    assert "un reloj" in html and "semilla de hash" not in html


def test_the_page_says_all_of_it_and_works_without_scripts(built: Project, remembered: Remember) -> None:
    commit(built.root, "Results & more")
    html = page(remembered(built.root), "en", "value", "count")
    article = html[html.index('<article class="origin" id="_origin">') : html.index("</article>")]
    assert "<script" not in article and " style=" not in article
    for said in (
        "<samp>3</samp>",
        'href="/en/tiny/#first-part" data-to-cell="first"',
        "hash seed 1 instead of 0",
        "1 × 10⁻⁶",
        "Results &amp; more",
        'href="/_live/origin/tiny/figure/curve?in=en"',
    ):
        assert said in article.replace("\u00a0", " "), said
    assert len(re.findall(r' id="', article)) == 1


def test_what_is_not_there_is_no_page(built: Project, remembered: Remember) -> None:
    memo = remembered(built.root)
    for slug, kind, name in (
        ("tiny", "value", "nix"),
        ("tiny", "figure", "nix.png"),
        ("tiny", "cell", "count"),
        ("tiny", "other", "count"),
        ("nix", "value", "count"),
    ):
        with pytest.raises(NoSuchPageError):
            origin(memo, slug, kind, name)


def test_a_topic_whose_cells_fail_has_nothing_to_tell(built: Project, remembered: Remember) -> None:
    memo = remembered(built.root)
    memo.put(("ran", "tiny"), None)
    with pytest.raises(NoSuchPageError):
        origin(memo, "tiny", "value", "count")


def test_a_number_in_a_summary_page_is_one_of_its_places(built: Project, remembered: Remember) -> None:
    built.write(
        "articles/tiny/summary/en.md",
        "---\nprovenance: {generated_date: 2026-11-21}\n---\n**Tiny** has {glue}`count:.1f` lines.\n",
    )
    found = origin(remembered(built.root), "tiny", "value", "count", "es")
    place = next(one for one in found.places if one.address == "/en/tiny/summary/")
    assert place.shown == "3.0"
    assert found.printed == (("count", "3"), ("count:.1f", "3,0"))
