"""What git knows about the sources: the commit a page names, and whether the folder has moved on since."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

UNCOMMITTED = ""


def head(root: Path) -> str:
    """The short hash of the commit checked out, "" outside a repository or before its first commit."""
    return _git(root, "rev-parse", "--short=10", "HEAD")


def clean_head(root: Path, folders: Iterable[str]) -> str:
    """The commit checked out, UNCOMMITTED when something in the folders differs from it."""
    changed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *folders)
    return UNCOMMITTED if changed else head(root)


def last_changes(root: Path, folders: Iterable[Path]) -> dict[str, str]:
    """Folder name -> short hash of the last commit that touched it, UNCOMMITTED when its files differ from it."""
    names = {folder.name: folder.relative_to(root).as_posix() for folder in folders}
    if not head(root):
        return dict.fromkeys(names, UNCOMMITTED)
    prefix = _git(root, "rev-parse", "--show-prefix")  # of the project, when it is a folder of a larger repository
    words = ("status", "--porcelain", "--no-renames", "--untracked-files=all", "--", *names.values())
    changed = [line[3:].strip('"') for line in _git(root, *words).splitlines()] if names else []
    return {
        name: UNCOMMITTED
        if any(path.startswith(f"{prefix}{folder}/") for path in changed)
        else _git(root, "log", "-1", "--format=%h", "--abbrev=10", "--", folder)
        for name, folder in names.items()
    }


def tracked(root: Path, names: Iterable[str]) -> set[str]:
    """Those of the names, relative to `root`, that git has a file for."""
    wanted = list(names)
    return set(_git(root, "ls-files", "--", *wanted).splitlines()) if wanted else set()


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.rstrip("\n") if done.returncode == 0 else ""
