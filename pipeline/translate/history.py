"""What a source said when a translation was made from it: found in git, by the hashes of its sections."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.read.blocks import parse
from pipeline.read.context import Known, Reading
from pipeline.read.sections import section_hashes
from pipeline.read.version import read_head, split
from pipeline.translate.text import File, Section, take_apart


@dataclass(frozen=True, slots=True)
class State:
    """A source as it stood: its file taken apart and, in the order of its sections, their ids and hashes."""

    file: File
    hashes: Mapping[str, str]
    commit: str = ""  # "" for one that is in no commit
    when: int = 0  # seconds since 1970 at which it was committed

    def section(self, name: str) -> Section:
        return self.file.sections[list(self.hashes).index(name)]


def state_of(text: str, known: Known, summary: bool = False, commit: str = "", when: int = 0) -> State | None:
    """Read a state of a source; None for one that cannot be read."""
    reading = Reading("", "", known)
    head, body, line = split(text, reading)
    if head is None:
        return None
    words = ""
    if not summary:
        found = read_head(head, reading, {}, None)
        if found is None:
            return None
        words = found.words
    hashes = section_hashes(parse(body, reading, line), body, line, words)
    file = take_apart(text)
    return State(file, hashes, commit, when) if len(hashes) == len(file.sections) else None


def states(root: Path, file: str, known: Known, summary: bool = False) -> Iterator[State]:
    """The states of a source, the newest commit first. Nothing outside a repository."""
    log = _git(root, "log", "--format=%H %ct", "--", file)
    for line in log.splitlines():
        commit, when = line.split()
        text = _git(root, "show", f"{commit}:./{file}")
        state = state_of(text, known, summary, commit[:10], int(when)) if text else None
        if state is not None:
            yield state


def traced(found: Iterable[State], wanted: Mapping[str, str]) -> dict[str, State]:
    """Section -> the newest state in which it had the wanted hash, for those that ever had; looks no further back
    than it must."""
    missing, traces = dict(wanted), {}
    for state in found:
        for name in [name for name, digest in missing.items() if state.hashes.get(name) == digest]:
            traces[name] = state
            del missing[name]
        if not missing:
            break
    return traces


def changed_since(found: Iterable[State], wanted: Mapping[str, str]) -> dict[str, int | None]:
    """Section -> when it stopped being what its wanted hash says, in seconds since 1970; looks no further back than
    it must.

    None where no state has that hash; 0 where only the files on disk differ from the newest commit.
    """
    since: dict[str, int | None] = dict.fromkeys(wanted)
    missing, when = dict(wanted), 0
    for state in found:
        for name in [name for name, digest in missing.items() if state.hashes.get(name) == digest]:
            since[name] = when
            del missing[name]
        if not missing:
            break
        when = state.when
    return since


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
