"""Where each page of the wiki stands in the preview, and how one page leads to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import relpath
from urllib.parse import quote

from pipeline.read.article import Sources
from pipeline.read.document import Block, Heading
from pipeline.render.model import PageModel
from pipeline.render.plain import plain
from pipeline.titles import LEARNING_PATH, MAIN_PAGE, category_page, glossary_page, topic_page

PATH_FOLDER = "{}/learning-path/"


@dataclass(frozen=True, slots=True)
class Addresses:
    """`pages`: (title on the wiki, language) -> folder in the site, `es/softmax-function/`.

    Two languages may call a category by one name, which is one page on the wiki and two here; so the language of the
    page that asks decides first. `anchors`: title -> words of a heading there -> its id.
    """

    pages: Mapping[tuple[str, str], str]
    anchors: Mapping[str, Mapping[str, str]]

    def folder(self, title: str, language: str) -> str | None:
        """The folder of the page called `title` on the wiki, or None when the preview does not have it."""
        return self.pages.get((title, language)) or self.pages.get((title, ""))

    def link(self, title: str, language: str, here: str, section: str = "") -> str | None:
        """A link from the page in the folder `here`, to a heading's words perhaps; None as `folder` does."""
        folder = self.folder(title, language)
        if folder is None:
            return None
        anchor = self.anchor(title, section) if section else ""
        return relative(folder, here) + (f"#{quote(anchor)}" if anchor else "")

    def anchor(self, title: str, section: str) -> str:
        """The id of a heading by its words, or ""."""
        return self.anchors.get(title, {}).get(section, "")


def addresses(
    sources: Sources, topics: Iterable[tuple[str, str, str]], anchors: Mapping[str, Mapping[str, str]]
) -> Addresses:
    """Give each topic, concept and category its place, the same for as long as its slug or key stays.

    `topics` has the title, the language and the slug of each page of a topic.
    """
    source = sources.languages[0]
    pages: dict[tuple[str, str], str] = {}

    def place(title: str, language: str, folder: str) -> None:
        pages[title, language] = folder
        pages.setdefault((title, ""), folder)

    for language in sources.languages:
        place(topic_page(MAIN_PAGE, language, source), language, f"{language}/")
        place(topic_page(LEARNING_PATH, language, source), language, PATH_FOLDER.format(language))
    for title, language, slug in topics:
        place(title, language, f"{language}/{slug}/")
    for concept in sources.concepts.values():
        for language in concept.texts:
            title = glossary_page(concept.texts[source].term, language, source)
            place(title, language, f"{language}/glossary/{concept.key}/")
    for key, names in sources.vocabulary.items():
        for language in sources.languages:
            if language in names:
                place(category_page(names[language]), language, category_folder(key, language))
    return Addresses(pages, anchors)


def addresses_of(sources: Sources, models: Sequence[PageModel]) -> Addresses:
    """The same for topics' pages that are resolved, with the headings in them."""
    anchors = {model.title: anchors_in(model.blocks) for model in models}
    return addresses(sources, ((model.title, model.language, model.article.slug) for model in models), anchors)


def anchors_in(blocks: Iterable[Block]) -> dict[str, str]:
    """The words of each heading of a page -> its id."""
    found: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Heading):
            found.setdefault(plain(block.children), block.id)
    return found


def relative(target: str, here: str) -> str:
    """The link from the page in the folder `here` to a folder (ends with a slash) or a file of the site."""
    link = relpath("/" + target, "/" + here)
    return quote(link + "/" if target.endswith("/") or not target else link)


def slugged(name: str) -> str:
    """`Machine Learning` as `machine-learning`; letters of every script stay letters."""
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-_") or "-"


def category_folder(key: str, language: str) -> str:
    """The folder of a category's page in one language."""
    return f"{language}/category/{slugged(key)}/"
