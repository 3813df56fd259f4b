"""Read a report that foreign code may have written: its form and its bounds are checked, its words are not believed."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pipeline.changes.model import FORMAT, Changes, Number, Page, Paragraph, Picture, Topic, Translation, Version

LARGEST = 1 << 20  # bytes of the file
MOST = 20_000  # entries of a list
LONGEST = 2_000  # signs of a text

T = TypeVar("T")


def read_changes(path: Path) -> Changes:
    """Return the report in a file. Raises ValueError for anything that is not one, OSError when it cannot be read."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no file")
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST} bytes")
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_refused)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}")
    return Changes(
        _text(data, "base"),
        _text(data, "head"),
        _list(data, "topics", _topic),
        _list(data, "pictures", _picture),
        _list(data, "translations", _translation),
        _list(data, "versions", _version),
        _list(data, "pages", _page),
        _texts(data, "notes"),
    )


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _topic(data: dict[str, Any]) -> Topic:
    return Topic(
        _text(data, "slug"),
        _text(data, "status"),
        _text(data, "old_level"),
        _text(data, "new_level"),
        _list(data, "numbers", _number),
        _list(data, "checks", _number),
        _texts(data, "figures"),
        _texts(data, "unprinted"),
    )


def _number(data: dict[str, Any]) -> Number:
    old, new = (None if data.get(key) is None else _text(data, key) for key in ("old", "new"))
    return Number(_text(data, "what"), old, new, _texts(data, "where"))


def _translation(data: dict[str, Any]) -> Translation:
    outdated, still, settled = (_texts(data, key) for key in ("outdated", "still", "settled"))
    paragraphs = _list(data, "paragraphs", _paragraph) if "paragraphs" in data else ()  # an earlier version has none
    return Translation(_text(data, "file"), outdated, still, settled, paragraphs)


def _paragraph(data: dict[str, Any]) -> Paragraph:
    line = data.get("line")
    if not isinstance(line, int) or isinstance(line, bool) or not 0 <= line < 10**9:
        raise ValueError("'line' is no number of a line")
    section, change, difference, words = (
        _text(data, key) for key in ("section", "change", "difference", "translation")
    )
    return Paragraph(section, change, difference, words, line)


def _version(data: dict[str, Any]) -> Version:
    return Version(*(_text(data, key) for key in ("title", "old", "new", "note")))


def _page(data: dict[str, Any]) -> Page:
    return Page(*(_text(data, key) for key in ("title", "kind", "change")))


def _picture(data: dict[str, Any]) -> Picture:
    redrawn = data.get("redrawn")
    if not isinstance(redrawn, bool):
        raise ValueError("'redrawn' is neither true nor false")
    return Picture(_text(data, "title"), _text(data, "change"), _text(data, "source"), redrawn)


def _text(data: dict[str, Any], key: str) -> str:
    return _short(data.get(key), key)


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(_short(item, key) for item in _items(data, key))


def _short(found: Any, key: str) -> str:
    if not isinstance(found, str) or len(found) > LONGEST:
        raise ValueError(f"{key!r} is no text of at most {LONGEST} signs")
    return found


def _list(data: dict[str, Any], key: str, read: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    found = _items(data, key)
    if not all(isinstance(item, dict) for item in found):
        raise ValueError(f"{key!r} holds something else than entries")
    return tuple(read(item) for item in found)


def _items(data: dict[str, Any], key: str) -> list[Any]:
    found = data.get(key)
    if not isinstance(found, list) or len(found) > MOST:
        raise ValueError(f"{key!r} is no list of at most {MOST} entries")
    return found
