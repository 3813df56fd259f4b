"""What stands on the wiki: the last revision of a page, the last version of a file, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
class Live:
    pages: Mapping[str, LivePage]  # by wanted title
    files: Mapping[str, LiveFile]
    orphans: tuple[LivePage, ...] = ()  # made by the bot for sources that are no longer there, by title
