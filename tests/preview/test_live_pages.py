"""The preview's own pages of a real project: found, listed and explained in each language, with nothing smuggled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from pipeline.config import load
from pipeline.preview.explaining import explain_page
from pipeline.preview.live import Live
from pipeline.preview.search import search_json, search_page
from pipeline.preview.topic_list import topics_page
from pipeline.run import RunSettings
from tests.memo.conftest import prose
from tests.project import Project

__all__ = ["prose"]

SMUGGLED = "<script>alert(1)</script>"


@pytest.fixture
def live(prose: Project) -> Iterator[Live]:
    """The project in two languages, one of its translations with an error and a tag in its prose."""
    prose.change("articles/alpha/es.md", "Véase", f"`{SMUGGLED}` {{cites}}`x`. Véase")
    config = load(prose.root)
    live = Live(config, RunSettings.of(config))
    live.start()
    yield live
    live.stop()


def text_of(page: bytes) -> str:
    """The words of a page's main part."""
    main = re.search(r"<main[^>]*>(.*)</main>", page.decode(), re.DOTALL)
    assert main
    return " ".join(unescape(re.sub(r"<[^>]+>", "", main[1])).split())


def hits(live: Live, language: str, words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(search_json(live, language, words))["hits"]
    return found


def test_a_search_finds_pages_in_the_readers_language_first(live: Live) -> None:
    page = search_page(live, "es", "tasa APRENDIZAJE").decode()
    assert "Páginas encontradas: 3" in page
    assert page.index('href="/es/glossary/learning-rate/"') < page.index('href="/es/alpha/"')
    assert "<mark>tasa</mark> de <mark>aprendizaje</mark>" in page
    assert 'value="tasa APRENDIZAJE"' in page
    assert "Pages found: 3" in text_of(search_page(live, "en", "tasa aprendizaje"))


def test_the_same_page_in_other_languages_stands_beside_the_first(live: Live) -> None:
    page = search_page(live, "es", "cauchy").decode()
    assert "Páginas encontradas: 2" in page
    assert '<a lang="en" hreflang="en" href="/en/alpha/">English</a>' in page
    assert page.index('href="/es/alpha/"') < page.index('href="/en/alpha/"')
    assert 'href="/es/alpha/#_ref-cauchy1847"' in page


def test_a_search_without_words_is_only_its_form(live: Live) -> None:
    page = search_page(live, "en", "  ")
    assert b'role="status"' not in page.split(b"<main")[1]
    assert b'action="/_live/search"' in page
    assert json.loads(search_json(live, "en", ""))["hits"] == []


def test_what_nobody_wrote_is_not_found(live: Live) -> None:
    assert "No page has xyzzy." in text_of(search_page(live, "en", "xyzzy"))
    assert json.loads(search_json(live, "es", "xyzzy"))["said"] == "No se encontró nada"


def test_results_lead_to_the_section_that_has_the_words(live: Live) -> None:
    (one,) = hits(live, "es", '"cuadrado" alfa')
    assert one["link"] == "/es/alpha/#una-parte"
    assert one["heading"] == [["Una parte", False]]
    assert [run for run in one["snippet"] if run[1]] == [["cuadrado", True]]
    assert (one["name"], one["kind"]) == ("", "")
    assert hits(live, "en", "cuadrado")[0]["name"] == "Español"


def test_nothing_that_a_page_or_a_reader_writes_becomes_a_tag(live: Live) -> None:
    for page in (
        search_page(live, "es", SMUGGLED),
        search_page(live, "en", f'"{SMUGGLED}'),
        topics_page(live, "en", {"q": SMUGGLED, "state": SMUGGLED, "area": SMUGGLED}),
        topics_page(live, "es", {}),
    ):
        assert b"<script>" not in page
        assert all(b" src=" in tag for tag in re.findall(rb"<script[^>]*>", page))
    assert [SMUGGLED, True] in hits(live, "es", f'"{SMUGGLED}"')[0]["snippet"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_list_shows_each_topic_with_its_problems(live: Live, language: str) -> None:
    page = topics_page(live, language, {}).decode()
    assert re.findall(r'id="_topic-(\w+)" class="topic" data-state="(\w+)"', page)[0] == ("alpha", "failing")
    assert "articles/alpha/es.md:10" in text_of(page.encode())
    assert f'href="/_live/explain/M030?in={language}"' in page
    assert "$" not in text_of(page.encode())
    only = topics_page(live, language, {"state": "failing"}).decode()
    assert re.findall(r'id="_topic-(\w+)"', only) == ["alpha"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_diagnostic_says_where_it_is_found_now(live: Live, language: str) -> None:
    page = explain_page(live, language, "M030")
    assert page is not None
    assert "articles/alpha/es.md:10" in text_of(page)
    assert explain_page(live, language, "unknown-role") == page
    assert explain_page(live, language, "M999") is None
    everything = explain_page(live, language)
    assert everything is not None
    assert "M030 unknown-role" in text_of(everything)
