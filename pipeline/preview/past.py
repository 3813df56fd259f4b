"""What a topic's results.json held, commit by commit, and in which commits the digits of one thing changed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pipeline.memo import git, reading
from pipeline.memo.engine import Memo, query
from pipeline.verify.accepted import NAME

LOOKED_AT = 200  # commits of one file, the newest first
_REMEMBERED = 1000  # states of results.json, a few kilobytes each
_NOTHING = "0" * 40

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """The part of a results.json in which changes are looked for."""

    printed: Words = field(default_factory=dict)  # `p[0]:.3f` -> its digits
    figures: Words = field(default_factory=dict)  # name -> hash of the data
    output: Words = field(default_factory=dict)  # label of a cell -> what it printed and gave


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit that touched a topic's results.json."""

    commit: str  # short
    date: str  # ISO 8601, of the author
    subject: str
    held: Held


@dataclass(frozen=True, slots=True)
class Past:
    """The revisions, the newest first; `is_whole` unless there are more than were looked at."""

    revisions: tuple[Revision, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit made of something printed; `old` is "" where there was nothing before, `new` where it went."""

    commit: str  # "" for what is in no commit yet
    date: str
    subject: str
    what: str
    old: str
    new: str


@query
def past(memo: Memo, slug: str) -> Past:
    """The past of a topic's results; none outside a repository or for a file that git does not know."""
    if not git.head(memo):
        return Past()
    return revisions(memo.given.root, f"{reading.folder_of(memo, slug)}/{NAME}")


def revisions(root: Path, file: str, limit: int = LOOKED_AT) -> Past:
    """Ask git for the commits that touched a file, at most `limit`, and what the file held in each.

    A state that cannot be read is passed over. What the file was called before it was renamed is not looked for: git
    would take the like-looking results of another topic for it.
    """
    lines = ("log", f"-n{limit + 1}", "-c", "--raw", "--no-abbrev", "--format=%x01%H%x00%as%x00%s")
    log = _git(root, *lines, "--", file).decode(errors="replace")
    found: list[tuple[str, str, str, str]] = []  # commit, date, subject, blob
    for entry in log.split("\x01")[1:]:
        head, _, raw = entry.partition("\n")
        blob = _blob(raw)
        if blob:
            commit, date, subject = head.split("\0", 2)
            found.append((commit[:10], date, subject, blob))
    held = _states(root, [blob for *_, blob in found[:limit]])
    known = tuple(
        Revision(commit, date, subject, held[blob]) for commit, date, subject, blob in found[:limit] if blob in held
    )
    return Past(known, len(found) <= limit)


def changes_of(known: Past, pick: Callable[[Held], Words], now: Words | None = None) -> tuple[Change, ...]:
    """Return what changed among the things that `pick` picks, the newest first.

    `now` is what they are as things stand: where that is in no commit yet it comes first, without one.
    """
    states: list[tuple[str, str, str, Words]] = [
        (one.commit, one.date, one.subject, pick(one.held)) for one in known.revisions
    ]
    if now is not None and states:
        states.insert(0, ("", "", "", now))
    found = [
        Change(commit, date, subject, *words)
        for (commit, date, subject, after), (_, _, _, before) in pairwise(states)
        for words in _differences(before, after)
    ]
    if states and known.is_whole:
        commit, date, subject, first = states[-1]
        found += [Change(commit, date, subject, *words) for words in _differences({}, first)]
    return tuple(found)


def _differences(before: Words, after: Words) -> Iterator[tuple[str, str, str]]:
    """What, old, new. Something that is printed in other digits under another format is one change, not two."""
    gone = [what for what in before if what not in after]
    come = [what for what in after if what not in before]
    if len(gone) == len(come) == 1:
        if before[gone[0]] != after[come[0]]:
            yield come[0], before[gone[0]], after[come[0]]
    else:
        # another way to print what was printed already changes no digits of it
        others = bool(before.keys() & after.keys())
        for what in () if others else gone:
            yield what, before[what], ""
        for what in () if others else come:
            yield what, "", after[what]
    for what in sorted(before.keys() & after.keys()):
        if before[what] != after[what]:
            yield what, before[what], after[what]


def _blob(raw: str) -> str:
    """The file's content after the commit, from git's raw lines; of a merge it has a colon for each parent."""
    for line in raw.splitlines():
        meta = line.partition("\t")[0]
        parents = len(meta) - len(meta.lstrip(":"))
        fields = meta.lstrip(":").split()
        if parents and len(fields) > 2 * parents + 1:
            return fields[2 * parents + 1]
    return ""


_known: dict[str, Held] = {}  # by what git calls the content: it is never another


def _states(root: Path, blobs: Iterable[str]) -> dict[str, Held]:
    wanted = list(dict.fromkeys(blobs))
    missing = [blob for blob in wanted if blob not in _known and blob != _NOTHING]
    for blob, content in _contents(root, missing):
        held = _held(content)
        if held is not None:
            _known[blob] = held
    found = {blob: _known[blob] for blob in wanted if blob in _known}
    while len(_known) > _REMEMBERED:
        _known.pop(next(iter(_known)), None)
    return found | {blob: Held() for blob in wanted if blob == _NOTHING}


def _contents(root: Path, blobs: list[str]) -> Iterator[tuple[str, bytes]]:
    output = _git(root, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs)) if blobs else b""
    while output:
        head, _, output = output.partition(b"\n")
        blob, kind, *size = head.decode().split()
        if kind == "blob":
            yield blob, output[: int(size[0])]
            output = output[int(size[0]) + 1 :]


def _held(content: bytes) -> Held | None:
    try:
        data = json.loads(content)
        output = {
            cell: "\n".join(filter(None, (one.get("stdout"), one.get("value")))) for cell, one in data["output"].items()
        }
        return Held(dict(data["printed"]), dict(data["figures"]), output)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _git(root: Path, *words: str, given: str = "") -> bytes:
    try:
        command = ["git", "-C", str(root), *words]
        done = subprocess.run(command, input=given.encode(), capture_output=True, check=False)
    except FileNotFoundError:
        return b""
    return done.stdout if done.returncode == 0 else b""
