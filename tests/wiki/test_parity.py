"""The preview shows what the wiki will show: the same words in the same order, on every page in every language.

The repository's own pages are compared in test_published.py, on the wiki that the bot has filled.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.render import render
from pipeline.render.html.addresses import addresses_of
from pipeline.render.site import site_files
from pipeline.wiki import LocalWiki
from tests.published import Published, sample
from tests.wiki.parity import shown
from tests.wiki.publishing import publish
from tests.wiki.visible import ask

__all__ = ["sample"]

pytestmark = pytest.mark.wiki
COMPARED = ("topic", "summary", "glossary", "category")


def test_a_formula_is_compared_by_its_tex() -> None:
    preview = shown('<p>a <math alttext="x  &lt; 1"><mi>x</mi><annotation>x &lt; 1</annotation></math>, b</p>')
    wiki = shown('<p>a <span class="mwe-math-fallback-source-inline tex">$ x &lt; 1 $</span>, b</p>')
    assert preview.differences(wiki) == []
    assert shown('<p>a <math alttext="x &gt; 1"></math>, b</p>').differences(wiki) != []


def test_popups_arrows_and_edit_links_are_not_compared() -> None:
    plain = shown("<h2>Head</h2><p>word <sup>[1]</sup></p>")
    wiki = shown(
        '<h2>Head<span class="mw-editsection">[edit]</span></h2><div id="toc" class="toc"><p>Contents</p></div>'
        '<p>word<span class="marovi-term-popup" style="display:none">what it means</span> <sup>[1]</sup></p>'
    )
    assert plain.differences(wiki) == []


def test_a_word_a_line_or_an_order_that_differs_is_found() -> None:
    page = shown("<p>one two</p><pre>a\n  b</pre>")
    assert page.differences(shown("<p>two one</p><pre>a\n  b</pre>")) != []
    assert page.differences(shown("<p>one two</p><pre>a\n b</pre>")) != []
    assert page.differences(shown("<p>one</p><pre>a\n  b</pre>")) != []
    assert page.differences(shown("<div>one <b>two</b></div><pre>a\n  b</pre>")) == []


def test_the_sample_shows_the_same_on_the_wiki(sample: Published, fresh_wiki: LocalWiki) -> None:
    publish(fresh_wiki, render(sample.sources, sample.results, sample.commits, sample.pictures)[0])
    assert compared(sample, fresh_wiki) >= 20


def compared(project: Published, wiki: LocalWiki) -> int:
    """Hold every page of a project against the wiki's, and return how many there were."""

    def text(title: str) -> str:
        answer = ask(wiki, action="parse", page=title, prop="text", disablelimitreport="1")
        return str(answer["parse"]["text"])

    return held_against(project, text)


def held_against(project: Published, text: Callable[[str], str]) -> int:
    """Hold every page of a project against what the wiki makes of it, and return how many there were."""
    rendered, models = render(project.sources, project.results, project.commits, project.pictures)
    files = site_files(project.sources, models, project.pictures)
    places = addresses_of(project.sources, models)
    pages = [page for page in rendered.pages if page.kind in COMPARED or page.title.startswith("Learning Path")]
    wrong: dict[str, list[str]] = {}
    for page in pages:
        folder = places.folder(page.title, page.language)
        assert folder is not None, f"the preview lacks {page.title}"
        preview = shown(files[f"{folder}index.html"].decode(), inside="_text")
        differences = preview.differences(shown(text(page.title)))
        if differences:
            wrong[page.title] = differences
    assert wrong == {}
    return len(pages)
