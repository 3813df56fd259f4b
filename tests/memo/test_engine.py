"""What is asked again and what is not, and that a store that is damaged, shared or old gives no wrong answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.memo.building import BuildMemo
from pipeline.memo.engine import Memo, fleeting, outside, query
from pipeline.memo.store import DamagedError, Store, locked

WORLD: dict[str, str] = {}
MADE: list[str] = []


@outside
def word(memo: Memo, name: str) -> str | None:
    return WORLD.get(name)


@query
def shouted(memo: Memo, name: str) -> str:
    MADE.append(f"shouted {name}")
    return (word(memo, name) or "").upper()


@query
def both(memo: Memo) -> str:
    MADE.append("both")
    return shouted(memo, "one") + shouted(memo, "two")


@query
def chosen(memo: Memo) -> str:
    MADE.append("chosen")
    return careful(memo) if word(memo, "which") == "careful" else "other"


@query
def careful(memo: Memo) -> str:
    MADE.append("careful")
    if word(memo, "ground") is None:
        raise LookupError("no ground")
    return "careful"


@fleeting
def large(memo: Memo) -> str:
    MADE.append("large")
    return (word(memo, "one") or "") * 3


@query
def length(memo: Memo) -> int:
    MADE.append("length")
    return len(large(memo))


@query
def circle(memo: Memo) -> str:
    return circle(memo)


class Builds:
    """One build after another with the same store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, *queries: object, stamp: str = "code") -> tuple[list[object], list[str]]:
        """Answers, and what was made for them."""
        MADE.clear()
        memo = BuildMemo(Store(self.folder, stamp))
        try:
            answers = [one(memo) for one in queries]  # type: ignore[operator]
        finally:
            memo.save()
            memo.store.close()
        return answers, list(MADE)


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    WORLD.clear()
    WORLD.update(one="a", two="b")
    return Builds(tmp_path / "memo")


def test_what_nothing_changed_is_not_made_again(builds: Builds) -> None:
    assert builds.ask(both) == (["AB"], ["both", "shouted one", "shouted two"])
    assert builds.ask(both) == (["AB"], [])


def test_a_change_costs_what_depends_on_it(builds: Builds) -> None:
    builds.ask(both)
    WORLD["two"] = "c"
    answers, made = builds.ask(both)
    assert answers == ["AC"] and set(made) == {"both", "shouted two"}


def test_what_comes_out_the_same_leaves_the_rest_alone(builds: Builds) -> None:
    builds.ask(both)
    WORLD["two"] = "B"
    assert builds.ask(both) == (["AB"], ["shouted two"])
    assert builds.ask(both) == (["AB"], [])


def test_a_change_that_is_taken_back_between_builds_is_none(builds: Builds) -> None:
    builds.ask(both)
    WORLD["two"] = "c"
    WORLD["two"] = "b"
    assert builds.ask(both) == (["AB"], [])


def test_a_change_that_another_question_saw_first_is_not_forgotten(builds: Builds) -> None:
    builds.ask(both)
    WORLD["two"] = "c"
    builds.ask(lambda memo: shouted(memo, "two"))
    assert builds.ask(both)[0] == ["AC"]


def test_a_question_that_no_longer_makes_sense_keeps_nobody_from_an_answer(builds: Builds) -> None:
    WORLD.update(which="careful", ground="there")
    assert builds.ask(chosen)[0] == ["careful"]
    del WORLD["ground"]
    WORLD["which"] = "other"
    assert builds.ask(chosen)[0] == ["other"]
    assert builds.ask(chosen) == (["other"], [])


def test_an_error_is_not_remembered(builds: Builds) -> None:
    WORLD["which"] = "careful"
    for _ in range(2):
        with pytest.raises(LookupError):
            builds.ask(chosen)
    WORLD["ground"] = "there"
    assert builds.ask(chosen)[0] == ["careful"]
    del WORLD["ground"]
    with pytest.raises(LookupError):
        builds.ask(chosen)


def test_a_fleeting_answer_is_made_again_only_where_it_is_needed(builds: Builds) -> None:
    assert builds.ask(length) == ([3], ["length", "large"])
    assert builds.ask(length) == ([3], [])
    assert builds.ask(large) == (["aaa"], ["large"])
    WORLD["one"] = "ab"
    assert builds.ask(length)[0] == [6]


def test_a_question_that_asks_itself_is_a_mistake_of_ours(builds: Builds) -> None:
    with pytest.raises(RuntimeError, match="asks itself"):
        builds.ask(circle)


def test_what_was_put_stays_until_the_next_one(builds: Builds) -> None:
    def put(memo: Memo) -> None:
        memo.put(("given", "x"), [1, 2])

    builds.ask(put)
    assert builds.ask(lambda memo: memo.ask(("given", "x")))[0] == [[1, 2]]
    assert builds.ask(lambda memo: memo.held(("given", "y")))[0] == [None]


def test_other_code_begins_anew(builds: Builds) -> None:
    builds.ask(both)
    assert builds.ask(both, stamp="other code")[1] == ["both", "shouted one", "shouted two"]


@pytest.mark.parametrize("place", [0, 10, 60, -1])
def test_a_damaged_index_begins_anew(builds: Builds, place: int) -> None:
    builds.ask(both)
    path = builds.folder / "index"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert builds.ask(both)[0] == ["AB"]


def test_a_shortened_index_begins_anew(builds: Builds) -> None:
    builds.ask(both)
    path = builds.folder / "index"
    path.write_bytes(path.read_bytes()[:-5])
    assert builds.ask(both) == (["AB"], ["both", "shouted one", "shouted two"])


def test_a_damaged_answer_is_noticed(builds: Builds) -> None:
    builds.ask(both)
    (path,) = builds.folder.glob("answers-*")
    content = path.read_bytes()
    path.write_bytes(bytes(byte ^ 1 for byte in content))
    with pytest.raises(DamagedError):
        builds.ask(both)


def test_answers_that_nobody_needs_any_more_go(builds: Builds) -> None:
    for number in range(120):
        WORLD["one"] = str(number) * 50_000
        builds.ask(both)
    (path,) = builds.folder.glob("answers-*")
    assert path.stat().st_size < 3_000_000
    assert builds.ask(both)[1] == []


def test_a_second_build_at_the_same_time_keeps_nothing(builds: Builds, tmp_path: Path) -> None:
    builds.ask(both)
    with locked(builds.folder, "code") as first, locked(builds.folder, "code") as second:
        assert first.builds == 1 and second.builds == 0
        memo = BuildMemo(second)
        both(memo)
        memo.save()
    assert [path.name for path in tmp_path.iterdir()] == ["memo"]
    assert builds.ask(both)[1] == []
