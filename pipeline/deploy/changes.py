"""What a plan says: of each page and file what is to become of it, and what else there is to do."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.deploy.live import LiveFile, LivePage, Lost
from pipeline.render.page import File, Kind, Listed, Newest, Page

Action = Literal["create", "update", "move", "upload", "unchanged", "adopt", "conflict"]
DOES_SOMETHING: frozenset[Action] = frozenset({"create", "update", "move", "upload"})
TRANSLATED: frozenset[Kind] = frozenset({"topic", "summary", "glossary", "list"})


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one page or file."""

    action: Action
    wanted: Page | File
    live: LivePage | LiveFile
    sets_language: bool = False
    reason: str = ""  # of a conflict: completes the sentence "it was …"
    origin: LivePage | None = None  # of a move: the page under its old title
    names: tuple[str, ...] | None = None  # of the list of the newest articles: what it will name, in its order
    undated: str = ""  # of that list: its hash without the dates, which come with the saves

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
        names = {} if self.names is None else {"names": list(self.names), "undated": self.undated}
        return names | {
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
class Standing:
    """An article that stands on the wiki, or will when the plan was carried out."""

    listed: Listed
    page_id: int  # the higher, the later the wiki made the page; 0 when it is yet to be made
    date: str  # of its first publication, "" where a person made the page


@dataclass(frozen=True, slots=True)
class Plan:
    """Every wanted page and file with what is to become of it, in the order in which it is done."""

    target: str  # address of the wiki
    bot: str
    changes: tuple[Change, ...]
    languages: bool = True  # whether the wiki lets the bot set the content language of pages
    orphans: tuple[Orphan, ...] = ()
    prune: bool = False  # whether orphans are deleted
    lost: tuple[Lost, ...] = ()  # what comes back, because a killed run of the bot deleted a person's edit with it
    newest: Newest | None = None
    standing: tuple[Standing, ...] = ()  # the articles that the list may name, the newest first

    @property
    def pruned(self) -> tuple[Orphan, ...]:
        """The orphans that are to be deleted."""
        return tuple(orphan for orphan in self.orphans if self.prune and not orphan.kept)

    def having(self, *actions: Action) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action in actions)

    @property
    def does_something(self) -> bool:
        return any(change.does_something for change in self.changes) or bool(self.pruned or self.lost)

    @property
    def stale(self) -> tuple[str, ...]:
        """Pages to refresh when all is done: they were drawn when another of their languages was still missing."""
        return self.stale_after({change.title for change in self.having("create", "move")})

    def stale_after(self, made: Container[str]) -> tuple[str, ...]:
        families: dict[str, list[str]] = {}
        for change in self.changes:
            if change.kind in TRANSLATED:
                families.setdefault(change.title.removesuffix(f"/{change.wanted.language}"), []).append(change.title)
        return tuple(
            title
            for titles in families.values()
            if len(titles) > 1 and any(one in made for one in titles)
            for title in titles
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "bot": self.bot,
            "languages": self.languages,
            "changes": [change.to_json() for change in self.changes],
            "orphans": [orphan.to_json() for orphan in self.orphans],
            "prune": self.prune,
            "lost": [lost.to_json() for lost in self.lost],
            "purge": list(self.stale),
        }
