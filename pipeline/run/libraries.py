"""Which libraries are installed, in which version and build, without importing or parsing much."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path

ABSENT = "absent"


class Libraries:
    """The libraries below the folders that Python imports from, as they are when this is made."""

    def __init__(self) -> None:
        self._folders: dict[str, Path] = {}  # name -> its folder of metadata, the one that wins
        self._versions: dict[str, str] = {}
        for site in sites():
            with os.scandir(site) as entries:
                for entry in entries:
                    if entry.name.endswith(".dist-info"):
                        name, _, version = entry.name.removesuffix(".dist-info").partition("-")
                        if self._folders.setdefault(normal(name), Path(entry.path)) == Path(entry.path):
                            self._versions[normal(name)] = version

    def version(self, name: str) -> str:
        """Return a library's version and, where it says so, for what it was built; "absent" when it is not there."""
        name = normal(name)
        if name not in self._folders:
            return ABSENT
        return " ".join([self._versions[name], *_tags(self._folders[name])])

    def owners(self, top: str) -> tuple[str, ...]:
        """Return the libraries that a file or folder of this name among the libraries belongs to."""
        if top.endswith(".dist-info"):
            return (normal(top.partition("-")[0]),)
        return self._owners().get(top, ())

    def _owners(self) -> dict[str, tuple[str, ...]]:
        if not hasattr(self, "_known"):
            found: dict[str, list[str]] = {}
            for name, folder in sorted(self._folders.items()):
                for top in _tops(folder, _changed(folder / "RECORD")):
                    found.setdefault(top, []).append(name)
            self._known = {top: tuple(names) for top, names in found.items()}
        return self._known


def sites() -> list[Path]:
    """Return the folders of libraries that Python imports from, in its order."""
    return [path for folder in sys.path if folder.endswith("-packages") and (path := Path(folder)).is_dir()]


def normal(name: str) -> str:
    """Return a library's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@cache  # the lists of large libraries have tens of thousands of lines
def _tops(folder: Path, changed: int) -> set[str]:
    """Return the first part of each path that a library has installed, by its list that was changed then."""
    try:
        lines = (folder / "RECORD").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):  # some distributions of Linux install without
        return {folder.name.partition("-")[0]}
    return {line.partition(",")[0].partition("/")[0].strip('"') for line in lines} - {folder.name, "..", "__pycache__"}


@cache
def _tags(folder: Path) -> tuple[str, ...]:
    """Return what a wheel was built for: a library of the same version may have been built by somebody else."""
    try:
        lines = (folder / "WHEEL").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(line.partition(":")[2].strip() for line in lines if line.startswith(("Tag:", "Build:")))
