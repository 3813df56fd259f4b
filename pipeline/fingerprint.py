"""Has anything changed since the last build? Answered from the size and time of files, without reading them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.commits import head
from pipeline.config import Config

SKIPPED = {"__pycache__", "results.json"}


def fingerprint_of_inputs(config: Config, *settings: object) -> str:
    """A digest that changes when a source, a template, the code, a setting, a library or the commit does."""
    digest = hashlib.sha256(repr((sys.version, settings, config, head(config.root))).encode())
    code = Path(__file__).parent
    roots = [config.root / "articles", config.root / "templates", code, code.parent / "runtime"]
    for root in roots:
        for line in _stats(root):
            digest.update(line.encode())
    for site in sys.path:
        if site.endswith("-packages") and (path := Path(site)).is_dir():
            digest.update(f"{site} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def fingerprint_of_outputs(folder: Path) -> str:
    """A digest that changes when a file in `folder` is changed, added or deleted; "" when it is missing."""
    if not folder.is_dir():
        return ""
    return hashlib.sha256("".join(_stats(folder)).encode()).hexdigest()


def _stats(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name in SKIPPED:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry.path))
                else:
                    stat = entry.stat()
                    yield f"{entry.path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\n"
