"""Where answers lie between two builds: one file of answers, one after another, and an index of what each asked.

A memo is for the project's own machine and can be deleted at any time. What cannot be read, or was made by other code,
is no answer: the build then makes everything anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import marshal
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

Key = tuple[str, ...]
# digest, checked, changed, the numbers of what was asked, and where in the file the answer lies
Row = tuple[bytes, int, int, tuple[int, ...], int, int]

_INDEX, _ANSWERS = "index", "answers"
_MEMORY = 100  # builds for which an answer that nobody asks is kept
_WASTE = 2  # the file of answers may be so many times as long as what is still in use


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of an answer: its digest, the build it was last known to hold in, the one it changed in."""

    digest: bytes
    checked: int
    changed: int
    asked: tuple[Key, ...]


class DamagedError(Exception):
    """An answer is not the one that was kept."""


@contextmanager
def locked(folder: Path, stamp: str) -> Iterator[Store]:
    """The store in `folder`, for one build at a time; a second one meanwhile begins with nothing and keeps nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock, ExitStack() as stack:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="memo-", dir=folder.parent)))
        store = Store(folder, stamp)
        stack.callback(store.close)
        yield store


class Store:
    """The answers below `folder`, if they were made by the code that `stamp` names."""

    def __init__(self, folder: Path, stamp: str) -> None:
        self._folder = folder
        self._stamp = stamp
        self._names: list[Key] = []
        self._numbers: dict[Key, int] = {}
        self._rows: dict[int, Row] = {}
        self._answers: BinaryIO | None = None
        self._generation = ""
        self.builds = 0
        self._load()

    def __contains__(self, key: Key) -> bool:
        return self._numbers.get(key) in self._rows

    def find(self, key: Key) -> Kept | None:
        """Return what is known of an answer, or None."""
        row = self._rows.get(self._numbers.get(key, -1))
        if row is None:
            return None
        digest, checked, changed, asked, _, _ = row
        return Kept(digest, checked, changed, tuple(map(self._names.__getitem__, asked)))

    def read(self, key: Key) -> bytes:
        """Return an answer as it was kept. Raises DamagedError when it is another one."""
        return self._packed(self._rows[self._numbers[key]])

    def write(self, held: Iterable[Key], made: Mapping[Key, Kept], fresh: Mapping[Key, bytes], builds: int) -> None:
        """Note that those held are still true, and keep those made; `fresh` has the answers that are new."""
        self._folder.mkdir(parents=True, exist_ok=True)
        rows = self._rows
        for key in held:
            number = self._numbers[key]
            digest, _, changed, asked, start, size = rows[number]
            rows[number] = (digest, builds, changed, asked, start, size)
        used = sum(row[5] for row in rows.values())
        length = os.fstat(self._answers.fileno()).st_size if self._answers else 0
        anew = self._answers is None or length > _WASTE * used + 2**20
        generation = os.urandom(6).hex() if anew else self._generation
        path = self._folder / f"{_ANSWERS}-{generation}"
        with path.open("wb" if anew else "ab") as file:
            if anew:
                young = builds - _MEMORY
                rows = {number: self._copied(row, file) for number, row in rows.items() if row[1] > young}
            self._number(made)
            for key, entry in made.items():
                number = self._numbers[key]
                start, size = rows[number][4:] if number in rows else (0, 0)
                if key in fresh:
                    start, size = file.tell(), len(fresh[key])
                    file.write(fresh[key])
                asked = tuple(self._numbers[other] for other in entry.asked)
                rows[number] = (entry.digest, entry.checked, entry.changed, asked, start, size)
        index = marshal.dumps((self._names, rows, builds, generation))
        head = f"{self._stamp} {hashlib.blake2b(index, digest_size=16).hexdigest()}\n".encode()
        temporary = self._folder / f".{_INDEX}.{os.getpid()}"
        temporary.write_bytes(head + index)
        temporary.replace(self._folder / _INDEX)
        for old in self._folder.glob(f"{_ANSWERS}-*"):
            if old != path:
                old.unlink(missing_ok=True)

    def forget(self) -> None:
        """Keep nothing of what was kept."""
        self.close()
        self._names, self._numbers, self._rows, self.builds = [], {}, {}, 0
        (self._folder / _INDEX).unlink(missing_ok=True)

    def close(self) -> None:
        if self._answers is not None:
            self._answers.close()
            self._answers = None

    def _load(self) -> None:
        try:
            head, _, index = (self._folder / _INDEX).read_bytes().partition(b"\n")
            stamp, _, digest = head.decode().rpartition(" ")
            if stamp != self._stamp or hashlib.blake2b(index, digest_size=16).hexdigest() != digest:
                return
            self._names, self._rows, self.builds, self._generation = marshal.loads(index)
            self._answers = (self._folder / f"{_ANSWERS}-{self._generation}").open("rb")
        except (OSError, ValueError, EOFError, TypeError):
            self._names, self._rows, self.builds = [], {}, 0
            return
        self._numbers = {name: number for number, name in enumerate(self._names)}

    def _number(self, made: Mapping[Key, Kept]) -> None:
        """Give each name that has none a number."""
        for key, entry in made.items():
            for name in (key, *entry.asked):
                if name not in self._numbers:
                    self._numbers[name] = len(self._names)
                    self._names.append(name)

    def _copied(self, row: Row, file: BinaryIO) -> Row:
        if not row[5]:
            return row
        start, packed = file.tell(), self._packed(row)
        file.write(packed)
        return (*row[:4], start, len(packed))

    def _packed(self, row: Row) -> bytes:
        digest, _, _, _, start, length = row
        packed = os.pread(self._answers.fileno(), length, start) if self._answers else b""
        if hashlib.blake2b(packed, digest_size=16).digest() != digest:
            raise DamagedError(digest.hex())
        return packed
