"""What git knows about the sources: the commit a page names, and whether the folder has moved on since."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

UNCOMMITTED = ""


def head(root: Path) -> str:
    """The short hash of the commit checked out, "" outside a repository or before its first commit."""
    return _git(root, "rev-parse", "--short=10", "HEAD")


def changed(root: Path, folders: Iterable[str]) -> tuple[str, ...]:
    """The files in the folders that differ from the commit checked out, untracked ones too; by their names below
    `root`, as are the folders."""
    words = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *folders)
    prefix = _git(root, "rev-parse", "--show-prefix")  # of the project, when it is a folder of a larger repository
    return tuple(sorted(line[3:].removeprefix(prefix) for line in _git(root, *words).split("\0") if line))


def last_commits(root: Path, folders: Iterable[str]) -> dict[str, str]:
    """Folder -> short hash of the last commit that touched it, for those that one did. One pass through the history."""
    wanted = dict.fromkeys(folders)
    found: dict[str, str] = {}
    prefix = _git(root, "rev-parse", "--show-prefix")
    parents = sorted({str(PurePosixPath(folder).parent) for folder in wanted})
    command = ["git", "-C", str(root), "log", "--format=%x01%h", "--abbrev=10", "--name-only", "-c", "-z", "--"]
    try:
        history = subprocess.Popen([*command, *parents], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        return {}
    commit = ""
    with history:
        for piece in _pieces(history):
            if piece.startswith("\x01"):
                commit = piece[1:]
                continue
            for folder in map(str, PurePosixPath(piece.strip("\n").removeprefix(prefix)).parents):
                if folder in wanted:
                    found.setdefault(folder, commit)
            if len(found) == len(wanted):
                history.kill()  # the rest of the history tells nothing more
                break
    return found


def _pieces(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """What a process writes, up to each zero byte."""
    assert process.stdout is not None
    rest = b""
    while piece := process.stdout.read1(65536):  # type: ignore[attr-defined]
        *whole, rest = (rest + piece).split(b"\0")
        yield from (one.decode(errors="surrogateescape") for one in whole)
    if rest:
        yield rest.decode(errors="surrogateescape")


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
