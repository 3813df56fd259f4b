"""Work done ahead: piece by piece, only while nobody has it rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from pipeline.memo.texts import page_texts
from pipeline.preview.ahead import Ahead
from tests.previewing import NEWTON, previewing, sample, settled, until
from tests.project import Project

MANY = 100_000


class Pieces:
    """Pieces that are counted."""

    def __init__(self, many: int) -> None:
        self.many, self.made, self.begun = many, 0, 0

    def __call__(self) -> Iterator[None]:
        self.begun += 1
        for _ in range(self.many):
            self.made += 1
            yield None


def test_it_makes_everything_once_it_may() -> None:
    lock, pieces = threading.RLock(), Pieces(20)
    ahead = Ahead(lock, pieces, print)
    ahead.start()
    time.sleep(0.05)
    assert pieces.made == 0, "nobody said that there is time"
    ahead.go_on()
    assert ahead.done.wait(60) and pieces.made == 20
    ahead.rest()
    assert not ahead.done.is_set()
    ahead.go_on()
    assert ahead.done.wait(60) and pieces.begun == 2, "something may have changed: it looks again"
    ahead.stop()


def test_it_lets_others_in_and_rests_when_it_is_told() -> None:
    lock, pieces = threading.RLock(), Pieces(MANY)
    ahead = Ahead(lock, pieces, print)
    ahead.start()
    ahead.go_on()
    until(lambda: pieces.made > 3)
    ahead.rest()
    with lock:
        made = pieces.made
        assert made < MANY
    time.sleep(0.1)
    assert pieces.made <= made + 1 and not ahead.done.is_set()
    ahead.go_on()
    until(lambda: pieces.begun == 2)
    ahead.stop()
    assert pieces.made < MANY


def test_a_fault_is_told_and_the_next_time_it_works_again() -> None:
    said: list[Exception] = []
    faults = [ValueError("no such text")]

    def pieces() -> Iterator[None]:
        yield None
        if faults:
            raise faults.pop()

    ahead = Ahead(threading.RLock(), pieces, said.append)
    ahead.start()
    ahead.go_on()
    assert ahead.done.wait(60) and [str(one) for one in said] == ["no such text"]
    ahead.rest()
    ahead.go_on()
    assert ahead.done.wait(60) and len(said) == 1
    ahead.stop()


@pytest.mark.slow
def test_a_preview_that_is_left_alone_has_all_texts_before_anybody_searches(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = sample(tmp_path_factory.mktemp("ahead") / "project")
    with previewing(root) as (_, live):
        settled(live)  # else its cells, which come to their end later, change what was made
        assert live.ahead.done.wait(120)
        Project(root).change(NEWTON, "What remains after a step", "Whatever remains after a step")
        until(lambda: not live.ahead.done.is_set())
        assert live.ahead.done.wait(120), "after an edit it goes on"
        with live.asking() as memo:
            before = memo.made
            texts = [one.folded_text for one in page_texts(memo)]
            assert memo.made == before, "none had to be made"
        assert any("whatever remains after a step" in text for text in texts)
