"""What git holds of an earlier revision: its files, and its sources as they read then."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import MaroviError

FOLDERS = ("articles", "templates", "pyproject.toml")


def commit_of(root: Path, revision: str) -> str:
    """The short hash of a revision. Raises MaroviError where git knows none of that name."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    found = _git(root, *words).decode().strip()
    if not found:
        raise MaroviError(
            f"git knows no revision {revision!r} here", "name a commit, or fetch it: a shallow clone has only the last"
        )
    return found[:10]


@contextmanager
def extracted(root: Path, commit: str) -> Iterator[Path]:
    """A folder that is gone afterwards, with the sources and templates of a commit as a project of their own.

    Links are left out: what they lead to lies outside.
    """
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    held = [name for name in FOLDERS if _git(root, "ls-tree", "--name-only", commit, "--", name)]
    with tempfile.TemporaryDirectory(prefix="marovi-base-") as folder:
        if held:
            packed = _git(root, "archive", "--format=tar", f"{commit}:{prefix}" if prefix else commit, *held)
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                for member in archive:
                    held_file = archive.extractfile(member) if member.isreg() else None
                    if held_file is not None:
                        path = Path(folder, member.name)
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(held_file.read())
        yield Path(folder)


def _git(root: Path, *words: str) -> bytes:
    """What git prints, b"" when it says no. Raises MaroviError without git."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except FileNotFoundError:
        raise MaroviError("git is not installed", "it is needed to look at an earlier revision") from None
    return done.stdout if done.returncode == 0 else b""
