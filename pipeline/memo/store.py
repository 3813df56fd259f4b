"""Where answers lie between two builds: a file of answers, a table of what each asked, and what later builds changed.

A memo is for the project's own machine and can be deleted at any time. What cannot be read, or was made by other code,
is no answer: the build then makes everything anew.

`index` is the table as one build wrote it, `later-…` one record for each build since, `answers-…` the answers, one
after another. So a build writes what it changed and no more, until that has become much.
"""

from __future__ import annotations

import fcntl
import marshal
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from pipeline.memo.engine import Key
from pipeline.memo.table import Row, Table, key_of, name_of, packed

_INDEX, _LATER, _ANSWERS = "index", "later", "answers"
_MEMORY = 100  # builds for which an answer that nobody asks is kept
_WASTE = 2  # the file of answers may be so many times as long as what is still in use
_SHARE, _FEW = 8, 1000  # the table is written anew when one row in so many was changed since, and more than a few
_DIGEST = 16


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
    """The answers below `folder`, if they were made by the code that `stamp` names.

    Whoever changes rows goes by numbers. `stale` are the rows that asked something which is not any more what they
    were told; of the others each saw what now is there. `tops` are the rows that were asked for by no other, with the
    build in which they last were.
    """

    def __init__(self, folder: Path, stamp: str) -> None:
        self._folder = folder
        self._stamp = stamp
        self._begin()
        try:
            self._load()
        except (OSError, ValueError, EOFError, TypeError, KeyError, IndexError):
            self.close()
            self._begin()

    def _begin(self) -> None:
        self._table = Table(packed((), ()))
        self._base = ""  # the digest of the table, "" where it was not written yet
        self._names: list[bytes] = []  # of the numbers above those of the table
        self._numbers: dict[bytes, int] = {}
        self._rows: dict[int, Row | None] = {}  # those that are others than in the table
        self._askers: dict[int, dict[int, None]] = {}  # beside those in the table; some may ask no more
        self._unsaved: dict[int, None] = {}
        self._named = 0  # how many of the names are saved
        self._fresh: dict[int, bytes] = {}
        self._answers: BinaryIO | None = None
        self._generation = ""
        self._used = 0
        self.stale: set[int] = set()
        self.tops: dict[int, int] = {}
        self.builds = 0

    # --- by number ------------------------------------------------------------------------------------

    def number(self, key: Key) -> int:
        """The number of a key, a new one where it has none."""
        name = name_of(key)
        number = self._number(name)
        if number is None:
            number = self._numbers[name] = len(self._table) + len(self._names)
            self._names.append(name)
        return number

    def key(self, number: int) -> Key:
        return key_of(self._name(number))

    def row(self, number: int) -> Row | None:
        if number in self._rows:
            return self._rows[number]
        return self._table.row(number) if number < len(self._table) else None

    def height(self, number: int) -> int:
        """How high a row is, -1 where there is none."""
        if number in self._rows:
            row = self._rows[number]
            return -1 if row is None else row.height
        return self._table.height(number) if number < len(self._table) else -1

    def asked(self, number: int) -> Iterable[int]:
        row = self.row(number)
        return row.asked if row is not None else ()

    def askers(self, number: int) -> Iterator[int]:
        """The rows that ask for one, and perhaps some that did so once."""
        if number < len(self._table):
            yield from self._table.askers(number)
        yield from tuple(self._askers.get(number, ()))

    def leaves(self) -> Iterator[int]:
        """The rows that asked nothing."""
        yield from (number for number in self._table.leaves if number not in self._rows)
        yield from [number for number, row in self._rows.items() if row is not None and not row.asked]

    def set_row(self, number: int, row: Row | None, fresh: bytes | None = None) -> None:
        """Change a row, or take it away. `fresh` is its answer where that is another one and is to be kept."""
        before = self.row(number)
        self._used -= before.size if before is not None else 0
        if row is not None:
            if fresh is not None:
                self._fresh[number] = fresh
                row = row._replace(start=0, size=len(fresh))
            self._used += row.size
            asked_before = set(before.asked) if before is not None else set()
            for one in row.asked:
                if one not in asked_before:
                    self._askers.setdefault(one, {})[number] = None
        self._rows[number] = row
        self._unsaved[number] = None

    def packed(self, number: int) -> bytes:
        """An answer as it was kept. Raises DamagedError when it is another one."""
        row = self.row(number)
        assert row is not None, "asked only for rows that there are"
        if number in self._fresh:
            return self._fresh[number]
        found = os.pread(self._answers.fileno(), row.size, row.start) if self._answers else b""
        if blake2b(found, digest_size=_DIGEST).digest() != row.digest:
            raise DamagedError(row.digest.hex())
        return found

    # --- by key, for those who only read --------------------------------------------------------------

    def __contains__(self, key: Key) -> bool:
        number = self._number(name_of(key))
        return number is not None and self.height(number) >= 0

    def find(self, key: Key) -> Kept | None:
        """Return what is known of an answer, or None. What is stale was last known to hold before anything changed."""
        number = self._number(name_of(key))
        row = self.row(number) if number is not None else None
        if row is None:
            return None
        asked = tuple(self.key(one) for one in row.asked)
        return Kept(row.digest, -1 if number in self.stale else self.builds, 0, asked)

    def read(self, key: Key) -> bytes:
        """Return an answer as it was kept. Raises DamagedError when it is another one."""
        return self.packed(self.number(key))

    # --- on disk --------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep everything as it now is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.builds += 1
        length = os.fstat(self._answers.fileno()).st_size if self._answers else 0
        is_much = len(self._rows) > len(self._table) // _SHARE + _FEW
        if not self._base or is_much or length > _WASTE * self._used + 2**20:
            self._write_all(length > _WASTE * self._used + 2**20)
        else:
            self._write_later()
        self._unsaved.clear()
        self._fresh.clear()
        self._named = len(self._names)

    def forget(self) -> None:
        """Keep nothing of what was kept."""
        self.close()
        self._begin()
        (self._folder / _INDEX).unlink(missing_ok=True)

    def close(self) -> None:
        if self._answers is not None:
            self._answers.close()
            self._answers = None

    def _write_later(self) -> None:
        self._place(self._folder / f"{_ANSWERS}-{self._generation}")
        rows = {number: _plain(self._rows[number]) for number in self._unsaved}
        record = marshal.dumps((self._names[self._named :], rows, list(self.stale), self.tops, self._used, self.builds))
        with (self._folder / f"{_LATER}-{self._base}").open("ab") as file:
            file.write(len(record).to_bytes(8, "little") + blake2b(record, digest_size=_DIGEST).digest() + record)

    def _write_all(self, is_wasted: bool) -> None:
        """Write the table anew, without the rows that nobody needs any more; the answers too where many are none."""
        numbers = self._needed()
        anew = {number: place for place, number in enumerate(numbers)}
        if is_wasted or self._answers is None:
            self._generation = os.urandom(6).hex()
            self._copy(numbers, self._folder / f"{_ANSWERS}-{self._generation}")
        else:
            self._place(self._folder / f"{_ANSWERS}-{self._generation}")
        rows = []
        for number in numbers:
            row = self.row(number)
            rows.append(row._replace(asked=[anew[one] for one in row.asked]) if row is not None else None)
        table = packed([self._name(number) for number in numbers], rows)
        stale = [anew[number] for number in self.stale if number in anew]
        tops = {anew[number]: build for number, build in self.tops.items() if number in anew}
        used = sum(row.size for row in rows if row is not None)
        head = marshal.dumps((self._generation, stale, tops, used, self.builds))
        content = len(head).to_bytes(8, "little") + head + table
        digest = blake2b(content, digest_size=_DIGEST).hexdigest()
        temporary = self._folder / f".{_INDEX}.{os.getpid()}"
        with temporary.open("wb") as file:
            file.write(f"{self._stamp} {digest}\n".encode())
            file.write(content)
        temporary.replace(self._folder / _INDEX)
        for old in (*self._folder.glob(f"{_ANSWERS}-*"), *self._folder.glob(f"{_LATER}-*")):
            if old.name != f"{_ANSWERS}-{self._generation}":
                old.unlink(missing_ok=True)
        self.close()
        self._begin()  # the numbers are others now
        self._load()

    def _needed(self) -> list[int]:
        """The rows that were asked for within some builds, and those that they asked, from low to high numbers."""
        waiting = [number for number, build in self.tops.items() if build > self.builds - _MEMORY]
        needed = set(waiting)
        while waiting:
            fresh = set(self.asked(waiting.pop())) - needed
            needed |= fresh
            waiting += fresh
        return sorted(needed)

    def _place(self, path: Path) -> None:
        """Write the answers that are new behind the others."""
        with path.open("ab") as file:
            for number, found in self._fresh.items():
                row = self._rows[number]
                if row is not None:
                    self._rows[number] = row._replace(start=file.tell())
                    file.write(found)

    def _copy(self, numbers: Iterable[int], path: Path) -> None:
        """Write the answers of these rows into a file of their own."""
        with path.open("wb") as file:
            for number in numbers:
                row = self.row(number)
                if row is not None and row.size:
                    found = self.packed(number)
                    self._rows[number] = row._replace(start=file.tell())
                    file.write(found)

    def _load(self) -> None:
        head, _, content = (self._folder / _INDEX).read_bytes().partition(b"\n")
        stamp, _, digest = head.decode().rpartition(" ")
        if stamp != self._stamp or blake2b(content, digest_size=_DIGEST).hexdigest() != digest:
            return
        size = int.from_bytes(content[:8], "little")
        generation, stale, self.tops, self._used, self.builds = marshal.loads(content[8 : 8 + size])
        self._table, self.stale = Table(content[8 + size :]), set(stale)
        self._generation, self._base = generation, digest
        self._answers = (self._folder / f"{_ANSWERS}-{generation}").open("rb")
        self._load_later()

    def _load_later(self) -> None:
        """Take over what the builds since changed, up to the first record that is not whole: that build was killed."""
        path = self._folder / f"{_LATER}-{self._base}"
        content, place = path.read_bytes() if path.exists() else b"", 0
        while place < len(content):
            start = place + 8 + _DIGEST
            end = start + int.from_bytes(content[place : place + 8], "little")
            record = content[start:end]
            if blake2b(record, digest_size=_DIGEST).digest() != content[place + 8 : start]:
                os.truncate(path, place)
                break
            names, rows, stale, self.tops, used, self.builds = marshal.loads(record)
            for name in names:
                self._numbers[name] = len(self._table) + len(self._names)
                self._names.append(name)
            for number, row in rows.items():
                self.set_row(number, Row(*row) if row is not None else None)
            self.stale, self._used, place = set(stale), used, end
        self._unsaved.clear()
        self._named = len(self._names)

    def _number(self, name: bytes) -> int | None:
        found = self._numbers.get(name)
        return found if found is not None else self._table.number(name)

    def _name(self, number: int) -> bytes:
        if number < len(self._table):
            return self._table.name(number)
        return self._names[number - len(self._table)]


def _plain(row: Row | None) -> tuple[object, ...] | None:
    return (row.digest, tuple(row.asked), row.start, row.size, row.height) if row is not None else None
