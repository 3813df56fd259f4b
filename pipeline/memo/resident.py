"""A memo for a process that stays: what did not change is not even looked at, because somebody says what did.

A build looks at every file that an answer was made from. A process that is told of each change can do without: answers
that follow from none of the changed ones hold as they are, and the others are looked at as in a build. What it comes to
know it keeps for itself, in memory, so that builds beside it are not in its way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from pickle import loads
from typing import Any

from pipeline.config import Config
from pipeline.fingerprint import fingerprint_of_code
from pipeline.memo import git, inputs
from pipeline.memo.engine import QUERIES, Key, Memo, Query, pack
from pipeline.memo.given import Given
from pipeline.memo.store import Kept, Store

GIT: Key = (git.state.name,)


def resident(config: Config, folder: str) -> ResidentMemo:
    """Return a memo that begins with what the last build left in `folder` below the project's state."""
    memo = ResidentMemo(_InMemory(Store(config.state / folder, fingerprint_of_code(config))))
    memo.given = Given(config, memo)
    return memo


def keys_of(names: Iterable[str]) -> set[Key]:
    """What is to be looked at again when files of these names (below the project's root) came, went or changed."""
    found: set[Key] = set()
    for name in names:
        path = PurePosixPath(name)
        found |= {(inputs.stamp.name, name), (inputs.listing.name, name)}
        # a folder of files that came one by one may have come as one, with all folders above it
        found |= {(inputs.listing.name, above.as_posix()) for above in path.parents}
    return found


@dataclass(slots=True)
class Known:
    """An answer as it is known. `checked` and `changed` count looks."""

    digest: bytes
    checked: int
    changed: int
    asked: tuple[Key, ...]
    is_held: bool = False  # whether it is from an earlier look
    packed: bytes | None = None  # the answer as it is to be kept, where it was made in this look and is to be
    answer: Any = None
    has_answer: bool = False


class _InMemory:
    """What a build left, and on top of it what this process came to know."""

    def __init__(self, below: Store) -> None:
        self._below = below
        self._entries: dict[Key, tuple[Kept, bytes | None]] = {}
        self.builds = below.builds

    def __contains__(self, key: Key) -> bool:
        return key in self._entries or key in self._below

    def find(self, key: Key) -> Kept | None:
        found = self._entries.get(key)
        return found[0] if found else self._below.find(key)

    def read(self, key: Key) -> bytes:
        packed = self._entries.get(key, (None, None))[1]
        return packed if packed is not None else self._below.read(key)

    def write(self, made: Mapping[Key, Kept], fresh: Mapping[Key, bytes], builds: int) -> None:
        for key, entry in made.items():
            packed = fresh[key] if key in fresh else self._entries.get(key, (None, None))[1]
            self._entries[key] = (entry, packed)
        self.builds = builds

    def close(self) -> None:
        self._below.close()


class _Noting(dict[Key, Known]):
    """Answers, with a note of those that are new."""

    def __init__(self) -> None:
        super().__init__()
        self.fresh: dict[Key, None] = {}

    def __setitem__(self, key: Key, known: Known) -> None:
        super().__setitem__(key, known)
        self.fresh[key] = None


