"""Rendering everything: the order of pages, and titles that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pipeline.errors import SourceError
from pipeline.read.article import Sources
from pipeline.render import render
from pipeline.render.page import KINDS
from pipeline.run.results import Results


def problems(sources: Sources, results: Mapping[str, Results]) -> list[str]:
    with pytest.raises(SourceError) as caught:
        render(sources, results, {})
    return [str(problem) for problem in caught.value.problems]


def test_pages_stand_in_the_order_in_which_they_are_published(
    sample: Sources, sample_results: Mapping[str, Results]
) -> None:
    rendered, models = render(sample, sample_results, {})
    order = [(KINDS.index(page.kind), page.title) for page in rendered.pages]
    assert order == sorted(order)
    assert {page.title for page in rendered.pages if page.kind in ("topic", "summary")} == {
        model.title for model in models
    }
    assert {page.kind for page in rendered.pages} >= {
        "module",
        "template",
        "interface",
        "category",
        "glossary",
        "topic",
        "summary",
    }


def test_rendering_again_gives_the_same(sample: Sources, sample_results: Mapping[str, Results]) -> None:
    assert render(sample, sample_results, {}) == render(sample, sample_results, {})


def test_every_topic_with_a_wrong_value_is_named_at_once(
    sample: Sources, sample_results: Mapping[str, Results]
) -> None:
    results = {**sample_results, "sample-topic": replace(sample_results["sample-topic"], glued={})}
    found = problems(sample, results)
    names = ("en", "es", "zh", "summary/en", "summary/es")
    assert {line.partition(":")[0] for line in found} == {f"articles/sample-topic/{name}.md" for name in names}


def test_a_category_that_mediawiki_cannot_have_is_an_error(
    sample: Sources, sample_results: Mapping[str, Results]
) -> None:
    names = {**sample.vocabulary, "Optimization": {"en": "C#", "es": "Optimización", "zh": "最优化"}}
    found = problems(replace(sample, vocabulary=names), sample_results)
    assert any("'Category:C#' holds '#'" in line for line in found)


def test_two_concepts_with_one_name_are_an_error(sample: Sources, sample_results: Mapping[str, Results]) -> None:
    twin = replace(sample.concepts["gradient"], key="twin", file="articles/glossary/twin.yaml")
    found = problems(replace(sample, concepts={**sample.concepts, "twin": twin}), sample_results)
    assert any("'Glossary:Gradient' is taken" in line for line in found)
