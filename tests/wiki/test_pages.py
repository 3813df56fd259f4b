"""The sample's pages with the real templates on a real wiki: they look as meant, and nothing on them is broken."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import mwclient
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.read.article import Sources
from pipeline.read.document import Block, Definition, DefinitionList, FigureBox, Paragraph, Table, TermUse
from pipeline.render import render
from pipeline.render.model import NamedLink, PageModel
from pipeline.render.page import Rendered
from pipeline.render.wikitext import heads
from pipeline.render.wikitext.writer import PageWriter
from pipeline.run.results import Results
from pipeline.wiki import LocalWiki, down, up
from tests.render.conftest import sample, sample_results
from tests.wiki.publishing import publish
from tests.wiki.test_rendering import HARMLESS, HERE, shown, text, texts
from tests.wiki.visible import Seen, ask, collapsed, parse, parts

__all__ = ["sample", "sample_results"]

pytestmark = pytest.mark.wiki

EDITED = ("topic", "glossary", "category")
ERROR = re.compile(r'class="[^"]*\b(?:error|scribunto-error|mw-ext-cite-error|new)\b[^"]*"[^>]*>[^<]*')


class Published:
    """Not a dataclass, because hypothesis would print all of it."""

    def __init__(self, wiki: LocalWiki, sources: Sources, rendered: Rendered, models: Mapping[str, PageModel]) -> None:
        self.wiki = wiki
        self.sources = sources
        self.rendered = rendered
        self.models = models

    def parsed(self, title: str) -> dict[str, Any]:
        page = next(page for page in self.rendered.pages if page.title == title)
        return parse(self.wiki, page.text, title, "text|links|images|categories|templates|parsewarnings|externallinks")


@pytest.fixture(scope="module")
def published(
    installed_wiki: Path,
    tmp_path_factory: pytest.TempPathFactory,
    sample: Sources,
    sample_results: Mapping[str, Results],
) -> Iterator[Published]:
    """A wiki of its own with the sample's templates, files and pages."""
    rendered, models = render(sample, sample_results, {"sample-topic": "0123456789"})
    folder = tmp_path_factory.mktemp("pages") / "wiki"
    shutil.copytree(installed_wiki, folder)
    try:
        wiki = up(folder)
        site = mwclient.Site(wiki.url.removeprefix("http://").rstrip("/"), path="/", scheme="http")
        site.login(wiki.admin_user, wiki.admin_password)
        rest = [page for page in rendered.pages if page.kind not in EDITED and "/doc" not in page.title]
        publish(wiki, Rendered(tuple(rest), ()))
        for page in rendered.pages:
            if page.kind in EDITED:
                site.pages[page.title].edit(page.text, "test")
        for file in rendered.files:
            site.upload(BytesIO(file.content), file.title.removeprefix("File:"), file.text, ignore=True)
        yield Published(wiki, sample, rendered, {model.title: model for model in models})
    finally:
        down(folder)


def titles(published: Published, *kinds: str) -> list[str]:
    return [page.title for page in published.rendered.pages if page.kind in kinds]


def test_no_page_has_an_error_a_warning_or_a_red_link(published: Published) -> None:
    for title in titles(published, "topic", "glossary", "category"):
        parsed = published.parsed(title)
        assert ERROR.findall(parsed["text"]) == [], title
        assert parsed["parsewarnings"] == [], title
        assert [link["title"] for link in parsed["links"] if not link["exists"]] == [], title
        assert [used["title"] for used in parsed["templates"] if not used["exists"]] == [], title
        assert [found for found in parsed["categories"] if "missing" in found] == [], title


def test_what_is_stored_is_what_was_rendered(published: Published) -> None:
    wanted = {page.title: page.sha1 for page in published.rendered.pages if page.kind in EDITED}
    stored = {}
    names = list(wanted)
    for start in range(0, len(names), 50):
        answer = ask(
            published.wiki, action="query", prop="revisions", rvprop="sha1", titles="|".join(names[start : start + 50])
        )
        stored |= {page["title"]: page["revisions"][0]["sha1"] for page in answer["query"]["pages"]}
    assert stored == wanted


def test_files_are_stored_with_their_words(published: Published) -> None:
    names = "|".join(file.title for file in published.rendered.files)
    answer = ask(published.wiki, action="query", prop="imageinfo", iiprop="sha1", titles=names)
    stored = {page["title"]: page["imageinfo"][0]["sha1"] for page in answer["query"]["pages"]}
    assert stored == {file.title: file.sha1 for file in published.rendered.files}
    for file in published.rendered.files:
        assert "mw-ext-cite-error" not in parse(published.wiki, file.text, file.title)["text"]


