"""What stands on the wiki, read in batches: the last revision of pages and files, its author and hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.deploy.session import Session


@dataclass(frozen=True, slots=True)
class LivePage:
    """The last revision of a page; `revision` is 0 when there is no page."""

    title: str
    revision: int = 0
    sha1: str = ""  # "" when it is hidden
    user: str = ""
    language: str = ""  # content language


@dataclass(frozen=True, slots=True)
class LiveFile:
    """The last version of a file; `sha1` is "" when there is no file."""

    title: str
    sha1: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    pages: Mapping[str, LivePage]  # by wanted title
    files: Mapping[str, LiveFile]


def read_live(session: Session, pages: Iterable[str], files: Iterable[str]) -> Live:
    """Read pages and files, `session.batch` titles a request."""
    found = {title: LivePage(title) for title in pages}
    for titles, answer in _batches(session, found, prop="revisions|info", rvprop="ids|sha1|user"):
        for title, page in _by_title(titles, answer):
            if page.get("revisions"):
                last = page["revisions"][0]
                found[title] = LivePage(
                    title, last["revid"], last.get("sha1", ""), last.get("user", ""), page.get("pagelanguage", "")
                )
    pictures = {title: LiveFile(title) for title in files}
    for titles, answer in _batches(session, pictures, prop="imageinfo", iiprop="sha1|user"):
        for title, page in _by_title(titles, answer):
            if page.get("imageinfo") and page.get("imagerepository") == "local":
                last = page["imageinfo"][0]
                pictures[title] = LiveFile(title, last.get("sha1", ""), last.get("user", ""))
    return Live(found, pictures)


def read_text(session: Session, titles: Iterable[str]) -> dict[str, str]:
    """Read the text of pages, for showing differences."""
    texts: dict[str, str] = {}
    for batch, answer in _batches(session, list(titles), prop="revisions", rvprop="content", rvslots="main"):
        for title, page in _by_title(batch, answer):
            if page.get("revisions"):
                texts[title] = page["revisions"][0]["slots"]["main"].get("content", "")
    return texts


def _batches(session: Session, titles: Iterable[str], **parameters: str) -> Iterator[tuple[list[str], dict[str, Any]]]:
    ordered = list(titles)
    for start in range(0, len(ordered), session.batch):
        batch = ordered[start : start + session.batch]
        more: dict[str, Any] = {}
        while True:
            answer = session.read(action="query", titles="\x1f" + "\x1f".join(batch), **parameters, **more)
            yield batch, answer
            more = answer.get("continue", {})
            if not more or "iistart" in more:  # older versions of a file are not asked for
                break


def _by_title(titles: list[str], answer: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pair what was asked for with the pages of the answer, through the titles the wiki made of them."""
    query = answer.get("query", {})
    normal = {entry["from"]: entry["to"] for entry in query.get("normalized", ())}
    pages = {page["title"]: page for page in query.get("pages", ())}
    for title in titles:
        page = pages.get(normal.get(title, title))
        if page is not None:
            yield title, page
