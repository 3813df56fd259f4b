"""Remove a folder that article code has written in, whatever it made there."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder and all in it, if it is there.

    A folder nested thousands deep, whose path no call would take and no recursion would reach the end of, is taken
    apart level by level: what is in a folder moves up before that folder goes. Nothing behind a link is touched.
    """
    if folder.is_symlink():
        folder.unlink(missing_ok=True)
        return
    for number, child in enumerate(_emptied(folder)):
        for inner in _entries(child):
            with contextlib.suppress(OSError):
                inner.rename(folder / f".{number}-{inner.stat(follow_symlinks=False).st_ino}")
        with contextlib.suppress(OSError):
            child.rmdir()
    shutil.rmtree(folder, ignore_errors=True)


def _emptied(folder: Path) -> Iterator[Path]:
    """Remove the files of a folder and yield its folders, again and again as long as there are some."""
    seen: set[int] = set()
    while True:
        folders = []
        for path in _entries(folder):
            if path.is_dir() and not path.is_symlink():
                folders.append(path)
            else:
                with contextlib.suppress(OSError):
                    path.unlink()
        fresh = [path for path in folders if path.stat().st_ino not in seen]
        if not fresh:
            return
        seen.update(path.stat().st_ino for path in fresh)
        yield from fresh


def _entries(folder: Path) -> list[Path]:
    """List a folder, after taking back the rights to do so."""
    try:
        folder.chmod(0o700)
        return [Path(entry.path) for entry in os.scandir(folder)]
    except OSError:
        return []
