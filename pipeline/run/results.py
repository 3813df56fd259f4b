"""What running a topic gave: values, figures, output, checks, and where and how it was computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.errors import Problem

if TYPE_CHECKING:
    from pipeline.run.cache import Entry

Value = Any  # JSON: None, bool, int, float, str, a list of values, or a list of rows (str -> value)


@dataclass(frozen=True, slots=True)
class Glued:
    """A published value, as JSON: numbers, strings, booleans, nested lists of them, or rows of a table."""

    name: str
    value: Value
    cell: str  # label of the cell that published it


@dataclass(frozen=True, slots=True)
class Image:
    """A figure as drawn for one language."""

    path: Path  # of the PNG in the cache
    sha1: str
    width: int  # pixels
    height: int


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    caption: str  # key into the metadata's `figures`
    cell: str
    images: Mapping[str, Image]  # by language
    data_sha256: str  # of the numbers drawn, rounded to six significant digits


@dataclass(frozen=True, slots=True)
class CellOutput:
    cell: str
    stdout: str
    value: str  # text of the last expression, "" when there is none
    warnings: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Check:
    """A comparison (`close`) or a statement (`claim`) that held."""

    kind: Literal["close", "claim"]
    text: str
    cell: str
    line: int  # in the source file
    tolerance: float | None = None  # close: relative tolerance asked for
    difference: float | None = None  # close: largest relative difference seen


@dataclass(frozen=True, slots=True)
class Environment:
    python: str
    numpy: str
    torch: str
    matplotlib: str
    device: str  # "cpu" or the name of the GPU
    system: str  # "Linux x86_64"

    @property
    def in_words(self) -> str:
        """What a page says of it, "" where nothing ran; PyTorch is named without its build."""
        torch = self.torch.partition("+")[0]
        return f"Python {self.python}, NumPy {self.numpy}, PyTorch {torch}, {self.device}" if self.python else ""


@dataclass(frozen=True, slots=True)
class Differs:
    """An author's word that a value or figure honestly comes out otherwise: on another device, or in each run."""

    by: Literal["device", "run"]
    reason: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Another device that printed the same digits; `of` says of which cells and results."""

    name: str  # of the GPU, or of the kind of CPU
    torch: str
    date: str  # ISO
    of: str


Level = Literal["executed", "reproduced", "cross-checked", "cross-device"]


@dataclass(frozen=True, slots=True)
class Results:
    """One topic's results. `key` identifies everything they depend on."""

    slug: str
    key: str
    glued: Mapping[str, Glued]
    figures: Mapping[str, Figure]
    outputs: Mapping[str, CellOutput]  # by cell label
    checks: tuple[Check, ...]
    environment: Environment
    seconds: float
    peak_bytes: int
    computed: str  # ISO date of the run
    reproduced: bool = False
    cached: bool = False
    differs: Mapping[str, Differs] = field(default_factory=dict)  # by "value NAME" or "figure NAME"
    devices: Mapping[str, Agreement] = field(default_factory=dict)  # that agree with these results, by "cuda", …

    @property
    def level(self) -> Level:
        """The highest step earned; each one includes those below it."""
        if not self.reproduced:
            return "executed"
        if all(check.kind != "close" for check in self.checks):
            return "reproduced"
        return "cross-device" if "cuda" in self.devices else "cross-checked"


@dataclass(frozen=True, slots=True)
class RunReport:
    """What `run` gives: results of the topics that ran clean, problems of those that did not."""

    results: Mapping[str, Results]
    problems: tuple[Problem, ...] = field(default=())
    unprotected: tuple[str, ...] = ()  # protections of the machine from cells that are missing here, in words
    sandbox: tuple[str, ...] = ()  # those that held cells, in a few words each; none when nothing ran
    notes: tuple[str, ...] = ()  # which cells did not run again, and why not more
    entries: Mapping[str, Entry] = field(default_factory=dict)  # what the results were made from, as the cache has it
