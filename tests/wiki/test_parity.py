"""The preview shows what the wiki will show: the same words, headings, links, figures and tables in the same order, on
every page in every language.

The repository's own pages are compared in test_published.py, on the wiki that the bot has filled.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.deploy.target import parse
from pipeline.preview.compare import on_site, on_wiki
from pipeline.preview.parity import Difference, differences
from pipeline.preview.wiki_pages import Place, with_how
from pipeline.preview.wiki_parse import Wiki
from pipeline.render import render
from pipeline.render.html.addresses import addresses_of
from pipeline.render.site import site_files
from pipeline.wiki import LocalWiki
from tests.published import Published, sample
from tests.wiki.publishing import publish
from tests.wiki.visible import ask

__all__ = ["sample"]

pytestmark = pytest.mark.wiki
COMPARED = ("topic", "summary", "glossary", "category")


def test_the_sample_shows_the_same_on_the_wiki(sample: Published, fresh_wiki: LocalWiki) -> None:
    publish(fresh_wiki, render(sample.sources, sample.results, sample.commits, sample.pictures)[0])
    assert compared(sample, fresh_wiki) >= 20


def compared(project: Published, wiki: LocalWiki) -> int:
    """Hold every page of a project against the wiki's, and return how many there were."""

    def text(title: str) -> str:
        answer = ask(wiki, action="parse", page=title, prop="text", disablelimitreport="1")
        return str(answer["parse"]["text"])

    return held_against(project, wiki, text)


def held_against(project: Published, wiki: LocalWiki, text: Callable[[str], str]) -> int:
    """Hold every page of a project against what the wiki makes of it, and return how many there were."""
    rendered, models = render(project.sources, project.results, project.commits, project.pictures)
    files = site_files(project.sources, models, project.pictures)
    places = addresses_of(project.sources, models)
    folders = with_how(places.pages, project.sources)
    nature = Wiki(parse(wiki.url, wiki.bot_user, wiki.bot_password, local=True)).nature()
    pages = [page for page in rendered.pages if page.kind in COMPARED or page.title.startswith("Learning Path")]
    wrong: dict[str, list[Difference]] = {}
    for page in pages:
        folder = places.folder(page.title, page.language)
        assert folder is not None, f"the preview lacks {page.title}"
        mine = on_site(files[f"{folder}index.html"].decode(), folder)
        url = f"{wiki.url}wiki/{page.title}"
        found = differences(mine, on_wiki(text(page.title), Place(folder, page), nature, url, folders))
        if found:
            wrong[page.title] = found
    assert wrong == {}
    return len(pages)
