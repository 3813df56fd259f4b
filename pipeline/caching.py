"""`marovi cache`: how much the results of cells take, and taking out what is damaged, old, or everything."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.config import UNITS, Config


def command(config: Config, options: Any) -> int:
    """Do what the options say, then show what the cache holds; 1 when `--check` found damage."""
    from pipeline.run import eviction

    damaged = remove_damaged(config.cache) if options.check else 0
    if options.clear:
        shutil.rmtree(config.cache / "results", ignore_errors=True)
    evicted = eviction.evict(config.cache, config.cache_limit) if options.evict else eviction.usage(config.cache)
    if options.json:
        print(json.dumps({**asdict(evicted), "damaged": damaged, "limit": config.cache_limit}))
    else:
        if options.check:
            print(f"{damaged} damaged entries were taken out", file=sys.stderr if damaged else sys.stdout)
        if options.evict:
            print(f"Took out {evicted.evicted} entries, {_spoken(evicted.freed)}")
        print(f"{evicted.entries} entries, {_spoken(evicted.size)} of {_spoken(config.cache_limit)}, in {config.cache}")
    return 1 if damaged else 0


def remove_damaged(cache: Path) -> int:
    """Read every entry with its pictures and take out those that are not as they were written; return how many."""
    from pipeline.run.cache import CHECKED, TEMPORARY, read, remove

    damaged = 0
    for folder in sorted((cache / "results").glob("*/*/*")):
        if folder.name.startswith(TEMPORARY) or not folder.is_dir():
            continue
        with suppress(OSError):
            (folder / CHECKED).unlink()  # or pictures would be believed by their times
        if read(folder, folder.parent.name) is None and remove(folder):
            damaged += 1
    return damaged


def _spoken(size: int) -> str:
    unit = next((name for name in ("GiB", "MiB", "KiB") if size >= UNITS[name]), "B")
    return f"{size / UNITS[unit]:.3g} {unit}"
