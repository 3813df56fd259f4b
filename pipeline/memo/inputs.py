"""The world outside as queries see it: files and folders of the project, by their names below its root."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from pipeline.memo.engine import Memo, outside, query

RECENT = 100_000_000  # nanoseconds; a file as young as this could change again without its time showing it
AGAIN = 0.002  # seconds


@outside
def stamp(memo: Memo, name: str) -> tuple[int, ...] | str | None:
    """What tells a file from how it was before, without reading it; None where there is no file."""
    path = f"{memo.given.root}/{name}"  # not a Path: a build looks at some thousands of files
    try:
        stat = os.stat(path)  # noqa: PTH116
        while stat.st_size == 0 and 0 <= time.time_ns() - stat.st_mtime_ns < RECENT:
            time.sleep(AGAIN)  # whoever saves it may have emptied it just now, and be about to write
            stat = os.stat(path)  # noqa: PTH116
        if time.time_ns() - stat.st_mtime_ns < RECENT:
            return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return None
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


@query
def content(memo: Memo, name: str) -> str | None:
    """The SHA-256 of a file; None where it cannot be read. Who asks this may read the file."""
    if stamp(memo, name) is None:
        return None
    try:
        return hashlib.sha256((memo.given.root / name).read_bytes()).hexdigest()
    except OSError:
        return None


def text(memo: Memo, name: str) -> str:
    """A file's text as it stands, "" where there is none; whoever asks depends on it."""
    if content(memo, name) is None:
        return ""
    try:
        return (memo.given.root / name).read_text(encoding="utf-8", errors="replace")
    except OSError:  # it went since it was looked at
        return ""


@outside
def listing(memo: Memo, name: str) -> tuple[tuple[str, bool], ...] | None:
    """The names in a folder and whether each is a folder; None where there is none. Hidden ones are left out."""
    try:
        with os.scandir(f"{memo.given.root}/{name}") as entries:
            found = [(entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith(".")]
    except OSError:
        return None
    return tuple(sorted(found))


@query
def tree(memo: Memo, name: str) -> tuple[tuple[str, str | None], ...]:
    """Every file below a folder, by its name below the project's root, with its SHA-256."""
    found: list[tuple[str, str | None]] = []
    for child, is_folder in listing(memo, name) or ():
        below = f"{name}/{child}"
        if is_folder:
            found.extend(tree(memo, below))
        else:
            found.append((below, content(memo, below)))
    return tuple(found)
