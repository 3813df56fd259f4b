"""Which page of the wiki stands at which place of the site, and what is to stand on the wiki beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import MaroviError
from pipeline.memo import pages, reading
from pipeline.memo.engine import Key, Memo
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.memo.results import has_results
from pipeline.memo.site import all_folders, names_by_path
from pipeline.preview.wiki_lacks import Ours
from pipeline.read.article import Sources
from pipeline.render.html.heads import how_folder
from pipeline.render.page import Page

# Groups of pages that those of readers are made with.
PARTS: tuple[Key, ...] = (("templates",), ("data",))


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the site that has one on the wiki: its folder in the site and the page as it is to stand there."""

    folder: str  # "es/softmax-function/"
    page: Page


def placed(memo: Memo, folder: str) -> Place | None:
    """The page whose place in the site is `folder`, None where there is none or the wiki has no such page.

    Lists of the preview, such as that of all terms, are on no wiki. Raises MaroviError while a topic has no results.
    """
    name = names_by_path(memo).get(f"{folder}index.html")
    if name is None:
        return None
    kind, language, key, part = name
    if kind == "topic" and not has_results(memo, key):
        raise MaroviError(f"the page of {key} cannot be made yet", "as the site shows it, it says why")
    title = _titles(memo).get((folder, language))
    if title is None:
        return None
    groups: Mapping[str, Key] = {
        "topic": ("topic", key, part, language),
        "concept": ("glossary", key),
        "category": ("categories",),
        "how": ("templates",),
    }
    group = groups.get(kind, ("hubs",))
    found = (page for page in pages.GROUPS[group[0]](memo, *group[1:]) if page.title == title)
    page = next(found, None)
    return Place(folder, page) if page is not None else None


def has(memo: Memo, folder: str) -> bool:
    """Whether the site has a page there."""
    return f"{folder}index.html" in names_by_path(memo)


def folders(memo: Memo) -> Mapping[tuple[str, str], str]:
    """(title, language) -> folder in the site, also for language "" where that does not matter."""
    return with_how(all_folders(memo), memo.given.sources)


def with_how(known: Mapping[tuple[str, str], str], sources: Sources) -> Mapping[tuple[str, str], str]:
    """Add the page that tells how the numbers were made, of which the templates have the text."""
    found = dict(known)
    for language in sources.languages:
        title = sources.messages[language]["meta-how-page"]
        found[title, language] = found[title, ""] = how_folder(language)
    return found


def ours(memo: Memo, place: Place) -> Ours:
    """What may take part in a page: everything that pages are made with, and the pictures of this one."""
    known = {mark.title: mark.sha1 for group in PARTS for mark in pages.marks(memo, *group)}
    known[place.page.title] = place.page.sha1
    kind, _, slug = place.folder.rstrip("/").partition("/")
    return Ours(known, dict(_pictures(memo, slug, kind)), frozenset({pages.newest(memo).title}))


def _pictures(memo: Memo, slug: str, language: str) -> Iterator[tuple[str, str]]:
    for part in (ARTICLE, SUMMARY):
        topic = slug.removesuffix(f"/{SUMMARY}")
        if reading.is_topic(memo, topic) and language in reading.languages(memo, topic, part):
            yield from ((mark.title, mark.sha1) for mark in pages.figures(memo, topic, part, language))
    yield from ((file.title, file.sha1) for file in pages.path_of_learning(memo))


def _titles(memo: Memo) -> Mapping[tuple[str, str], str]:
    return {(folder, language): title for (title, language), folder in folders(memo).items() if language}
