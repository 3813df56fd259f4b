"""What a page needs that the wiki does not have as it is here, so that the wiki shows something else than it will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.deploy.live import Live
from pipeline.preview.wiki_parse import Limit, Parsed
from pipeline.render.page import Page

NEAR = 0.8  # of a limit of the parser
Lacking = Literal["missing", "other", "file-missing", "file-other", "foreign", "language"]
LACKING: tuple[Lacking, ...] = ("missing", "other", "file-missing", "file-other", "foreign", "language")
Presence = Literal["new", "same", "other"]


@dataclass(frozen=True, slots=True)
class Ours:
    """What is to stand on the wiki: the SHA-1 of every page and of every file, by title."""

    pages: Mapping[str, str]
    files: Mapping[str, str]
    undecided: frozenset[str] = frozenset()  # pages whose text is known only when they are saved


@dataclass(frozen=True, slots=True)
class Lack:
    """Titles that are amiss in one way: not on the wiki, there in another version, of nobody's making."""

    how: Lacking
    titles: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        return {"how": self.how, "titles": list(self.titles)}


@dataclass(frozen=True, slots=True)
class Needs:
    """What a page is made from, as far as the wiki is to be asked about it."""

    pages: tuple[str, ...]
    files: tuple[str, ...]


def needs(page: Page, parsed: Parsed, gadget_pages: Iterable[str], ours: Ours) -> Needs:
    """The page itself, and of what took part in it all that we make; with the styles of gadgets, which we may make."""
    took_part = {*parsed.templates, *gadget_pages} & ours.pages.keys()
    return Needs((page.title, *sorted(took_part - {page.title})), tuple(dict.fromkeys(parsed.images)))


def lacks(page: Page, parsed: Parsed, live: Live, ours: Ours, wiki_language: str) -> tuple[Lack, ...]:
    """Compare hashes. `live` holds what `needs` named; `wiki_language` is the one of pages that have none of their own.

    A page or file of somebody else is named only when the wiki does not have it.
    """
    found: dict[Lacking, list[str]] = {how: [] for how in LACKING}
    for title, there in live.pages.items():
        if title == page.title:
            continue
        if not there.revision:
            found["missing"].append(title)
        elif title not in ours.undecided and there.sha1 != ours.pages[title]:
            found["other"].append(title)
    found["foreign"] += [title for title, exists in parsed.templates.items() if not exists and title not in ours.pages]
    for title, file in live.files.items():
        if not file.exists:
            found["file-missing" if title in ours.files else "foreign"].append(title)
        elif title in ours.files and file.sha1 != ours.files[title]:
            found["file-other"].append(title)
    own = live.pages[page.title]
    if page.language and page.language != (own.language if own.revision else wiki_language):
        found["language"].append(page.title)
    return tuple(Lack(how, tuple(titles)) for how, titles in found.items() if titles)


def state_of(page: Page, live: Live) -> Presence:
    """Whether the wiki has the page, and in this very text."""
    there = live.pages[page.title]
    if not there.revision:
        return "new"
    return "same" if there.sha1 == page.sha1 else "other"


def near(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """The limits of the parser that a page comes near to, or has gone past."""
    return tuple(limit for limit in limits if limit.most > 0 and limit.used >= NEAR * limit.most)
