"""What became of a person's edit: taken over into the sources, or said exactly why not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pipeline.deploy.drift import Edit
from pipeline.errors import Where


@dataclass(frozen=True, slots=True)
class SourceEdit:
    """Replace `start` to `end` of a file's text."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A change that the patch brings into the sources."""

    where: Where
    before: str  # wikitext, as the sources make it
    now: str


@dataclass(frozen=True, slots=True)
class Untraced:
    """A change that the patch leaves out."""

    line: int  # of the page as it is on the wiki now
    before: str
    now: str
    why: str
    where: Where | None = None  # in the sources, where that is known


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A person wrote another number than the code computed."""

    name: str  # of the glued value
    computed: str
    written: str
    where: Where
    by: str = ""  # whose edit it was, "" where that is not known
    when: str = ""  # ISO 8601
    revision: int = 0  # that brought it
    unknown: str = ""  # why it is not known whose edit it was


@dataclass(frozen=True, slots=True)
class Pull:
    """One page that people changed."""

    title: str
    source: str
    edits: tuple[Edit, ...]  # the newest first
    traced: tuple[Traced, ...] = ()
    respelled: tuple[Traced, ...] = ()  # in the patch, with other markup for the same: `[[A|A]]` for `[[A]]`
    untraced: tuple[Untraced, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    sources_moved_on: bool = False  # the sources no longer make what the bot wrote last

    @property
    def is_whole(self) -> bool:
        """Whether everything was taken over: with the patch, the sources make what stands on the wiki to the letter."""
        return not (self.respelled or self.untraced or self.disagreements)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "whole": self.is_whole}
