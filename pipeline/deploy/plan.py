"""The plan: a pure function of what is wanted and what stands on the wiki."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pipeline.deploy.changes import Change, Orphan, Plan
from pipeline.deploy.live import HIDDEN, Live, LiveFile, LivePage
from pipeline.deploy.newest import names_of, page_of, standing
from pipeline.deploy.stamp import is_whole, source_of
from pipeline.render.page import KINDS, File, Kind, Page, Rendered
from pipeline.taken_over import TakenOver

INSTALLER = "MediaWiki default"
MOVED: frozenset[Kind] = frozenset({"topic", "summary", "glossary"})


def plan(
    wanted: Rendered,
    live: Live,
    bot: str,
    *,
    target: str = "",
    languages: bool = True,
    prune: bool = False,
    taken_over: Mapping[str, TakenOver] = MappingProxyType({}),
) -> Plan:
    """Compare: the last revision's author and hash decide, nothing else. No page that a person edited last is changed,
    but where exactly that revision was taken over into the sources.

    `bot` is the account's name on the wiki. `live` holds every title of `wanted`, `taken_over` what was taken over from
    this wiki, by title. A page that is missing while an orphan was made from the same source is that orphan under a new
    title: it is moved, with its history. The list of the newest articles is made from what will stand on the wiki.
    """
    lists = {wanted.newest.title} if wanted.newest else set()
    changes = [
        change_of(page, live.pages[page.title], bot, languages, taken_over.get(page.title))
        for page in wanted.pages
        if page.title not in lists
    ]
    changes += [_file(file, live.files[file.title], bot) for file in wanted.files]
    changes.sort(key=lambda change: (KINDS.index(change.kind), change.title))
    lost = {one.title: one for one in live.lost}
    changes = [_lost(change) if change.title in lost else change for change in changes]
    changes, moved = _moves(changes, live.orphans, bot)
    stand = standing(wanted.newest, changes, live) if wanted.newest else ()
    if wanted.newest and wanted.newest.title in live.pages:
        page = page_of(wanted.newest, stand)
        change = change_of(page, live.pages[page.title], bot, languages, taken_over.get(page.title))
        undated = page_of(wanted.newest, [replace(one, date="") for one in stand]).sha1
        changes.append(replace(change, names=names_of(stand), undated=undated))
        changes.sort(key=lambda change: (KINDS.index(change.kind), change.title))
    orphans = tuple(
        Orphan(page, "" if _is_ours(page, bot) else _why(page, bot, "edited"))
        for page in live.orphans
        if page.title not in moved
    )
    return Plan(target, bot, tuple(changes), languages, orphans, prune, live.lost, wanted.newest, stand)


def change_of(page: Page, live: LivePage, bot: str, languages: bool, taken: TakenOver | None = None) -> Change:
    """What is to become of one page."""
    if not live.revision:
        return Change("create", page, live, sets_language=languages and bool(page.language))
    differs = languages and bool(page.language) and page.language != live.language
    whole = _is_whole(live, bot)
    if live.sha1 == page.sha1:
        return Change("unchanged" if whole else "adopt", page, live, differs)
    known = whole or _is_placeholder(live) or _is_taken_over(live, taken)
    if known and live.sha1 is not None:
        return Change("update", page, live, differs)
    return Change("conflict", page, live, reason=_why(live, bot, "edited"))


def _moves(changes: list[Change], orphans: tuple[LivePage, ...], bot: str) -> tuple[list[Change], set[str]]:
    """Turn the making of a page into the move of the orphan that came from the same source, if there is just one."""
    languages = {change.wanted.language for change in changes}

    def key(source: str, title: str) -> tuple[str, str]:
        """A concept's file makes a page in each language: the end of the title tells them apart."""
        end = title.rpartition("/")[2]
        return source, end if end != title and end in languages else ""

    origins: dict[tuple[str, str], list[LivePage]] = {}
    for page in orphans:
        if _is_ours(page, bot) and source_of(page.comment):
            origins.setdefault(key(source_of(page.comment), page.title), []).append(page)
    result, moved = [], set[str]()
    for change in changes:
        found = origins.get(key(change.wanted.source, change.title), []) if change.kind in MOVED else []
        if change.action == "create" and len(found) == 1:
            (origin,) = found
            moved.add(origin.title)
            result.append(replace(change, action="move", origin=origin))
        else:
            result.append(change)
    return result, moved


def _is_ours(page: LivePage, bot: str) -> bool:
    return _is_whole(page, bot) and page.sha1 is not None


def _is_whole(page: LivePage, bot: str) -> bool:
    """Whether the page holds the bot's words alone, be they of two of its runs that met."""
    return page.own_merge or is_whole(page.user, page.comment, page.parent, bot)


def _lost(change: Change) -> Change:
    reason = "deleted together with an edit of the same moment; it comes back"
    return (
        replace(change, action="conflict", reason=reason, sets_language=False) if change.action == "create" else change
    )


def _is_taken_over(live: LivePage, taken: TakenOver | None) -> bool:
    """Whether a person's very words are in the sources, or were left out knowingly."""
    return taken is not None and (live.revision, live.sha1) == (taken.revision, taken.sha1)


def _is_placeholder(live: LivePage) -> bool:
    """Whether nobody has touched the page since MediaWiki's installer made it; no account can have that name."""
    return live.user == INSTALLER and not live.parent


def _file(file: File, live: LiveFile, bot: str) -> Change:
    if not live.exists:
        return Change("upload", file, live)
    if live.sha1 == file.sha1:
        return Change("unchanged" if live.user == bot else "adopt", file, live)
    if live.user == bot and live.sha1 is not None:
        return Change("upload", file, live)
    return Change("conflict", file, live, reason=_why(live, bot, "uploaded"))


def _why(live: LivePage | LiveFile, bot: str, done: str) -> str:
    when = f" on {live.timestamp[:10]}" if live.timestamp else ""
    if live.user is None:
        return f"{done} by {HIDDEN}{when}"
    if live.user != bot:
        return f"{done} by {live.user}{when}"
    if live.sha1 is None or live.comment is None:
        return f"{done} by the bot{when}, but an administrator hid what"
    return f"{done} by a person and the bot in the same moment{when}"
