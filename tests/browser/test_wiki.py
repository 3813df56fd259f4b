"""The wiki's pages in a real browser: every page in every language, wide and narrow, on both skins in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.wiki import LocalWiki
from tests.browser.looks import (
    HEIGHT,
    NARROW,
    WIDE,
    WIKI,
    a_popup_opens_and_closes,
    figures_are_visible,
    formulas_are_visible,
    languages_lead_there_and_back,
    nothing_sticks_out,
    versions,
)
from tests.browser.test_preview import figures_of, formulas_of, model_of
from tests.published import Published, published_wiki, repository

__all__ = ["published_wiki", "repository"]

pytestmark = [pytest.mark.browser, pytest.mark.wiki]
LEAST = {"vector-2022": 460, "minerva": 0}  # Vector's own header is wider than a telephone


def address(wiki: LocalWiki, title: str, skin: str) -> str:
    return f"{wiki.url}index.php?title={quote(title.replace(' ', '_'))}&useskin={skin}"


def on_skins() -> list[tuple[str, str, str]]:
    """Each topic in two of its languages, one on each skin, in turn; the words of all pages are compared elsewhere."""
    found = []
    for number, (slug, language) in enumerate(versions()):
        turn = (number + number // 3) % 3
        if turn < 2:
            found.append((slug, language, ("vector-2022", "minerva")[turn]))
    return found


@pytest.mark.parametrize(("slug", "language", "skin"), on_skins())
def test_a_page_of_the_wiki_can_be_read(
    slug: str,
    language: str,
    skin: str,
    repository: Published,
    published_wiki: LocalWiki,
    window: Callable[..., Any],
) -> None:
    model = model_of(repository, slug, language)
    view = window(WIDE)
    page = view.page
    page.goto(address(published_wiki, model.title, skin))
    page.wait_for_load_state("networkidle")
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        formulas_are_visible(page, WIKI, formulas_of(model))
        figures_are_visible(page, WIKI, figures_of(model))
        nothing_sticks_out(page, LEAST[skin])
        a_popup_opens_and_closes(page, WIKI)
    assert view.errors == []


# Of every fourth topic: one template makes all the bars, and which pages there are test_published.py follows in full.
@pytest.mark.parametrize(("slug", "language"), [version for version in versions() if version[1] == "en"][::4])
def test_the_wikis_language_bar_leads_there_and_back(
    slug: str, language: str, repository: Published, published_wiki: LocalWiki, window: Callable[..., Any]
) -> None:
    model = model_of(repository, slug, language)
    view = window()
    view.page.goto(f"{published_wiki.url}wiki/{quote(model.title.replace(' ', '_'))}")
    others = [entry.code for entry in model.languages if entry.exists and not entry.current]
    languages_lead_there_and_back(view.page, WIKI, others, {entry.code: entry.name for entry in model.languages})
    assert view.errors == []
