"""Resolving: values in the reader's digits, links to the reader's language, figures where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pipeline.errors import SourceError, Where
from pipeline.read.article import Sources
from pipeline.read.document import (
    Cell,
    CodeCell,
    Embed,
    FigureBox,
    FigurePlace,
    Glue,
    InlineMath,
    Literal_,
    PageLink,
    Table,
    TermUse,
    Text,
    walk,
)
from pipeline.render.model import NamedLink, PageModel
from pipeline.render.plain import plain
from pipeline.render.resolve import page_model
from pipeline.render.resolver import Resolver
from pipeline.run.results import Glued, Results


@pytest.fixture(scope="module")
def models(sample: Sources, sample_results: Mapping[str, Results]) -> Mapping[str, PageModel]:
    article = sample.articles["sample-topic"]
    return {
        language: page_model(sample, article, language, sample_results["sample-topic"], "abc")
        for language in article.versions
    }


def nodes(model: PageModel, kind: type) -> list[Any]:
    return [node for node in walk((model.summary, model.key_points, model.blocks)) if isinstance(node, kind)]


def test_nothing_is_left_to_look_up(models: Mapping[str, PageModel]) -> None:
    for model in models.values():
        for kind in (Glue, CodeCell, Embed, FigurePlace):
            assert nodes(model, kind) == []


def test_values_are_printed_in_the_reader_s_digits(models: Mapping[str, PageModel]) -> None:
    words = {language: "".join(node.text for node in nodes(model, Text)) for language, model in models.items()}
    assert "(0.976, 0.018, −0.007), 1.2\u00a0×\u00a010⁻⁵, 1,234,567" in words["en"]
    assert "(0,976; 0,018; −0,007), 1,2\u00a0×\u00a010⁻⁵, 1.234.567" in words["es"]
    assert "(0.976, 0.018, −0.007)，1.2\u00a0×\u00a010⁻⁵，1,234,567" in words["zh"]


def test_a_literal_in_a_formula_prints_what_it_holds(sample: Sources, sample_results: Mapping[str, Results]) -> None:
    resolver = Resolver(sample, sample.articles["sample-topic"], "es", sample_results["sample-topic"])
    assert resolver.tex(("e^{", Literal_("10{,}5", Where("x")), "}")) == ("e^{10{,}5}",)


def test_the_digits_of_a_text_are_left_alone(models: Mapping[str, PageModel]) -> None:
    assert any("1.5 as a word" in node.text for node in nodes(models["es"], Text))


def test_a_value_inside_a_formula_is_tex(models: Mapping[str, PageModel]) -> None:
    assert (r"\eta = 0.050",) in [node.tex for node in nodes(models["en"], InlineMath)]
    assert (r"\eta = 0{,}050",) in [node.tex for node in nodes(models["es"], InlineMath)]


def test_a_link_leads_to_the_reader_s_language_or_else_to_the_source(models: Mapping[str, PageModel]) -> None:
    links = [(node.title, node.section) for node in nodes(models["es"], PageLink)]
    assert links == [
        ("Other Topic", ""),
        ("Other Topic", "Its one section"),
        ("Other Topic", ""),
    ]


def test_a_planned_topic_is_named_without_a_link(models: Mapping[str, PageModel]) -> None:
    assert models["es"].prerequisites == (NamedLink("Other Topic", "Other Topic"), NamedLink("Redes neuronales"))


def test_a_term_carries_its_definition_in_the_reader_s_language(models: Mapping[str, PageModel]) -> None:
    use = nodes(models["zh"], TermUse)[0]
    assert (use.term, plain(use.definition), use.page) == ("学习率", "每一步走多远。", "Glossary:Learning rate/zh")


def test_references_and_footnotes_stand_in_the_order_a_reader_meets_them(models: Mapping[str, PageModel]) -> None:
    model = models["en"]
    assert [entry.key for entry in model.references] == ["cohen2021", "cauchy1847", "nesterov2018"]
    assert [note.label for note in model.footnotes] == ["first", "second"]


def test_a_reference_is_written_for_its_readers(models: Mapping[str, PageModel]) -> None:
    assert plain(models["es"].references[2].text) == (
        "Yurii Nesterov y Boris T. Polyak (2018). Lectures on Convex Optimization. Springer."
        " doi:10.1007/978-3-319-91578-4."
    )


def test_a_figure_stands_below_its_cell_unless_it_is_placed_elsewhere(models: Mapping[str, PageModel]) -> None:
    kinds = [
        (type(node).__name__, node.label if isinstance(node, Cell) else node.name)
        for node in models["zh"].blocks
        if isinstance(node, (Cell, FigureBox))
    ]
    assert kinds == [
        ("Cell", "shown"),
        ("Cell", "folded"),
        ("FigureBox", "curve"),
        ("FigureBox", "placed"),
        ("FigureBox", "picture.png"),
    ]


def test_a_figure_is_the_one_drawn_for_the_language(models: Mapping[str, PageModel]) -> None:
    box = nodes(models["es"], FigureBox)[0]
    assert box.file == "File:Sample Topic - curve (es).png"
    assert (box.width, box.height, box.alt) == (40, 20, "Sube | luego [baja].")


def test_a_column_of_numbers_stands_at_the_right(models: Mapping[str, PageModel]) -> None:
    table = nodes(models["es"], Table)[0]
    assert table.alignment == ("left", "right", "right")
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        ["plain", "0,0999", "120"],
        ["momentum", "0,0991", "31"],
    ]


def test_the_page_knows_its_languages_and_where_it_belongs(models: Mapping[str, PageModel]) -> None:
    model = models["es"]
    assert [(entry.name, entry.title, entry.current) for entry in model.languages] == [
        ("English", "Sample Topic", False),
        ("Español", "Sample Topic/es", True),
        ("中文", "Sample Topic/zh", False),
    ]
    assert [link.text for link in model.breadcrumb] == [
        "Artículos",
        "Aprendizaje automático",
        "Optimización",
        "Tema de muestra",
    ]
    assert model.categories == ("Optimización", "Introductorio")


def test_an_outdated_section_is_named_by_its_heading_in_the_translation(
    sample: Sources, sample_results: Mapping[str, Results]
) -> None:
    article = sample.articles["sample-topic"]
    spanish = replace(article.versions["es"], outdated=("", "tables"))
    changed = replace(article, versions={**article.versions, "es": spanish})
    model = page_model(sample, changed, "es", sample_results["sample-topic"], "")
    assert model.outdated == ("Tema de muestra", "Tablas")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("rate", None, "no cell glues 'rate'"),
        ("rate", "a word", "does not fit"),
        ("steps", [1, 2], "'steps' holds no rows"),
        ("steps", [{"name": "x"}], "lacks 'loss'"),
    ],
)
def test_a_value_that_does_not_fit_is_an_error_with_its_place(
    sample: Sources, sample_results: Mapping[str, Results], name: str, value: object, words: str
) -> None:
    results = sample_results["sample-topic"]
    glued = dict(results.glued)
    if value is None:
        del glued[name]
    else:
        glued[name] = Glued(name, value, "shown")
    with pytest.raises(SourceError) as caught:
        page_model(sample, sample.articles["sample-topic"], "es", replace(results, glued=glued), "")
    assert words in str(caught.value.problems[0])
    assert caught.value.problems[0].where.file == "articles/sample-topic/es.md"
