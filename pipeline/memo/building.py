"""The memo of a build: from what changed in the world outside up to what follows from it, and nowhere else.

A build that has just begun looks at every file and folder that it looked at before. Whoever asked one that is not what
it was is stale. The stale ones are made anew from low to high, so that each comes after what it asks; one that comes
out otherwise makes stale who asked it, one that comes out the same ends the way there. What is not stale by then holds
without being looked at, so an edit costs what follows from it, and of all else one look at each file.

Nothing is made before somebody asks for something as high: a build that stops at what is wrong with the sources has
rendered nothing. What was stale then is so in the next build.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from pickle import loads
from typing import Any

from pipeline.memo.engine import QUERIES, Key, Memo, pack
from pipeline.memo.store import DamagedError, Store
from pipeline.memo.table import Row

_SELDOM = 50  # builds after which it is noted again that something was asked for


class BuildMemo(Memo):
    """The answers of one build, between two states of a store. Rows go by their numbers there."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._answers: dict[int, Any] = {}
        self._numbers: dict[Key, int] = {}
        self._asking: list[dict[int, None]] = []  # what each query that is running asked
        self._running: set[int] = set()
        self._waiting: list[tuple[int, int]] = []  # a heap of the stale ones by height; some are stale no more
        self._daring: set[int] = set()  # rows that asked in vain, and went on
        self._sure: set[int] = set()  # of rows as high as the one being made anew, those that hold
        self._floor = 0  # all rows below this height hold
        self._is_rising = False  # whether something stale is being made anew
        self._has_looked = False
        self._is_noting = False  # whether an answer is noted and those that asked it may not know yet

    def ask(self, key: Key) -> Any:
        number = self._brought_up_to_date(key)
        if number not in self._answers:
            query = QUERIES.get(key[0])
            if query is not None and not query.is_kept:
                return self._make(number)
            self._answers[number] = loads(self.store.packed(number))
        return self._answers[number]

    def put(self, key: Key, answer: Any) -> None:
        self._look()
        number = self._number(key)
        self._note_as_top(number)
        if self._note(number, answer, (), is_kept=True):
            self._sure.clear()
            self._doubt(self._daring)

    def held(self, key: Key) -> Any:
        self._look()
        if self.store.height(self._number(key)) < 0:
            return None
        asking, self._asking = self._asking, []
        try:
            return self.ask(key)
        finally:
            self._asking = asking

    def digest(self, key: Key) -> bytes:
        row = self.store.row(self._brought_up_to_date(key))
        assert row is not None, "it was just brought up to date"
        return row.digest

    def before(self, key: Key) -> Any:
        number = self._number(key)
        query = QUERIES.get(key[0])
        if self.store.height(number) < 0 or (query is not None and not query.is_kept):
            return None
        return loads(self.store.packed(number))

    def save(self) -> None:
        """Keep what this build came to know, unless it was interrupted while it noted something."""
        if self._has_looked and not self._is_noting:
            self.store.stale |= self._daring
            self.store.save()

    # --- what holds -----------------------------------------------------------------------------------

    def _look(self) -> None:
        """Look at the world outside, once: who asked what is not as it was is stale from now on."""
        if self._has_looked:
            return
        self._has_looked = True
        store = self.store
        self._waiting = [(store.height(number), number) for number in store.stale]
        heapify(self._waiting)
        for number in list(store.leaves()):
            key = store.key(number)
            query = QUERIES.get(key[0])
            if query is not None and query.is_input:
                try:
                    self._note(number, query.function(self, *key[1:]), (), is_kept=True)
                except Exception:
                    self._remove(number)  # whoever still asks this will hear what is wrong

    def _brought_up_to_date(self, key: Key) -> int:
        """Make sure that an answer holds, noting who asked, and return its number."""
        self._look()
        number = self._number(key)
        if self._asking:
            self._asking[-1][number] = None
        else:
            self._note_as_top(number)
        if self._is_rising:
            if self.store.height(number) >= self._floor:
                self._pull(number)
        elif self._waiting:
            self._rise(number)
        if self.store.height(number) < 0:
            self._make(number)
        return number

    def _rise(self, number: int) -> None:
        """Make anew what is stale and not higher than an answer: only that can be below it."""
        height, waiting = self.store.height, self._waiting
        self._is_rising = True
        try:
            while waiting and waiting[0][0] <= height(number):
                self._floor, one = heappop(waiting)
                if one not in self.store.stale:
                    continue
                try:
                    self._make(one)
                except DamagedError:
                    raise
                except Exception:
                    self._remove(one)  # whoever still asks this will hear what is wrong
        finally:
            self._is_rising = False

    def _pull(self, number: int) -> None:
        """Make sure that an answer holds which may be above others that wait, by going down from it."""
        if number in self._running:
            raise RuntimeError(f"{self.store.key(number)} asks itself")
        if number not in self._sure:
            if not self._holds(number):
                self._make(number)
            self._sure.add(number)

    def _holds(self, number: int) -> bool:
        # in the order in which they were asked: a later question may make sense only while the earlier ones hold
        store = self.store
        if number in store.stale:
            return False
        try:
            for asked in store.asked(number):
                if store.height(asked) >= self._floor:
                    self._pull(asked)
                    if number in store.stale:
                        return False
        except DamagedError:
            raise
        except Exception:
            return False
        return True

    # --- what is made ---------------------------------------------------------------------------------

    def _make(self, number: int) -> Any:
        key = self.store.key(number)
        query = QUERIES.get(key[0])
        if query is None:
            raise KeyError(f"nobody has put {key}")
        if number in self._running:
            raise RuntimeError(f"{key} asks itself")
        self._running.add(number)
        self._asking.append({})
        try:
            answer = query.function(self, *key[1:])
        finally:
            asked = tuple(self._asking.pop())
            self._running.discard(number)
        self.made += 1
        self._note(number, answer, asked, query.is_kept)
        return answer

    def _note(self, number: int, answer: Any, asked: tuple[int, ...], is_kept: bool) -> bool:
        """Note an answer with what it asked, and return whether it is another one than before."""
        store = self.store
        packed, digest = pack(answer)
        self._is_noting = True
        before = store.row(number)
        is_other = before is None or before.digest != digest
        height = max((before.height if before else 0, *(store.height(one) + 1 for one in asked)))
        if is_other:
            row = Row(digest, asked, 0, 0, height)
            store.set_row(number, row, packed if is_kept else None)
        elif before is not None and (height != before.height or tuple(before.asked) != asked):
            store.set_row(number, before._replace(asked=asked, height=height))
        store.stale.discard(number)
        self._answers[number] = answer
        if any(store.height(one) < 0 for one in asked):
            self._daring.add(number)
        else:
            self._daring.discard(number)
        if is_other:
            self._doubt(store.askers(number))
        if before is None or height > before.height:
            self._lift(number)
        self._is_noting = False
        return is_other

    def _remove(self, number: int) -> None:
        """Forget an answer that could not be made."""
        self._is_noting = True
        self.store.set_row(number, None)
        self.store.stale.discard(number)
        self._daring.discard(number)
        self._answers.pop(number, None)
        self._doubt(self.store.askers(number))
        self._is_noting = False

    def _doubt(self, numbers: Iterable[int]) -> None:
        """Note that these asked something that has changed."""
        for number in numbers:
            height = self.store.height(number)
            if height >= 0 and number not in self.store.stale:
                self.store.stale.add(number)
                heappush(self._waiting, (height, number))

    def _lift(self, number: int) -> None:
        """Keep who asks a row above it."""
        store, waiting = self.store, [number]
        while waiting:
            low = waiting.pop()
            height = store.height(low) + 1
            for asker in store.askers(low):
                row = store.row(asker)
                if row is not None and row.height < height and low in row.asked:
                    store.set_row(asker, row._replace(height=height))
                    waiting.append(asker)

    # --- names ----------------------------------------------------------------------------------------

    def _number(self, key: Key) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self.store.number(key)
        return number

    def _note_as_top(self, number: int) -> None:
        tops, now = self.store.tops, self.store.builds + 1
        if tops.get(number, 0) < max(1, now - _SELDOM):
            tops[number] = now
