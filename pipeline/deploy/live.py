"""What stands on the wiki: the last revision of a page, the last version of a file, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HIDDEN = "somebody whose name is hidden"  # said for an author that an administrator hid


@dataclass(frozen=True, slots=True)
class LivePage:
    """The last revision of a page; `revision` is 0 when there is no page. What an administrator hid is None."""

    title: str
    revision: int = 0
    parent: int = 0  # the revision it was saved on top of, 0 for a page's first
    sha1: str | None = ""  # hex
    user: str | None = ""
    comment: str | None = ""
    timestamp: str = ""  # ISO 8601
    language: str = ""  # content language
    redirect: bool = False
    page_id: int = 0  # the wiki counts its pages as they are made; a move keeps the number
    own_merge: bool = False  # MediaWiki merged it, with nothing but what other runs of the bot had sent


@dataclass(frozen=True, slots=True)
class LiveFile:
    """The last version of a file; without `exists` there is none, or only one in a shared repository."""

    title: str
    exists: bool = False
    sha1: str | None = ""
    user: str | None = ""
    comment: str | None = ""
    timestamp: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that the bot deleted in the moment in which a person edited it."""

    title: str
    revision: int  # the person's
    user: str

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "revision": self.revision, "user": self.user}


@dataclass(frozen=True, slots=True)
class Live:
    pages: Mapping[str, LivePage]  # by wanted title
    files: Mapping[str, LiveFile]
    orphans: tuple[LivePage, ...] = ()  # made by the bot for sources that are no longer there, by title
    created: Mapping[str, str] = field(default_factory=dict)  # title -> when the bot made that page, ISO 8601
    now: str = ""  # by the wiki's clock, ISO 8601
    lost: tuple[Lost, ...] = ()  # what a run that was killed could not bring back
