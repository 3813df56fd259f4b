"""The plan: a pure function of what is wanted and what stands on the wiki."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from pipeline.deploy.live import HIDDEN, Live, LiveFile, LivePage
from pipeline.deploy.stamp import is_whole, source_of
from pipeline.render.page import KINDS, File, Kind, Page, Rendered
from pipeline.taken_over import TakenOver

Action = Literal["create", "update", "move", "upload", "unchanged", "adopt", "conflict"]
INSTALLER = "MediaWiki default"
DOES_SOMETHING: frozenset[Action] = frozenset({"create", "update", "move", "upload"})
MOVED: frozenset[Kind] = frozenset({"topic", "summary", "glossary"})


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one page or file."""

    action: Action
    wanted: Page | File
    live: LivePage | LiveFile
    sets_language: bool = False
    reason: str = ""  # of a conflict: completes the sentence "it was …"
    origin: LivePage | None = None  # of a move: the page under its old title

    @property
    def title(self) -> str:
        return self.wanted.title

    @property
    def kind(self) -> Kind:
        return self.wanted.kind if isinstance(self.wanted, Page) else "file"

    @property
    def does_something(self) -> bool:
        return self.action in DOES_SOMETHING or self.sets_language

    def to_json(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "title": self.title,
            "kind": self.kind,
            "source": self.wanted.source,
            "sha1": self.wanted.sha1,
            "live": {
                "revision": self.live.revision if isinstance(self.live, LivePage) else None,
                "sha1": self.live.sha1,
                "user": self.live.user,
                "timestamp": self.live.timestamp,
            },
            "language": self.wanted.language if self.sets_language else None,
            "reason": self.reason,
            "origin": {"title": self.origin.title, "revision": self.origin.revision} if self.origin else None,
        }


@dataclass(frozen=True, slots=True)
class Orphan:
    """A page that the bot made and that nothing in the sources makes any more."""

    live: LivePage
    kept: str = ""  # why it is never deleted; completes the sentence "it was …"

    @property
    def title(self) -> str:
        return self.live.title

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "revision": self.live.revision, "user": self.live.user, "kept": self.kept}


@dataclass(frozen=True, slots=True)
class Plan:
    """Every wanted page and file with what is to become of it, in the order in which it is done."""

    target: str  # address of the wiki
    bot: str
    changes: tuple[Change, ...]
    languages: bool = True  # whether the wiki lets the bot set the content language of pages
    orphans: tuple[Orphan, ...] = ()
    prune: bool = False  # whether orphans are deleted

    @property
    def pruned(self) -> tuple[Orphan, ...]:
        """The orphans that are to be deleted."""
        return tuple(orphan for orphan in self.orphans if self.prune and not orphan.kept)

    def having(self, *actions: Action) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action in actions)

    @property
    def does_something(self) -> bool:
        return any(change.does_something for change in self.changes) or bool(self.pruned)

    def to_json(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "bot": self.bot,
            "languages": self.languages,
            "changes": [change.to_json() for change in self.changes],
            "orphans": [orphan.to_json() for orphan in self.orphans],
            "prune": self.prune,
        }


def plan(
    wanted: Rendered, live: Live, bot: str, *, target: str = "", languages: bool = True, prune: bool = False
) -> Plan:
    """Compare: the last revision's author and hash decide, nothing else. No page that a person edited last is changed,
    but where exactly that revision was taken over into the sources.

    `bot` is the account's name on the wiki. `live` holds every title of `wanted`. A page that is missing while an
    orphan was made from the same source is that orphan under a new title: it is moved, with its history.
    """
    changes = [
        _page(page, live.pages[page.title], bot, languages, wanted.taken_over.get(page.title)) for page in wanted.pages
    ]
    changes += [_file(file, live.files[file.title], bot) for file in wanted.files]
    changes.sort(key=lambda change: (KINDS.index(change.kind), change.title))
    changes, moved = _moves(changes, live.orphans, bot)
    orphans = tuple(
        Orphan(page, "" if _is_ours(page, bot) else _why(page, bot, "edited"))
        for page in live.orphans
        if page.title not in moved
    )
    return Plan(target, bot, tuple(changes), languages, orphans, prune)


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
    return is_whole(page.user, page.comment, page.parent, bot) and page.sha1 is not None


def _page(page: Page, live: LivePage, bot: str, languages: bool, taken: TakenOver | None = None) -> Change:
    if not live.revision:
        return Change("create", page, live, sets_language=languages and bool(page.language))
    differs = languages and bool(page.language) and page.language != live.language
    whole = is_whole(live.user, live.comment, live.parent, bot)
    if live.sha1 == page.sha1:
        return Change("unchanged" if whole else "adopt", page, live, differs)
    known = whole or _is_placeholder(live) or _is_taken_over(live, taken)
    if known and live.sha1 is not None:
        return Change("update", page, live, differs)
    return Change("conflict", page, live, reason=_why(live, bot, "edited"))


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
