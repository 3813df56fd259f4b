"""Read what stands on the wiki, as many titles a request as the account may ask for."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipeline.deploy.answers import Refused
from pipeline.deploy.live import Live, LiveFile, LivePage
from pipeline.deploy.made import Made
from pipeline.deploy.session import LIMIT, Session
from pipeline.deploy.stamp import base_of, is_own_merge

LONGEST_CHAIN = 8  # revisions of the bot's own runs that met on one page
REVISION = "ids|sha1|user|comment|timestamp"
OTHERS = ("iistart", "uccontinue", "lecontinue", "tgcontinue")  # continuations of what is not asked for to its end


def read_live(
    session: Session, pages: Iterable[str], files: Iterable[str], known: Container[str] | None = None
) -> Live:
    """Read the last revisions of pages and the last versions of files, in one query for both.

    With `known`, the titles of all that the sources make, also find the pages that the bot made and that are not
    among them, and what it deleted last. Both are asked for along with the pages, so that they cost no request of their
    own.
    """
    page_titles, file_titles = list(pages), list(files)
    if not page_titles and not file_titles:
        session.read(action="query")  # who we are and what we may is asked in any case
    parameters = {
        "prop": "|".join((["revisions|info"] if page_titles else []) + (["imageinfo"] if file_titles else []))
    }
    if page_titles:
        parameters["rvprop"] = REVISION
    if file_titles:
        parameters["iiprop"] = "sha1|user|comment|timestamp"
    made = Made(session) if known is not None else None
    found = _read(session, [*page_titles, *file_titles], made, **parameters)
    last = _judged(session, (_page(title, found.get(title, {})) for title in page_titles))
    live_pages = {page.title: page for page in last}
    live_files = {title: _file(title, found.get(title, {})) for title in file_titles}
    if made is None or known is None:
        return Live(live_pages, live_files)
    orphans = tuple(_judged(session, _orphans(session, made, known)))
    return Live(live_pages, live_files, orphans, made.titles, made.now, made.lost())


def read_page(session: Session, title: str) -> LivePage:
    return read_live(session, [title], []).pages[title]


def read_file(session: Session, title: str) -> LiveFile:
    return read_live(session, [], [title]).files[title]


def read_texts(session: Session, titles: Iterable[str]) -> dict[str, str]:
    """Read the text of pages; those that are missing or hidden are left out."""
    found = _read(session, list(titles), prop="revisions", rvprop="content", rvslots="main")
    texts = {}
    for title, page in found.items():
        for revision in page.get("revisions", ()):
            content = revision.get("slots", {}).get("main", {}).get("content")
            if content is not None:
                texts[title] = content
    return texts


def read_revision(session: Session, number: int) -> tuple[str | None, str | None]:
    """Read the author and the text of one revision; None is what is hidden."""
    answer = session.read(action="query", revids=number, prop="revisions", rvprop="user|content", rvslots="main")
    for page in answer["query"].get("pages", ()):
        for revision in page.get("revisions", ()):
            return revision.get("user"), revision.get("slots", {}).get("main", {}).get("content")
    return None, None


def read_meta(session: Session, number: int) -> LivePage:
    """Read one revision without its text; `revision` is 0 when it is gone."""
    answer = session.read(action="query", revids=number, prop="revisions", rvprop=REVISION)
    for page in answer["query"].get("pages", ()):
        return _page(page["title"], page)
    return LivePage("")


def is_the_bot_s_alone(session: Session, page: LivePage) -> bool:
    """Whether a revision that MediaWiki merged holds nothing but what the bot sent, this run and older ones."""
    return next(iter(_judged(session, [page]))).own_merge


def _judged(session: Session, pages: Iterable[LivePage]) -> Iterator[LivePage]:
    """Look behind revisions of the bot that were saved on top of another one than they were meant for."""
    for page in pages:
        base = base_of(page.comment or "")
        if page.user == session.user and page.sha1 is not None and base and base != page.parent:
            page = replace(page, own_merge=is_own_merge(list(_back_to(session, page, base)), base, session.user))
        yield page


def _back_to(session: Session, page: LivePage, base: int) -> Iterator[LivePage]:
    """A page's revisions from the last one down to the one after `base`, as far as it makes sense to look."""
    for _ in range(LONGEST_CHAIN):
        yield page
        if page.parent == base or not page.parent:
            return
        page = read_meta(session, page.parent)


