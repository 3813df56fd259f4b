"""Data as the source of a Lua module."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

Data = str | int | bool | Mapping[str, "Data"] | Sequence["Data"]

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "and break do else elseif end false for function if in local nil not or repeat return then true until while",
    )
)
# What a wiki would change or refuse when it stores the page, and what Lua reads as something else.
ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]')


def module(data: Data, comment: str) -> str:
    """A module that returns `data`, with one line that says what it is."""
    return f"-- {comment}\nreturn {literal(data)}"


def literal(data: Data, indent: int = 0) -> str:
    """`data` as a Lua expression; mappings and lists become tables, a line an entry."""
    if isinstance(data, str):
        return string(data)
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int):
        return str(data)
    inner = "\t" * (indent + 1)
    if isinstance(data, Mapping):
        lines = [f"{inner}{_key(key)} = {literal(value, indent + 1)},\n" for key, value in data.items()]
    else:
        lines = [f"{inner}{literal(value, indent + 1)},\n" for value in data]
    return "{\n" + "".join(lines) + "\t" * indent + "}" if lines else "{}"


def string(text: str) -> str:
    """A Lua string of exactly these characters, which stays the same when a wiki stores it in composed form (NFC)."""
    return '"' + "".join(map(_kept, _stable(text))) + '"'


def _stable(text: str) -> list[str]:
    """The text in pieces: those that composing would change, or melt with what is before them, apart."""
    if unicodedata.is_normalized("NFC", text) and not unicodedata.combining(text[:1] or " "):
        return [text]
    return list(text)


def _kept(piece: str) -> str:
    if len(piece) == 1 and not piece.isascii():
        return _bytes(piece)
    return ESCAPED.sub(lambda match: _escape(match[0]), piece)


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return "\\n" if character == "\n" else _bytes(character)


def _bytes(characters: str) -> str:
    """Decimal escapes, three digits each, so that a digit that follows is not read as part of one."""
    return "".join(f"\\{byte:03d}" for byte in characters.encode("utf-8", "surrogatepass"))


def _key(key: str) -> str:
    return key if NAME.fullmatch(key) and key not in KEYWORDS else f"[{string(key)}]"
