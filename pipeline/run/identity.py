"""What a kept server and a build must have in common: code, libraries, Python, environment, as this process sees them.

Files are told apart by size, time and place, not by content: a server that was started too often costs seconds, and
reading everything would cost them at each build.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_CODE = Path(__file__).parents[2]


def identity() -> str:
    """Return a digest of what this process, or one started just like it, would compute with."""
    digest = hashlib.sha256(repr((sys.version, sys.executable, os.uname())).encode())
    for package in ("pipeline", "runtime"):
        for line in _files(_CODE / package):
            digest.update(line.encode())
    for site in _sites():
        for line in sorted(_entries(site)):
            digest.update(line.encode())
    return digest.hexdigest()[:32]


def _files(folder: Path) -> Iterator[str]:
    """Yield a line for each file below a folder."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir() and entry.name != "__pycache__":
                yield from _files(Path(entry.path))
            elif not entry.is_dir():
                yield _line(entry)


def _entries(folder: str) -> Iterator[str]:
    """Yield a line for each entry of a folder of libraries: installing one changes some of them."""
    with os.scandir(folder) as entries:
        for entry in entries:
            # the times of a library's own folder change when Python puts compiled files there
            yield _line(entry) if entry.name.endswith("-info") or not entry.is_dir() else f"{entry.path}\n"


def _line(entry: os.DirEntry[str]) -> str:
    try:
        state = entry.stat()
    except OSError:  # a link to nowhere, or a file that is just being deleted
        return f"{entry.path} leads nowhere\n"
    return f"{entry.path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}\n"


def _sites() -> list[str]:
    return sorted({path for path in sys.path if path.endswith("-packages") and Path(path).is_dir()})