def test_references_and_notes_are_numbered_as_the_model_says(published: Published) -> None:
    for title in ("Sample Topic", "Sample Topic/es", "Sample Topic/zh"):
        html = published.parsed(title)["text"]
        found = re.findall(r'<li id="cite(?:&#95;|_)note-([^"]+?)-\d+"', html)
        found = [key.replace("&#95;", "_") for key in found]
        model = published.models[title]
        notes = [note.label for note in model.footnotes]
        assert found == notes + [entry.key for entry in model.references], title


def test_links_to_headings_reach_them(published: Published) -> None:
    for title in ("Sample Topic", "Sample Topic/es", "Sample Topic/zh"):
        html = published.parsed(title)["text"]
        ids = set(re.findall(r'id="([^"]+)"', html))
        targets = [target for target in re.findall(r'href="#([^"]+)"', html) if not target.startswith("cite_")]
        assert len(targets) >= 2
        for target in targets:
            assert target in ids or target.replace("_", "&#95;") in ids, (title, target)


def test_a_link_to_a_section_of_another_page_reaches_it(published: Published) -> None:
    html = published.parsed("Sample Topic/es")["text"]
    anchor = re.search(r'href="[^"]*Other[_ ]Topic#([^"]+)"', html)
    assert anchor
    assert f'id="{anchor[1]}"' in published.parsed("Other Topic")["text"]


def test_a_page_in_another_language_says_so(published: Published) -> None:
    assert '<div lang="es" dir="ltr">' in published.parsed("Sample Topic/es")["text"]
    assert '<div lang="en"' not in published.parsed("Sample Topic")["text"].removeprefix("<div ")


def test_pages_sit_in_categories_of_their_language(published: Published) -> None:
    found = {entry["category"] for entry in published.parsed("Sample Topic/es")["categories"]}
    assert {"Optimización", "Introductorio"} <= found
    assert not found & {"Optimization", "Introductory"}


def _term(words: str) -> TermUse:
    return TermUse("learning-rate", words, "learning rate", (), "Glossary:Learning rate", HERE)


def _titled(model: PageModel, words: str) -> PageModel:
    return replace(model, version=replace(model.version, metadata=replace(model.version.metadata, title=words)))


TEMPLATES: dict[str, Callable[[PageModel, Sources, str], str]] = {
    "a term": lambda model, sources, words: _written(Paragraph((_term(words), text(words)), HERE)),
    "terms in a table": lambda model, sources, words: _written(
        Table(((_term(words),),), (((text("x "), _term(words)),),), ("right",), HERE, (_term(words),))
    ),
    "a term in a caption": lambda model, sources, words: _written(
        FigureBox("x", "File:No such picture.png", "", 400, 300, "x", (_term(words), text(words)), HERE)
    ),
    "terms in lists": lambda model, sources, words: _written(
        DefinitionList((Definition((_term(words),), ((Paragraph((_term(words),), HERE),),), HERE),), HERE)
    ),
    "a summary": lambda model, sources, words: heads.summary(
        replace(model, summary=(text(words),), key_points=((text(words),), (_term(words), text(words)))), PageWriter({})
    ),
    "a breadcrumb": lambda model, sources, words: heads.topic_nav(_titled(model, words), sources),
    "a box": lambda model, sources, words: heads.infobox(
        replace(_titled(model, words), prerequisites=(NamedLink(words, "Other Topic"), NamedLink("x"))), sources
    ),
    "related topics": lambda model, sources, words: heads.related_content(
        replace(model, related_articles=(NamedLink(words, "Other Topic"), NamedLink("x"), NamedLink(words)))
    ),
}


def _written(block: Block) -> str:
    return PageWriter({}, (block,)).block(block)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples=st.lists(texts, min_size=1, max_size=5))
def test_any_text_survives_in_every_template(published: Published, samples: list[str]) -> None:
    model = published.models["Sample Topic"]
    # Parameters lose the white space around them, and so do roles when they are read.
    samples = [HARMLESS, *(words.strip(" \t\r\n") for words in samples if collapsed(shown(words)))]
    wanted = [(name, words) for name in TEMPLATES for words in samples]
    page = "\n\n".join(
        f'<div class="part" id="part{number}">\n\n{TEMPLATES[name](model, published.sources, words)}\n\n</div>'
        for number, (name, words) in enumerate(wanted)
    )
    found = parts(parse(published.wiki, page, "Sample Topic")["text"])
    assert len(found) == len(wanted)
    harmless: dict[str, Seen] = {}
    for (name, words), part in zip(wanted, found.values(), strict=True):
        plain = harmless.setdefault(name, part)
        written = TEMPLATES[name](model, published.sources, words)
        assert part.words == collapsed(plain.text.replace(HARMLESS, shown(words))), (name, words, written)
        assert part.elements == plain.elements, (name, words, written)
