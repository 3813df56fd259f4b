"""Keep the cache within its limit: what was used longest ago goes first, and what a build may be using stays."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.run.cache import RESULTS, TEMPORARY, remove

GRACE = 3600.0  # seconds since its last use in which another build may still be reading an entry or writing one


@dataclass(frozen=True, slots=True)
class Usage:
    """What a cache holds, and what was taken out of it."""

    entries: int
    size: int  # bytes
    evicted: int = 0
    freed: int = 0  # bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    folder: Path
    used: float  # seconds since 1970
    size: int


def usage(cache: Path) -> Usage:
    """Return how many entries there are and how many bytes they take."""
    kept = list(_entries(cache))
    return Usage(len(kept), sum(entry.size for entry in kept))


def evict(cache: Path, limit: int, used: Collection[Path] = (), grace: float = GRACE, remains: float = GRACE) -> Usage:
    """Take out entries, the one used longest ago first, until all of them together have at most `limit` bytes.

    `used` are the folders of entries that stay, as do all that were used within `grace` seconds: another build may be
    reading them, so the cache can be larger for a while. What killed builds left goes `remains` seconds after it was
    written. Other processes may read, write and evict at the same time.
    """
    now = time.time()
    _sweep(cache, now - remains)
    kept = sorted(_entries(cache), key=lambda entry: entry.used)
    size, evicted, freed = sum(entry.size for entry in kept), 0, 0
    stay = set(used)
    for entry in kept:
        if size - freed <= limit:
            break
        if entry.folder not in stay and entry.used <= now - grace and _remove(entry.folder):
            evicted += 1
            freed += entry.size
    return Usage(len(kept) - evicted, size - freed, evicted, freed)


def _entries(cache: Path) -> Iterator[_Kept]:
    for folder in _folders(cache):
        if folder.name.startswith(TEMPORARY):
            continue
        with suppress(OSError), os.scandir(folder) as files:
            stats = {file.name: file.stat() for file in files}
            size = sum(stat.st_blocks * 512 for stat in stats.values())
            # without its results it is damaged: it goes before all others
            yield _Kept(folder, stats[RESULTS].st_mtime if RESULTS in stats else 0.0, size)


def _folders(cache: Path) -> Iterator[Path]:
    """Yield the folders of entries, and what else lies beside them."""
    for start in _below(cache / "results"):
        for key in _below(start):
            yield from _below(key)


def _below(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries]
    except OSError:  # it is being removed, or is a stray file
        return []


def _remove(folder: Path) -> bool:
    done = remove(folder)
    _remove_empty(folder.parent)
    return done


def _sweep(cache: Path, before: float) -> None:
    """Remove what builds that were killed had begun to write or to remove, and the files of earlier versions."""
    for path in _folders(cache):
        with suppress(OSError):
            if (path.name.startswith(TEMPORARY) or path.is_file()) and path.lstat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                _remove_empty(path.parent)


def _remove_empty(folder: Path) -> None:
    for empty in (folder, folder.parent):
        with suppress(OSError):
            empty.rmdir()  # only when it is
