"""What git knows about the sources: the commit a page names, and whether the folder has moved on since."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

UNCOMMITTED = ""


def head(root: Path) -> str:
    """The short hash of the commit checked out, "" outside a repository or before its first commit."""
    return _git(root, "rev-parse", "--short=10", "HEAD")


def state(root: Path, folders: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The short hash of the commit checked out, as `head` gives it, and the files in the folders that differ from it,
    untracked ones too; by their names below `root`, as are the folders."""
    words = ("status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=all", "--", *folders)
    commit, files = UNCOMMITTED, []
    prefix = _prefix(root)
    for line in _git(root, *words).split("\0"):
        kind, _, rest = line.partition(" ")
        if line.startswith("# branch.oid ") and not line.endswith("(initial)"):
            commit = line.removeprefix("# branch.oid ")[:10]
        elif kind in _FIELDS:
            files.append(rest.split(" ", _FIELDS[kind])[-1].removeprefix(prefix))
    return commit, tuple(sorted(files))


_FIELDS = {"1": 7, "u": 9, "?": 0}  # what stands before the name, by the kind of line


def last_commits(root: Path, folders: Iterable[str]) -> dict[str, str]:
    """Folder -> short hash of the last commit that touched it, for those that one did. One pass through the history."""
    wanted = dict.fromkeys(folders)
    found: dict[str, str] = {}
    prefix = _prefix(root)
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


def _prefix(root: Path) -> str:
    """Where the project is in its repository, when that is a larger one."""
    return "" if (root / ".git").exists() else _git(root, "rev-parse", "--show-prefix")


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.rstrip("\n") if done.returncode == 0 else ""
