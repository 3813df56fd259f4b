"""The main page and the learning path lead to every topic in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipeline.read.article import Sources
from pipeline.read.document import PageLink, Table, walk
from pipeline.render import page_models, render
from pipeline.render.hubs import learning_path, main_page, path_layout
from pipeline.render.hubs.drawing import draw
from pipeline.render.model import PageModel
from pipeline.run.results import Results


@pytest.fixture(scope="module")
def models(sample: Sources, sample_results: Mapping[str, Results]) -> tuple[PageModel, ...]:
    return page_models(sample, sample_results, {})


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_both_lead_to_every_topic(language: str, sample: Sources, models: tuple[PageModel, ...]) -> None:
    own = {"en": "Sample Topic", "es": "Sample Topic/es", "zh": "Sample Topic/zh"}[language]
    for hub in (main_page(sample, models, language), learning_path(sample, models, language, is_drawn=True)):
        titles = {node.title for node in walk(hub.below) if isinstance(node, PageLink)}
        assert {own, "Other Topic"} <= titles


def test_the_main_page_leads_to_the_path_the_glossary_and_the_help(
    sample: Sources, models: tuple[PageModel, ...]
) -> None:
    hub = main_page(sample, models, "es")
    titles = {node.title for node in walk((hub.above, hub.below)) if isinstance(node, PageLink)}
    assert {"Learning Path/es", "Category:Glosario", "Help:How the numbers were made/es"} <= titles


def test_the_path_names_prerequisites_and_the_summary(sample: Sources, models: tuple[PageModel, ...]) -> None:
    (table,) = [
        block for block in learning_path(sample, models, "en", is_drawn=True).below if isinstance(block, Table)
    ][:1]
    titles = {node.title for node in walk(table) if isinstance(node, PageLink)}
    assert "Sample Topic/summary" in titles


def test_the_picture_is_the_same_each_time_and_its_boxes_lead_to_the_topics(
    sample: Sources, sample_results: Mapping[str, Results]
) -> None:
    picture = draw(path_layout(sample, "zh"), "zh")
    assert picture == draw(path_layout(sample, "zh"), "zh")
    rendered, _ = render(sample, sample_results, {}, {"zh": picture})
    (page,) = [page for page in rendered.pages if page.title == "Learning Path/zh"]
    (file,) = [file for file in rendered.files if file.content == picture]
    assert file.title == "File:Learning Path - all topics (zh).png"
    assert f"\n{file.title}|" in page.text
    assert "[[Sample Topic/zh|示例主题]]" in page.text
    (english,) = [page for page in rendered.pages if page.title == "Learning Path"]
    assert "imagemap" not in english.text
    assert ("箭头" in page.text, "arrow" in english.text) == (True, False), (
        "only where there are arrows is one spoken of"
    )