def read_hashes(session: Session, revisions: Iterable[int]) -> dict[int, str]:
    """Read the SHA-1 of revisions by their numbers; those that are gone or hidden are left out."""
    numbers = list(revisions)
    found: dict[int, str] = {}
    for start in range(0, len(numbers), session.limit):
        batch = "|".join(map(str, numbers[start : start + session.limit]))
        for answer in _continued(session, revids=batch, prop="revisions", rvprop="ids|sha1"):
            for page in answer.get("query", {}).get("pages", ()):
                for revision in page.get("revisions", ()):
                    if "sha1" in revision:
                        found[revision["revid"]] = revision["sha1"]
    return found


def _orphans(session: Session, made: Made, known: Container[str]) -> tuple[LivePage, ...]:
    while made.parameters():
        made.take(session.read(action="query", **made.parameters()))
    titles = sorted(title for title in made.titles if title not in known)
    found = _read(session, titles, prop="revisions|info", rvprop=REVISION) if titles else {}
    pages = (_page(title, found.get(title, {})) for title in titles)
    return tuple(page for page in pages if page.revision and not page.redirect)


def _read(
    session: Session, titles: list[str], made: Made | None = None, **parameters: str
) -> dict[str, dict[str, Any]]:
    """Wanted title -> what the wiki says about that page, all parts of its answer put together."""
    found: dict[str, dict[str, Any]] = {}
    start = 0
    while start < len(titles):
        batch = titles[start : start + session.limit]
        try:
            # The separator that no title can hold.
            more = made.parameters() if made else {}
            answers = list(_continued(session, titles="\x1f" + "\x1f".join(batch), **parameters, **more))
        except Refused as error:
            if error.code == "toomanyvalues" and session.limit > LIMIT:
                session.limit = LIMIT
                continue
            raise
        for answer in answers:
            if made:
                made.take(answer)
            for title, page in _by_title(batch, answer.get("query", {})):
                found.setdefault(title, {}).update(page)
        start += len(batch)
    return found


def _continued(session: Session, **parameters: str) -> Iterator[dict[str, Any]]:
    more: dict[str, str] = {}
    while True:
        answer = session.read(action="query", **{**parameters, **more})
        yield answer
        # Asked about a single file, MediaWiki goes on to its older versions.
        # A list that comes along goes on with the next pages, in its own time.
        more = {name: value for name, value in answer.get("continue", {}).items() if name not in OTHERS}
        if not more.keys() - {"continue"}:
            return


def _by_title(titles: list[str], query: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pair what was asked for with the pages of the answer, through the titles that the wiki made of them."""
    normal = {entry["from"]: entry["to"] for entry in query.get("normalized", ())}
    pages = {page["title"]: page for page in query.get("pages", ())}
    for title in titles:
        page = pages.get(normal.get(title, title))
        if page is not None:
            yield title, page


def _page(title: str, page: Mapping[str, Any]) -> LivePage:
    for last in page.get("revisions", ()):
        return LivePage(
            title,
            revision=last["revid"],
            parent=last["parentid"],
            sha1=last.get("sha1"),
            user=last.get("user"),
            comment=last.get("comment"),
            timestamp=last.get("timestamp", ""),
            language=page.get("pagelanguage", ""),
            redirect=bool(page.get("redirect", False)),
            page_id=page.get("pageid", 0),
        )
    return LivePage(title)


def _file(title: str, page: Mapping[str, Any]) -> LiveFile:
    for last in page.get("imageinfo", ()) if page.get("imagerepository") == "local" else ():
        return LiveFile(title, True, last.get("sha1"), last.get("user"), last.get("comment"), last.get("timestamp", ""))
    return LiveFile(title)
