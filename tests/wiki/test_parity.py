"""The preview shows what the wiki will show: the same words in the same order, on every page in every language."""

from __future__ import annotations

import pytest

from pipeline.render import render
from pipeline.render.html.addresses import addresses
from pipeline.render.page import Rendered
from pipeline.render.site import site_files
from pipeline.wiki import LocalWiki
from tests.published import Published, repository, sample
from tests.wiki.parity import shown
from tests.wiki.publishing import publish
from tests.wiki.visible import ask

__all__ = ["repository", "sample"]

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


@pytest.mark.parametrize("project", ["sample", "repository"])
def test_the_preview_shows_what_the_wiki_shows(
    project: str, fresh_wiki: LocalWiki, request: pytest.FixtureRequest
) -> None:
    made: Published = request.getfixturevalue(project)
    rendered, models = render(made.sources, made.results, made.commits)
    publish(fresh_wiki, rendered)
    files = site_files(made.sources, models)
    places = addresses(made.sources, models)
    wrong: dict[str, list[str]] = {}
    compared = 0
    for page in rendered.pages:
        if page.kind not in COMPARED:
            continue
        folder = places.folder(page.title, page.language)
        assert folder is not None, f"the preview lacks {page.title}"
        preview = shown(files[f"{folder}index.html"].decode(), inside="_text")
        answer = ask(fresh_wiki, action="parse", page=page.title, prop="text", disablelimitreport="1")
        differences = preview.differences(shown(answer["parse"]["text"]))
        if differences:
            wrong[page.title] = differences
        compared += 1
    assert wrong == {}
    assert compared == _expected(rendered)


def _expected(rendered: Rendered) -> int:
    count = sum(page.kind in COMPARED for page in rendered.pages)
    assert count >= 6
    return count
