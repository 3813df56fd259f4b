"""A project whose builds a waiting process may do, as its tests use it: from outside, through the command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.waiting.channel import connected, peer
from tests.processes import started

SAID = Path(__file__).with_name("said.py")
PLENTY = 60.0  # seconds for what takes one
EDITED = "articles/tiny/en.md"

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended; `served` where another process ran it."""

    code: int
    out: str
    err: str
    served: bool


class House:
    """The project at `root`; `code` is the folder that our packages lie in."""

    def __init__(self, root: Path, code: Path) -> None:
        self.root, self.code = root, code
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAROVI_", "PYTHON"))}
        self.environment = {**kept, "PYTHONPATH": str(code)}
        self._notes = 0

    def start(
        self, *words: str, prefix: Sequence[str] = (), **options: Any
    ) -> AbstractContextManager[subprocess.Popen[str]]:
        """Begin `marovi WORDS` in the project."""
        self._notes += 1
        where = () if "cwd" in options else ("--root", str(self.root))
        command = [*prefix, sys.executable, str(SAID), str(self._note), *where, *words]
        given: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return started(command, **{**given, "env": self.environment, **options})

    @property
    def _note(self) -> Path:
        return self.root.parent / f"{self.root.name}-said-{self._notes}"

    def run(self, *words: str, **options: Any) -> Done:
        """Run `marovi WORDS` in the project to its end."""
        with self.start(*words, **options) as process:
            note = self._note
            out, err = process.communicate(timeout=PLENTY)
        return Done(process.returncode, out or "", err or "", note.exists() and note.read_text() == "there")

    def wait(self, **options: Any) -> int:
        """Build so that a process waits, and return its number once it does."""
        assert self.run("build", "--keep", **options).code in (0, 1)
        return until(self.waiting)

    def waiting(self) -> int:
        """The process that listens; 0 where none does."""
        connection = connected(str(self.folder))
        if connection is None:
            return 0
        with connection:
            return peer(connection)[0]

    @property
    def folder(self) -> Path:
        return self.root / ".marovi" / "waiting"

    def edit(self, words: str) -> None:
        """Add a paragraph."""
        path = self.root / EDITED
        path.write_text(path.read_text(encoding="utf-8").rstrip() + f"\n\n{words}\n", encoding="utf-8")

    def slow_down(self, seconds: float) -> None:
        """Have a cell take long, so that there is a build to do something to."""
        path = self.root / EDITED
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('glue("count"', f'__import__("time").sleep({seconds})\nglue("count"'), "utf-8")

    def built(self) -> dict[str, bytes]:
        """Every file of the last build."""
        folder = self.root / "build"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def children(process: int) -> list[int]:
    """The processes that one has forked."""
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return []


def at_work(server: int) -> int:
    """The process that a waiting one has forked for a build, once that has begun a server of cells; 0 before.

    Not once it has any child: while it starts git it waits in vfork, and is not stopped where git is stopped first.
    """
    return next((child for child in children(server) if any(map(_serves_cells, children(child)))), 0)


def _serves_cells(process: int) -> bool:
    try:
        return b"pipeline.run.server" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def is_alive(process: int) -> bool:
    """Whether a process runs: one that has ended and was not let go yet does not."""
    return process > 0 and state(process) not in ("", "Z")


def state(process: int) -> str:
    """The letter of /proc for what a process does; "" where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def until(look: Callable[[], Found]) -> Found:
    """Wait for something to be so."""
    end = time.monotonic() + PLENTY
    while not (found := look()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found
