"""What prose says of values, tables and figures has to be there, in every language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import Where
from pipeline.read.article import Article, FigureText
from pipeline.read.document import (
    Column,
    Document,
    Emphasis,
    FigurePlace,
    Footnote,
    Glue,
    GluedTable,
    InlineMath,
    MathBlock,
    Paragraph,
    Text,
)
from pipeline.verify import verify
from tests.run.topics import article
from tests.verify.results import results

ROWS = [{"rate": 0.1, "steps": 5}, {"rate": 0.5, "steps": 2}]
PLACE = Where("articles/topic/en.md", 90, 3)


def said(topic: Article, **values: object) -> list[str]:
    return [str(problem) for problem in verify(topic, results(values)) if problem.rule != "digits"]


def with_spanish(topic: Article, **changes: object) -> Article:
    """The topic with a translation whose metadata and document are changed."""
    version = topic.versions["es"]
    document = changes.pop("document", version.document)
    changed = replace(version, document=document, metadata=replace(version.metadata, **changes))  # type: ignore[arg-type]
    return replace(topic, versions={**topic.versions, "es": changed})


def glue(name: str, index: tuple[int, ...] = (), format: str = "", line: int = 9) -> Glue:
    return Glue(name, index, format, Where("articles/topic/es.md", line, 7))


def table(name: str, *columns: tuple[str, str]) -> GluedTable:
    heads = tuple(Column(key, format, (), replace(PLACE, line=91 + i)) for i, (key, format) in enumerate(columns))
    return GluedTable(name, heads, (), PLACE)


def test_what_fits_is_no_problem(tmp_path: Path) -> None:
    topic = article(tmp_path / "topic", "…", prints=["p:.2f", "name"], blocks=[table("rows", ("rate", ".1f"))])
    assert said(topic, p=0.5, name="x", rows=ROWS) == []


def test_a_value_that_is_never_glued_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    topic = article(tmp_path / "topic", "…", prints=["p_mx:.2f"])
    (problem,) = said(topic, p_max=0.5, other=1)
    assert problem.endswith("value 'p_mx' is never glued; did you mean 'p_max'? [glue]")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"summary": (Emphasis((glue("gone", line=3),), PLACE),)}, 3),
        ({"key_points": ((Text("a", PLACE),), (glue("gone", line=4),))}, 4),
        ({"figures": {"f": FigureText((glue("gone", line=5),), "alt", PLACE)}}, 5),
        ({"document": Document((Paragraph((InlineMath(("x =", glue("gone", line=6)), PLACE),), PLACE),))}, 6),
        ({"document": Document((MathBlock((glue("gone", line=7),), PLACE),))}, 7),
        ({"document": Document((), (Footnote("a", (glue("gone", line=8),), PLACE),))}, 8),
    ],
)
def test_a_translation_is_held_to_the_same_values_wherever_it_prints_them(
    changes: dict[str, object], line: int, tmp_path: Path
) -> None:
    topic = with_spanish(article(tmp_path / "topic", "…", labels={"es": {}}), **changes)
    found = [problem for problem in said(topic) if "[glue]" in problem]
    assert found == [f"articles/topic/es.md:{line}:7: value 'gone' is never glued [glue]"]


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (glue("p", (), "d"), "value 'p': the format 'd' does not fit a number with decimals (0.5)"),
        (glue("p", (2,), ""), "value 'p': [2] is out of range: the list has 2 entries, from [0]"),
        (glue("rows"), "value 'rows': a table cannot be printed in a line; use the directive {table}"),
    ],
)
def test_an_index_or_format_that_does_not_fit_is_a_problem_at_its_place(
    node: Glue, message: str, tmp_path: Path
) -> None:
    topic = article(tmp_path / "topic", "…", labels={"es": {}})
    topic = with_spanish(topic, document=Document((Paragraph((node,), PLACE),)))
    (problem,) = said(topic, p=[0.5, 1.5], rows=ROWS)
    assert problem.startswith("articles/topic/es.md:9:7: ")
    assert message in problem and "[format]" in problem


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        (table("rws", ("rate", "")), "90:3: value 'rws' is never glued; did you mean 'rows'? [glue]"),
        (
            table("p", ("rate", "")),
            "90:3: value 'p' is a number with decimals, not the rows of a table; "
            "glue a list of dicts, one a row [table]",
        ),
        (
            table("rows", ("rate", ""), ("step", "")),
            "92:3: the rows of 'rows' have no 'step'; did you mean 'steps'? [table]",
        ),
        (
            table("rows", ("rate", "d")),
            "91:3: column 'rate', row 0: the format 'd' does not fit a number with decimals (0.1); "
            "formats that fit: .3f, .1%, .2e, .3g, ,.0f [format]",
        ),
    ],
)
def test_a_table_needs_rows_with_its_columns(node: GluedTable, problem: str, tmp_path: Path) -> None:
    topic = article(tmp_path / "topic", "…", blocks=[node])
    assert said(topic, p=0.5, rows=ROWS) == [f"articles/topic/en.md:{problem}"]


def figure_problems(topic: Article) -> list[str]:
    found = verify(topic, results(figures={"curve": "0" * 64}))
    return [str(problem) for problem in found if problem.rule == "figure"]


def test_a_figure_has_its_words_in_each_language(tmp_path: Path) -> None:
    topic = article(tmp_path / "topic", "…", figures=["curve"], labels={"es": {}})
    assert figure_problems(topic) == []
    assert figure_problems(with_spanish(topic, figures={})) == [
        "articles/topic/es.md:2:1: the figure 'curve' of cell 'c1' has neither caption nor alternative text; "
        "add `curve: {caption: …, alt: …}` to `figures:` [figure]"
    ]
    half = with_spanish(topic, figures={"curve": FigureText((), " ", PLACE)})
    assert [problem.partition("; ")[2] for problem in figure_problems(half)] == [
        "add `alt:` [figure]",
        "add `caption:` [figure]",
    ]


def test_words_and_places_of_figures_that_no_cell_draws_are_problems(tmp_path: Path) -> None:
    topic = article(tmp_path / "topic", "…", figures=["curve", "curv"], blocks=[FigurePlace("kurve", PLACE)])
    assert figure_problems(topic) == [
        "articles/topic/en.md:7:1: no cell draws the figure 'curv'; did you mean 'curve'? [figure]",
        "articles/topic/en.md:90:3: no cell draws the figure 'kurve'; did you mean 'curve'? [figure]",
    ]
