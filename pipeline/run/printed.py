"""A value in digits: what Python's format makes of it, the same in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.run.results import Value

_MINUS_ZERO = re.compile(r"-(?=0(\.0*)?(e[-+]\d+)?%?$)")
_WIDE = re.compile(r"\d{3}")  # no page has room for so many digits
_FITTING = {
    bool: "no format fits",
    int: "formats that fit: d, 'd' with ',' for thousands (,d), .2f, .1%, .2e",
    float: "formats that fit: .3f, .1%, .2e, .3g, ,.0f",
    str: "no format fits",
}
_SPOKEN = {bool: "true or false", int: "a whole number", float: "a number with decimals", str: "a text"}


def printed(value: Value, index: Sequence[int], format: str) -> str:
    """Return the part of `value` at `index`, printed with `format`; a vector prints as `(0.975, 0.018, 0.007)`.

    Without a format whole numbers and texts stand as they are and others with all their digits. Infinity is `inf`;
    a zero has no minus. Raises ValueError, saying what the value is and what would fit, when index or format do not.
    """
    return _all(part(value, index), format)


def part(value: Value, index: Sequence[int]) -> Value:
    """Return the part of a nested list at `index`. Raises ValueError when there is none."""
    for depth, position in enumerate(index):
        if not isinstance(value, list):
            before = "".join(f"[{number}]" for number in index[:depth])
            raise ValueError(f"{described(value)}{' at ' + before if before else ''} has no index [{position}]")
        if not -len(value) <= position < len(value):
            raise ValueError(f"[{position}] is out of range: the list has {len(value)} entries, from [0]")
        value = value[position]
    return value


def described(value: Value) -> str:
    """Say in words what kind of thing a value is."""
    if is_table(value):
        return "a table"
    if isinstance(value, Mapping):
        return "a row of a table"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return _SPOKEN.get(type(value), type(value).__name__)


def is_table(value: Value) -> bool:
    """Say whether a value is rows, to be printed by a table directive."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _all(value: Value, format: str) -> str:
    if is_table(value) or isinstance(value, Mapping):
        raise ValueError(f"{described(value)} cannot be printed in a line; use the directive {{table}}")
    if isinstance(value, list):
        return "(" + ", ".join(_all(item, format) for item in value) + ")"
    return _one(value, format)


def _one(value: Value, spec: str) -> str:
    kind = type(value)
    if not spec:
        text = str(value) if kind is not float else repr(value)
    elif kind not in (int, float) or spec.endswith(("c", "n")) or _WIDE.search(spec):
        raise ValueError(_misfit(value, spec))
    else:
        try:
            text = format(value, spec)
        except ValueError:
            raise ValueError(_misfit(value, spec)) from None
    # rounding leaves the sign of a tiny number, and which sign a rounding error has is chance
    return _MINUS_ZERO.sub("", text) if kind is float else text


def _misfit(value: Value, spec: str) -> str:
    return f"the format {spec!r} does not fit {described(value)} ({value!r}); {_FITTING.get(type(value), '')}"
