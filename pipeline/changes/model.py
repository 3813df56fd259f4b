"""A report of changes as data: what is compared, written as JSON, and shown by three writers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Number:
    """One printed value, output or value; `old` or `new` is None where there is none."""

    what: str  # as results.json names it: "value p_max:.1%"
    old: str | None
    new: str | None
    where: tuple[str, ...] = ()  # places that print it now, or printed it: "articles/x/en.md:12"


@dataclass(frozen=True, slots=True)
class Topic:
    """What changed in the results of a topic."""

    slug: str
    status: str  # "new" | "removed" | "changed"
    old_level: str  # "" where there is none
    new_level: str
    numbers: tuple[Number, ...] = ()
    checks: tuple[Number, ...] = ()  # claims and comparisons with their tolerance
    figures: tuple[str, ...] = ()  # names of those whose numbers changed
    unprinted: tuple[str, ...] = ()  # names of values that changed without a page printing it


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of a source that changed, and what the translation says there."""

    section: str  # id, "" is the lead
    change: str  # "changed" | "new" | "gone"
    difference: str  # `[-words that went-]`, `{+words that came+}`
    translation: str  # "" for nothing
    line: int  # of it in the translation's file, 0 for nothing


@dataclass(frozen=True, slots=True)
class Translation:
    """What a change of a source means for one translation: ids of sections, "" is the lead."""

    file: str
    outdated: tuple[str, ...]  # by this change
    still: tuple[str, ...] = ()  # before it as well
    settled: tuple[str, ...] = ()  # no longer
    paragraphs: tuple[Paragraph, ...] = ()  # word by word, what became outdated


@dataclass(frozen=True, slots=True)
class Page:
    """A wiki page that this would make, change or leave without a source."""

    title: str
    kind: str
    change: str  # "new" | "changed" | "gone"


@dataclass(frozen=True, slots=True)
class Picture:
    """A file whose picture is another one."""

    title: str
    change: str  # "new" | "changed" | "gone"
    source: str  # the folder or file it comes from
    redrawn: bool = False  # other pixels from the same numbers


@dataclass(frozen=True, slots=True)
class Version:
    """A template or module under another version; `note` says what is wrong with that."""

    title: str
    old: str
    new: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything, in the order in which it is shown."""

    base: str  # commits, "" where there is none
    head: str
    topics: tuple[Topic, ...] = ()
    pictures: tuple[Picture, ...] = ()
    translations: tuple[Translation, ...] = ()
    versions: tuple[Version, ...] = ()
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()  # what could not be compared, as sentences

    @property
    def nothing(self) -> bool:
        return not (self.topics or self.pictures or self.translations or self.versions or self.pages)

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}


FORMAT = 1
