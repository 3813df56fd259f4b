"""What one run of a topic gives, as plain data: it crosses from the worker and lies in the cache.

Lines are counted from 0 at a cell's first line, so that a cell may move in its file without being computed anew.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class DiffersRecord(TypedDict):
    """What an author declared: that a value or figure honestly comes out otherwise, where, and why."""

    by: Literal["device", "run"]  # by run: each time, on one device too
    reason: str


class ValueRecord(TypedDict):
    value: Any
    cell: str
    differs: NotRequired[DiffersRecord]


class ImageRecord(TypedDict):
    sha1: str
    width: int
    height: int


class FigureRecord(TypedDict):
    caption: str
    cell: str
    data_sha256: str
    texts: list[str]  # drawn in the figure, to be translated
    images: dict[str, ImageRecord]  # by language
    differs: NotRequired[DiffersRecord]
    rtol: NotRequired[float]  # how far its numbers may differ between devices, where the author says so
    numbers: NotRequired[str]  # all that is drawn, where it was asked for: see runtime.drawn.packed


class WarningRecord(TypedDict):
    line: int | None  # in the cell, None when no line of the topic is to blame
    text: str
    cell: NotRequired[str]  # that the line is in


class OutputRecord(TypedDict):
    stdout: str
    value: str
    warnings: list[WarningRecord]
    seconds: float


class CheckRecord(TypedDict):
    kind: Literal["close", "claim"]
    text: str
    cell: str
    line: int
    tolerance: float | None
    difference: float | None


class EnvironmentRecord(TypedDict):
    python: str
    numpy: str
    torch: str
    matplotlib: str
    device: str
    system: str


class NeedRecord(TypedDict):
    """Something that a run used. A library is named by its folder or file, whose version the build looks up."""

    kind: Literal["file", "presence", "library", "module"]
    name: str  # a path, or the name of a library or module
    state: str  # as it was: see pipeline.run.files


class Record(TypedDict):
    values: dict[str, ValueRecord]
    figures: dict[str, FigureRecord]
    outputs: dict[str, OutputRecord]
    checks: list[CheckRecord]
    environment: EnvironmentRecord
    seconds: float
    peak_bytes: int
    computed: str
    needs: list[NeedRecord]


class FaultRecord(TypedDict):
    """Why a topic failed: `line` is in the source file; `language` names the translation whose labels are wrong."""

    cell: str
    line: int
    column: int
    message: str
    remedy: str
    rule: str
    language: NotRequired[str]


class CellWork(TypedDict):
    label: str
    source: str
    line: int
    indent: int  # columns in front of each line of the cell in its file


class Work(TypedDict):
    """All a worker is told."""

    file: str
    cells: list[CellWork]
    labels: dict[str, dict[str, str]]  # language -> text -> the same in that language; figures are drawn in each
    source_language: str
    draw: bool
    memory: int
    output: int
    folder: str  # the topic's own, the only one of the project that cells may read
    numbers: NotRequired[bool]  # send what figures are drawn from
    sandboxed: bool  # run no cell where a protection is missing
