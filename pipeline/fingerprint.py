"""Has anything changed since the last build? Answered from the size and time of files, without reading them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.commits import head
from pipeline.config import Config

SKIPPED = {"__pycache__", "results.json"}

Mark = tuple[int, int, int]


def fingerprint_of_inputs(config: Config, *settings: object) -> str:
    """A digest that changes when a source, a template, the code, a setting, a library or the commit does."""
    digest = hashlib.sha256(repr((sys.version, settings, config, head(config.root))).encode())
    code = Path(__file__).parent
    roots = [config.root / "articles", config.root / "templates", code, code.parent / "runtime"]
    for root in roots:
        for line in _stats(root):
            digest.update(line.encode())
    for line in _libraries():
        digest.update(line.encode())
    return digest.hexdigest()


def fingerprint_of_code(config: Config) -> str:
    """A digest that changes when the code, a setting or a library does: what was made by other code is not the same."""
    digest = hashlib.sha256(repr((sys.version, config)).encode())
    for line in (*_stats(Path(__file__).parent), *_libraries()):
        digest.update(line.encode())
    return digest.hexdigest()


def fingerprint_of_outputs(files: Mapping[str, Mark]) -> str:
    """A digest that changes when one of these files is changed, added or deleted."""
    lines = (f"{path} {size} {modified} {inode}\n" for path, (size, modified, inode) in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode(errors="surrogateescape")).hexdigest()


def outputs(folder: Path, below: str = "") -> Iterator[tuple[str, Mark]]:
    """Every file in a folder by its path from there, with its marks."""
    try:
        entries = os.scandir(folder / below)
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            name = below + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from outputs(folder, name + "/")
            else:
                yield name, mark_of(entry.stat(follow_symlinks=False))


def mark_of(stat: os.stat_result) -> Mark:
    """What tells a file from how it was before: size, time of change in nanoseconds, inode."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _libraries() -> Iterator[str]:
    for site in sys.path:
        if site.endswith("-packages") and (path := Path(site)).is_dir():
            yield f"{site} {path.stat().st_mtime_ns}"


def _stats(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    pending = [folder]
    seen: set[tuple[int, int]] = set()
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name in SKIPPED:
                    continue
                try:
                    stat = entry.stat()
                except OSError:  # a link to nowhere, or a file that is just being deleted
                    yield f"{entry.path} leads nowhere\n"
                    continue
                if not entry.is_dir():
                    yield f"{entry.path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\n"
                elif (stat.st_dev, stat.st_ino) not in seen:  # a link to a folder is followed, but not in a circle
                    seen.add((stat.st_dev, stat.st_ino))
                    pending.append(Path(entry.path))
