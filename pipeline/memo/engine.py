"""Queries that remember: a query is asked again only when something that it asked the last time came out otherwise.

The way of Salsa and of Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte" (2018): what a query asks is
recorded while it runs, so nobody has to declare it; a query that was asked anew and came out the same as before leaves
those that depend on it alone. Time is a counter of builds: an answer holds while nothing that it asked has changed
since it was last known to hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import update_wrapper
from hashlib import blake2b
from pickle import HIGHEST_PROTOCOL, dumps, loads
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from pipeline.memo.store import Kept, Store

if TYPE_CHECKING:
    from pipeline.memo.given import Given

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Key = tuple[str, ...]


@dataclass(slots=True)
class Known:
    """An answer in this build. `checked` and `changed` count builds."""

    digest: bytes
    checked: int
    changed: int
    asked: tuple[Key, ...]
    is_held: bool = False  # whether it is from an earlier build
    packed: bytes | None = None  # the answer as it is to be kept, where it was made in this build and is to be
    answer: Any = None
    has_answer: bool = False


class Query(Generic[Arguments, Answer]):
    """A function of a memo and of strings whose answers are kept; what `@query` makes."""

    def __init__(
        self, function: Callable[Concatenate[Memo, Arguments], Answer], *, is_input: bool = False, is_kept: bool = True
    ) -> None:
        update_wrapper(self, function)
        self.name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        self.function = function
        self.is_input = is_input
        self.is_kept = is_kept
        if QUERIES.setdefault(self.name, self) is not self:
            raise ValueError(f"two queries are called {self.name!r}")

    def __call__(self, memo: Memo, *arguments: Arguments.args, **nothing: Arguments.kwargs) -> Answer:
        return memo.ask((self.name, *arguments))  # type: ignore[arg-type, no-any-return]


QUERIES: dict[str, Query[Any, Any]] = {}


def query(function: Callable[Concatenate[Memo, Arguments], Answer]) -> Query[Arguments, Answer]:
    """A step of the build. Its arguments are strings; what it answers can be pickled, and holds no sets, whose order
    is another in each process; all it looks at it asks of other queries."""
    return Query(function)


def fleeting(function: Callable[Concatenate[Memo, Arguments], Answer]) -> Query[Arguments, Answer]:
    """A query whose answers are large and are needed only by others that keep what they took from them: of these it is
    remembered what they were, not they themselves. One that is needed all the same is made again."""
    return Query(function, is_kept=False)


def outside(function: Callable[Concatenate[Memo, Arguments], Answer]) -> Query[Arguments, Answer]:
    """A look at the world outside, made anew once in each build: a file, a folder, what git says."""
    return Query(function, is_input=True)


@dataclass(slots=True)
class Memo:
    """The answers of one build. `given` is what the queries may use without asking: the project's settings."""

    store: Store
    given: Given = field(init=False)
    _known: dict[Key, Known] = field(default_factory=dict)
    _asking: list[dict[Key, None]] = field(default_factory=list)
    _running: set[Key] = field(default_factory=set)
    made: int = 0  # answers that were made in this build, for those who count

    @property
    def now(self) -> int:
        return self.store.builds + 1

    def ask(self, key: Key) -> Any:
        """Answer a query, from memory where that still holds, and note that the query now running asked it."""
        if self._asking:
            self._asking[-1][key] = None
        known = self._bring_up_to_date(key)
        if not known.has_answer:
            query = QUERIES.get(key[0])
            if query is not None and not query.is_kept:
                return self._make(key, query).answer
            known.answer, known.has_answer = loads(self.store.read(key)), True
        return known.answer

    def put(self, key: Key, answer: Any) -> None:
        """Give an answer that no query makes, such as what a run of cells gave; it stays until the next one."""
        self._known[key] = self._noted(key, answer, ())

    def held(self, key: Key) -> Any:
        """Return what `put` gave, in this build or an earlier one, or None; nobody is noted as having asked."""
        if key in self._known or key in self.store:
            asking, self._asking = self._asking, []
            try:
                return self.ask(key)
            finally:
                self._asking = asking
        return None

    def digest(self, key: Key) -> bytes:
        """Return a digest of an answer, and ask for it where nobody did."""
        if self._asking:
            self._asking[-1][key] = None
        return self._bring_up_to_date(key).digest

    def save(self) -> None:
        """Keep what this build came to know. Answers that were not asked for stay as they were."""
        held = [key for key, known in self._known.items() if known.is_held]
        made = {
            key: Kept(known.digest, known.checked, known.changed, known.asked)
            for key, known in self._known.items()
            if not known.is_held
        }
        fresh = {key: known.packed for key, known in self._known.items() if known.packed is not None}
        self.store.write(held, made, fresh, self.now)

    def _bring_up_to_date(self, key: Key) -> Known:
        known = self._known.get(key)
        if known is not None:
            return known
        query = QUERIES.get(key[0])
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
        packed = dumps(answer, HIGHEST_PROTOCOL)
        digest = blake2b(packed, digest_size=16).digest()
        kept = self.store.find(key)
        if kept is not None and kept.digest == digest:
            return Known(digest, self.now, kept.changed, asked, False, None, answer, True)
        return Known(digest, self.now, self.now, asked, False, packed, answer, True)
