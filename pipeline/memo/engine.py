"""Queries that remember: a query is asked again only when something that it asked the last time came out otherwise.

The way of Salsa and of Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte" (2018): what a query asks is
recorded while it runs, so nobody has to declare it; a query that was asked anew and came out the same as before leaves
those that depend on it alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import update_wrapper
from hashlib import blake2b
from pickle import HIGHEST_PROTOCOL, dumps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from pipeline.memo.given import Given

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Key = tuple[str, ...]


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


class Memo(ABC):
    """The answers of one build or look. `given` is what queries may use without asking: the project's settings.

    How it is known which answers still hold is told by the classes below it: building.py and resident.py.
    """

    given: Given
    made: int = 0  # answers that were made, for those who count

    @abstractmethod
    def ask(self, key: Key) -> Any:
        """Answer a query, from memory where that still holds, and note that the query now running asked it."""

    @abstractmethod
    def put(self, key: Key, answer: Any) -> None:
        """Give an answer that no query makes, such as what a run of cells gave; it stays until the next one."""

    @abstractmethod
    def held(self, key: Key) -> Any:
        """Return what `put` gave, in this build or an earlier one, or None; nobody is noted as having asked."""

    @abstractmethod
    def digest(self, key: Key) -> bytes:
        """Return a digest of an answer, and ask for it where nobody did."""

    def before(self, key: Key) -> Any:
        """Return what the answer to a query once was, None where that is not known. It may not hold any more: it is for
        a query that takes over what it can tell to be as it was."""
        return None


def pack(answer: Any) -> tuple[bytes, bytes]:
    """An answer as it is kept, and its digest."""
    packed = dumps(answer, HIGHEST_PROTOCOL)
    return packed, blake2b(packed, digest_size=16).digest()
