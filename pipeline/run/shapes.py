"""The messages of a worker and the shape each must have: cells share its process and could send anything."""

from __future__ import annotations

import functools
import re
import types
from typing import Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin, get_type_hints, is_typeddict

from pipeline.run.messages import GarbledError, Message
from pipeline.run.record import (
    CheckRecord,
    DiffersRecord,
    FaultRecord,
    NeedRecord,
    OutputRecord,
    ValueRecord,
    WarningRecord,
    Work,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,199}")  # as glue and figure demand; a figure's becomes that of a file
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST_NUMBER = 2**53


class _Ready(TypedDict):
    pid: int
    device: str
    active: list[str]
    lacking: list[str]
    outputs: NotRequired[dict[str, OutputRecord]]  # of cells that need not run again


class _Begins(TypedDict):
    cell: str


class _Ran(TypedDict):
    cell: str
    value: str
    warnings: list[WarningRecord]
    seconds: float
    obstacle: str  # why no copy can be made after it


class _Drawn(TypedDict):
    caption: str
    cell: str
    data_sha256: str
    texts: list[str]
    images: dict[str, str]  # by language: PNG in base64
    differs: NotRequired[DiffersRecord]
    rtol: NotRequired[float]
    numbers: NotRequired[str]


class _Figure(TypedDict):
    name: str
    figure: _Drawn


class _Done(TypedDict):
    values: dict[str, ValueRecord]
    checks: list[CheckRecord]
    faults: list[FaultRecord]
    peak_bytes: int
    needs: list[NeedRecord]


_SHAPES: dict[str, type] = {"ready": _Ready, "cell": _Begins, "ran": _Ran, "figure": _Figure, "done": _Done}


def examine(message: Message, work: Work) -> None:
    """Raise GarbledError unless a message has its shape and speaks only of the cells and languages of its topic.

    Kinds and keys that are not known here are left to whoever reads them.
    """
    kind = message.get("kind")
    if not isinstance(kind, str) or kind not in _SHAPES:
        return
    if wrong := misfit(message, _SHAPES[kind]):
        raise GarbledError(f"a message of the kind {kind!r} with another {wrong}")
    if kind == "figure":
        _examine_figure(message["name"], message["figure"], work)
    elif kind == "done":
        _examine_names("value", message["values"])
        for item in (*message["values"].values(), *message["checks"], *message["faults"]):
            _examine_cell(item["cell"], work)
        for fault in message["faults"]:
            _examine_language(fault.get("language", work["source_language"]), work)
    elif kind in ("cell", "ran"):
        _examine_cell(message["cell"], work)


def _examine_figure(name: str, figure: _Drawn, work: Work) -> None:
    _examine_names("figure", [name])
    _examine_cell(figure["cell"], work)
    for language in figure["images"]:
        _examine_language(language, work)


def _examine_names(what: str, names: Any) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise GarbledError(f"a {what} of the name {name[:80]!r}")


def _examine_cell(label: str, work: Work) -> None:
    if all(label != cell["label"] for cell in work["cells"]):
        raise GarbledError(f"a cell {label[:80]!r}")


def _examine_language(language: str, work: Work) -> None:
    if language != work["source_language"] and language not in work["labels"]:
        raise GarbledError(f"a language {language[:80]!r}")


def misfit(value: Any, kind: Any, name: str = "") -> str:
    """Return the name of the first part that is not of its kind, "" if there is none or if that is all of it."""
    if kind is Any:
        return _unwritable(value, name)
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        if not isinstance(value, dict):
            return name
        for key, inner in _hints(kind).items():
            optional = get_origin(inner) is NotRequired
            if key not in value and not optional:
                return key
            if key in value and (wrong := misfit(value[key], get_args(inner)[0] if optional else inner, key)):
                return wrong
        return ""
    if origin is dict:
        if not isinstance(value, dict):
            return name
        return next((wrong for key, item in value.items() if (wrong := misfit(item, parts[1], str(key)[:80]))), "")
    if origin is list:
        if not isinstance(value, list):
            return name
        return next((wrong for item in value if (wrong := misfit(item, parts[0], name))), "")
    if origin is Literal:
        return "" if isinstance(value, str) and value in parts else name
    if origin in (Union, types.UnionType):
        return "" if any(not misfit(value, part, name) for part in parts) else name
    if kind is float:
        return "" if type(value) is float or _is_whole(value) else name
    if kind is int:
        return "" if _is_whole(value) else name
    return (_unwritable(value, name) if kind is str else "") if isinstance(value, kind) else name


def _unwritable(value: Any, name: str) -> str:
    """Return `name` when some text in JSON data is none that a file could hold."""
    if isinstance(value, str):
        return name if _SURROGATE.search(value) else ""
    if isinstance(value, list):
        return name if any(_unwritable(item, name) for item in value) else ""
    if isinstance(value, dict):
        return name if any(_unwritable(key, name) or _unwritable(item, name) for key, item in value.items()) else ""
    return ""


def _is_whole(value: Any) -> bool:
    return type(value) is int and -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    # not kind.__required_keys__, which is wrong where annotations are kept as text
    return get_type_hints(kind, include_extras=True)
