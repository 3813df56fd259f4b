"""Which files of the project were saved: told within moments, by their names below the project's root."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

FOLDERS = ("articles", "templates", "runtime")
SETTINGS = "pyproject.toml"
# Milliseconds: files saved so close together are told together; nobody waits longer than the second for the others.
TOGETHER, AT_MOST = 4, 40
# Seconds: many editors empty a file, or take it away, before they write it. It is told when it is there with a text;
# one that stays empty or away is told all the same.
HALF_SAVED, LOOK_AGAIN = 0.25, 0.002
IDLE = 1000  # milliseconds without a change after which an empty set is told, for those who look at the clock


def changes(root: Path, stop: threading.Event) -> Iterator[frozenset[str]]:
    """Yield the names of files that came, went or changed, until `stop` is set.

    The same changes can be told twice. Changes made before the first set is asked for are not told.
    """
    root = root.resolve()
    # The file of settings is watched through its folder: editors put a new one in its place.
    wanted = DefaultFilter()
    found = watch(
        *(root / name for name in FOLDERS if (root / name).is_dir()),
        watch_filter=lambda change, path: wanted(change, path),
        debounce=AT_MOST,
        step=TOGETHER,
        stop_event=stop,
        rust_timeout=IDLE,
        yield_on_timeout=True,
        raise_interrupt=False,
    )
    settings = _stamp(root / SETTINGS)
    for some in found:
        await_saved(some, stop)
        names = {Path(path).relative_to(root).as_posix() for _, path in some}
        now = _stamp(root / SETTINGS)
        if now != settings:
            settings = now
            names.add(SETTINGS)
        yield frozenset(names)


def await_saved(some: Iterable[tuple[Change, str]], stop: threading.Event) -> None:
    """Wait until no file is half saved any more, for a moment at most."""
    made = {path for change, path in some if change is Change.added}
    # What was made and is gone again was an editor's own: nobody waits for it.
    waiting = [Path(path) for _, path in some if path not in made or Path(path).exists()]
    end = time.monotonic() + HALF_SAVED
    while waiting := [path for path in waiting if _is_half_saved(path)]:
        if time.monotonic() > end or stop.wait(LOOK_AGAIN):
            return


def _is_half_saved(path: Path) -> bool:
    try:
        return path.stat().st_size == 0 and path.is_file()
    except OSError:
        return True


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