class ResidentMemo(Memo):
    """A memo that goes on to the next look with `again`, from what changed since the last one."""

    def __init__(self, store: _InMemory) -> None:
        self.store = store
        self._known = _Noting()
        self._asking: list[dict[Key, None]] = []
        self._running: set[Key] = set()
        self._askers: dict[Key, set[Key]] = {}  # by what they ask, or once asked
        self._doubtful: dict[Key, Known] = {}  # answers that something changed below, until somebody asks for them

    @property
    def now(self) -> int:
        return self.store.builds + 1

    def ask(self, key: Key) -> Any:
        if self._asking:
            self._asking[-1][key] = None
        known = self._bring_up_to_date(key)
        if not known.has_answer:
            query = QUERIES.get(key[0])
            if query is not None and not query.is_kept:
                return self._make(key, query).answer
            known.answer, known.has_answer = loads(self.store.read(key)), True
        return known.answer

    def held(self, key: Key) -> Any:
        if key in self._known or key in self.store:
            asking, self._asking = self._asking, []
            try:
                return self.ask(key)
            finally:
                self._asking = asking
        return None

    def digest(self, key: Key) -> bytes:
        if self._asking:
            self._asking[-1][key] = None
        return self._bring_up_to_date(key).digest

    def again(self, changed: Collection[Key] | None) -> None:
        """Begin the next look: what follows from `changed` is in doubt, the rest holds. With None everything is."""
        self.settle()
        if changed is None:
            for key in list(self._known):
                self._doubt(key)
            self._askers.clear()
        else:
            self._drop([key for key in changed if self._is_other(key)])

    def put(self, key: Key, answer: Any) -> None:
        self.settle()  # the next answers are of a later time than all that were asked for until now
        before, known = self.store.find(key), self._noted(key, answer, ())
        if before is not None and before.digest != known.digest:
            self._drop((key,))
        self._doubtful.pop(key, None)
        self._known[key] = known

    def _is_other(self, key: Key) -> bool:
        """Look at something outside again, and say whether it is not what it was."""
        known = self._known.get(key)
        return (
            known is not None and self._noted(key, QUERIES[key[0]].function(self, *key[1:]), ()).digest != known.digest
        )

    def settle(self) -> None:
        """Keep what was found out since the last time, without the answers that are too large to stay.

        `again` does so as well; who has time before it saves it some.
        """
        made, packed = {}, {}
        for key in self._known.fresh:
            known = self._known.get(key)
            if known is None:
                continue
            for asked in known.asked:
                self._askers.setdefault(asked, set()).add(key)
            is_kept = key[0] not in QUERIES or QUERIES[key[0]].is_kept
            if not known.is_held:
                made[key] = Kept(known.digest, known.checked, known.changed, known.asked)
            if known.packed is not None and is_kept:
                packed[key] = known.packed
            if not is_kept:
                known.answer, known.has_answer = None, False
            known.packed = None
        self._known.fresh.clear()
        self.store.write(made, packed, self.now)

    def _drop(self, keys: Iterable[Key]) -> None:
        """Forget these answers of the last look and all that follow from them; what they were is in the store."""
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            self._doubt(key)
            waiting.extend(self._askers.pop(key, ()))

    def _doubt(self, key: Key) -> None:
        known = self._known.pop(key, None)
        if known is not None:
            known.checked = self.now - 1  # until now nothing that it asked had changed
            self._doubtful[key] = known

    def _bring_up_to_date(self, key: Key) -> Known:
        known = self._known.get(key)
        if known is not None:
            return known
        doubtful = self._doubtful.pop(key, None)
        query = QUERIES.get(key[0])
        if doubtful is None or query is None or query.is_input:
            return self._brought_up_from_store(key, query)
        if not self._holds(Kept(doubtful.digest, doubtful.checked, doubtful.changed, doubtful.asked)):
            return self._make(key, query)
        doubtful.checked = self.now
        self._known[key] = doubtful
        return doubtful

    def _brought_up_from_store(self, key: Key, query: Query[Any, Any] | None) -> Known:
        kept = self.store.find(key)
        if kept is not None and (query is None or (not query.is_input and self._holds(kept))):
            known = Known(kept.digest, self.now, kept.changed, kept.asked, True)
            self._known[key] = known
            return known
        if query is None:
            raise KeyError(f"nobody has put {key}")
        return self._make(key, query)

    def _holds(self, kept: Kept) -> bool:
        # in the order in which they were asked: a later question may make sense only while the earlier ones hold
        known, checked = self._known, kept.checked
        try:
            return all((known.get(asked) or self._bring_up_to_date(asked)).changed <= checked for asked in kept.asked)
        except Exception:
            return False  # whoever still asks this will hear what is wrong

    def _make(self, key: Key, query: Query[Any, Any]) -> Known:
        if key in self._running:
            raise RuntimeError(f"{key} asks itself")
        self._running.add(key)
        self._asking.append({})
        try:
            answer = query.function(self, *key[1:])
        finally:
            asked = tuple(self._asking.pop())
            self._running.discard(key)
        self.made += 1
        known = self._noted(key, answer, asked)
        if not query.is_kept:
            known.packed = None
        self._known[key] = known
        return known

    def _noted(self, key: Key, answer: Any, asked: tuple[Key, ...]) -> Known:
        packed, digest = pack(answer)
        kept = self.store.find(key)
        if kept is not None and kept.digest == digest:
            return Known(digest, self.now, kept.changed, asked, False, None, answer, True)
        return Known(digest, self.now, self.now, asked, False, packed, answer, True)
