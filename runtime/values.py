"""glue: publishes a value under a name, as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from runtime.recording import JSON, checked_name, current, declare


def glue(
    name: str,
    value: object,
    *,
    finite: bool = True,
    differs_by_device: str | None = None,
    differs_by_run: str | None = None,
) -> None:
    """Publish `value` as `name`, to be printed in prose, a formula or a table.

    `value` is a number, a string, a bool, an array (NumPy or torch, any shape), a list or tuple of these, or
    the rows of a table: a list of dicts that all have the same keys. A float keeps every digit it has; rounding
    belongs to where it is printed.

    A value must come out in the same digits in each run and on each device. What honestly does not is declared with
    the reason, one sentence that the page shows: `differs_by_run` for a time, `differs_by_device` for the end of a
    training in which a last bit grows.

    Raises ValueError for a name that is no identifier, for an empty reason, for NaN or infinity unless
    `finite=False`, for rows whose keys differ and, when a page is built, for a name used twice; TypeError for anything
    that is no value.
    """
    checked_name("value", name)
    current().glue(name, to_json(value, name, finite=finite))
    declare("value", name, differs_by_device, differs_by_run)


def to_json(value: object, name: str, *, finite: bool = True) -> JSON:
    """Return `value` in plain Python types that json writes; `name` is for the messages. Raises as glue does."""
    if isinstance(value, Mapping):
        raise TypeError(f"{name!r} is a single dict; a table is a list of dicts, one a row")
    plain = _plain(value, name)
    if isinstance(plain, (list, tuple)) and any(isinstance(_plain(item, name), Mapping) for item in plain):
        return _rows(plain, name, finite)
    return _nested(plain, name, finite)


def _rows(rows: Iterable[object], name: str, finite: bool) -> list[JSON]:
    """Convert a list of dicts; all must have the first one's keys, which may stand in any order."""
    result: list[JSON] = []
    keys: list[str] = []
    for number, row in enumerate(rows):
        where = f"{name}[{number}]"
        if not isinstance(row, Mapping):
            raise TypeError(f"{where!r} is {_kind(row)} among rows; each row of a table is a dict")
        for key in row:
            if not isinstance(key, str):
                raise TypeError(f"{where!r} has the key {key!r}; the keys of a row are strings")
        if number == 0:
            keys = list(row)
        if set(row) != set(keys):
            other = ", ".join(sorted(set(row) ^ set(keys)))
            raise ValueError(f"{where!r} and {name + '[0]'!r} differ in the keys {other}; rows have the same keys")
        result.append({key: _nested(_plain(row[key], where), f"{where}.{key}", finite) for key in keys})
    return result


def _nested(value: object, name: str, finite: bool) -> JSON:
    """Convert a scalar, or a list of values nested to any depth."""
    value = _plain(value, name)
    if isinstance(value, (list, tuple)):
        return [_nested(item, f"{name}[{number}]", finite) for number, item in enumerate(value)]
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if finite and not math.isfinite(value):
            raise ValueError(f"{name!r} is {value}; glue(…, finite=False) publishes it all the same")
        return float(value)
    if isinstance(value, str):
        _check_text(value, name)
        return str(value)
    raise TypeError(f"{name!r} is {_kind(value)}; publish numbers, strings, bools, arrays or rows of them")


def _plain(value: Any, name: str) -> object:
    """Turn NumPy's and torch's own types into Python's; leave everything else as it is."""
    if _is_tensor(value):
        if value.is_complex():
            raise TypeError(f"{name!r} is complex; publish its parts")
        return value.detach().cpu().tolist()
    if isinstance(value, np.ma.MaskedArray) and np.ma.getmaskarray(value).any():
        raise ValueError(f"{name!r} has masked entries; fill them first")
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in "biufU":
            raise TypeError(f"{name!r} has the dtype {value.dtype}; publish numbers, strings or bools")
        if value.dtype.kind == "f" and value.dtype.itemsize > 8:
            return value.astype(np.float64).tolist()
        return value.tolist()
    return value


def _check_text(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name!r} holds a character that is no Unicode text: {text[error.start]!r}") from None


def _is_tensor(value: object) -> bool:
    """Say whether `value` is a torch tensor, without importing torch."""
    return any(kind.__module__ == "torch" and kind.__name__ == "Tensor" for kind in type(value).__mro__)


def _kind(value: object) -> str:
    return "None" if value is None else f"of the type {type(value).__name__}"
