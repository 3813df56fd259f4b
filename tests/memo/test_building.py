"""Whatever changes, whatever is asked and however a build ends: an answer is what it would be without a memo."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.memo import store
from pipeline.memo.building import BuildMemo
from pipeline.memo.engine import Memo, fleeting, outside, query
from pipeline.memo.resident import ResidentMemo, _InMemory
from pipeline.memo.store import Store
from pipeline.memo.table import key_of, name_of

WORLD: dict[str, int] = {}
TOLD: dict[str, int] = {}
RULES: dict[str, tuple[str, tuple[str, ...]]] = {}
STOPS: set[str] = set()  # where a build is interrupted

WORDS, SAYINGS, NODES = ("w0", "w1", "w2"), ("t0", "t1"), tuple(f"n{number}" for number in range(8))
WAYS = ("sum", "pick", "fail", "dare")


@outside
def seen(memo: Memo, name: str) -> int:
    return WORLD[name]


@query
def node(memo: Memo, name: str) -> int:
    return reckoned(name, lambda below: found(memo, below))


@fleeting
def passing(memo: Memo, name: str) -> int:
    return reckoned(name, lambda below: found(memo, below))


def found(memo: Memo, name: str) -> int:
    if name in WORDS:
        return seen(memo, name)
    if name in SAYINGS:
        told: int = memo.ask(("told", name))
        return told
    return (passing if name in ("n2", "n5") else node)(memo, name)


def reckoned(name: str, ask: Callable[[str], int]) -> int:
    """What a node comes to. Which others it asks may depend on what those before them said; it may fail, or dare."""
    if name in STOPS:
        raise KeyboardInterrupt
    way, below = RULES[name]
    if way == "sum":
        return sum(map(ask, below)) % 3
    if way == "pick":
        return ask(below[1 + ask(below[0]) % 2])
    if way == "fail":
        if ask(below[0]) == 0:
            raise LookupError(name)
        return ask(below[1])
    try:
        return ask(below[0])
    except LookupError:
        return ask(below[2])


def plainly(name: str, running: tuple[str, ...] = ()) -> int:
    """The same without a memo."""
    if name in WORDS:
        return WORLD[name]
    if name in SAYINGS:
        return TOLD[name]  # a KeyError is a LookupError
    if name in running:
        raise RuntimeError(f"{name} asks itself")
    return reckoned(name, lambda below: plainly(below, (*running, name)))


def outcome(ask: Callable[..., int], *words: object) -> int | str:
    try:
        return ask(*words)
    except (LookupError, RuntimeError):
        return "an error"


rules = st.tuples(st.sampled_from(WAYS), st.tuples(*[st.sampled_from((*WORDS, *SAYINGS, *NODES))] * 3))
small = st.integers(0, 2)
action = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(NODES), small), st.tuples(st.just("put"), st.sampled_from(SAYINGS), small)
)
one_build = st.tuples(
    st.dictionaries(st.sampled_from(WORDS), small),  # what changed in the world before it
    st.lists(action, max_size=5),
    st.sampled_from(("", "", "", *NODES)),  # where it is interrupted
)


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(NODES, rules)), st.lists(one_build, min_size=2, max_size=6), st.booleans())
def test_an_answer_is_what_it_is_without_a_memo(
    nodes: dict[str, tuple[str, tuple[str, ...]]],
    builds: list[tuple[dict[str, int], list[tuple[str, str, int]], str]],
    is_written_anew: bool,
) -> None:
    RULES.clear()
    RULES.update(nodes)
    WORLD.update(dict.fromkeys(WORDS, 0))
    TOLD.clear()
    few = patch.object(store, "_FEW", -1000 if is_written_anew else 1000)
    with TemporaryDirectory() as folder, few:
        for changes, actions, stop in builds:
            WORLD.update(changes)
            memo = BuildMemo(Store(Path(folder), "code"))
            STOPS.clear()
            for what, name, number in actions:
                if what == "put":
                    TOLD[name] = number
                    memo.put(("told", name), number)
                else:
                    assert outcome(found, memo, name) == outcome(plainly, name), name
            STOPS.update({stop} - {""})
            with suppress(KeyboardInterrupt):
                for name in NODES:
                    outcome(found, memo, name)
            STOPS.clear()
            memo.save()
            memo.store.close()
        last = BuildMemo(Store(Path(folder), "code"))
        stays = ResidentMemo(_InMemory(Store(Path(folder), "code")))
        for name in NODES:
            wanted = outcome(plainly, name)
            assert outcome(found, last, name) == wanted, name
            assert outcome(found, stays, name) == wanted, name
        last.store.close()
        stays.store.close()


@query
def total(memo: Memo) -> int:
    return sum(one(memo, f"w{number}") for number in range(3))


@query
def one(memo: Memo, name: str) -> int:
    MADE.append(name)
    return seen(memo, name) % 10


MADE: list[str] = []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    WORLD.update(w0=1, w1=2, w2=3)
    return tmp_path / "memo"


def asked(folder: Path) -> tuple[int, list[str]]:
    """The answer of one build, and what it made anew for it."""
    MADE.clear()
    memo = BuildMemo(Store(folder, "code"))
    try:
        return total(memo), list(MADE)
    finally:
        memo.save()
        memo.store.close()


def test_only_what_follows_from_a_change_is_made(folder: Path) -> None:
    assert asked(folder) == (6, ["w0", "w1", "w2"])
    WORLD["w1"] = 4
    assert asked(folder) == (8, ["w1"])


def test_a_build_adds_what_it_changed_to_what_is_kept(folder: Path) -> None:
    asked(folder)
    index = (folder / "index").read_bytes()
    WORLD["w1"] = 4
    asked(folder)
    assert (folder / "index").read_bytes() == index
    assert asked(folder) == (8, [])


@pytest.mark.parametrize("left", [0, 5, 30, -1])
def test_a_build_that_was_killed_while_it_wrote_is_as_if_it_had_not_been(folder: Path, left: int) -> None:
    asked(folder)
    WORLD["w1"] = 4
    asked(folder)
    (later,) = folder.glob("later-*")
    later.write_bytes(later.read_bytes()[:left])
    assert asked(folder) == (8, ["w1"])
    assert asked(folder) == (8, [])


def test_what_was_interrupted_while_it_was_noted_is_not_kept(folder: Path) -> None:
    asked(folder)
    WORLD["w1"] = 4
    memo = BuildMemo(Store(folder, "code"))
    with patch.object(memo, "_doubt", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        total(memo)
    memo.save()
    memo.store.close()
    assert asked(folder) == (8, ["w1"])


def test_keys_of_any_words_are_told_apart() -> None:
    keys = [("a",), ("a", ""), ("a", "", ""), ("a", "b"), ("a", "b\0c"), ("a", "b", "c"), ("a\0b",), ("a", "\ud800é")]
    names = [name_of(key) for key in keys]
    assert len(set(names)) == len(keys)
    assert [key_of(name) for name in names] == keys


def test_what_nobody_asks_for_any_more_is_forgotten(folder: Path) -> None:
    asked(folder)
    for number in range(120):
        WORLD["w0"] = number
        memo = BuildMemo(Store(folder, "code"))
        with patch.object(store, "_FEW", -1000):
            assert one(memo, "w0") == number % 10
            memo.save()
        memo.store.close()
    kept = Store(folder, "code")
    assert (one.name, "w1") not in kept and (total.name,) not in kept and (one.name, "w0") in kept
    kept.close()


@query
def tower(memo: Memo, storeys: str) -> int:
    return tower(memo, storeys[1:]) if storeys else seen(memo, "w1")


@query
def low_or_high(memo: Memo) -> int:
    return tower(memo, "....") if seen(memo, "w0") else seen(memo, "w1")


@query
def above(memo: Memo) -> int:
    return low_or_high(memo)


def test_who_asks_what_has_risen_rises_with_it(folder: Path) -> None:
    for w0, w1 in ((0, 1), (1, 1), (1, 2)):  # the answer stays in the second build, and comes from higher up
        WORLD.update(w0=w0, w1=w1)
        memo = BuildMemo(Store(folder, "code"))
        assert above(memo) == w1
        memo.save()
        memo.store.close()


@query
def first(memo: Memo) -> int:
    return seen(memo, "w1") if seen(memo, "w0") else second(memo)


@query
def second(memo: Memo) -> int:
    return first(memo) if seen(memo, "w0") else seen(memo, "w1")


@pytest.mark.timeout(60)
def test_two_that_ask_each_other_by_turns_do_not_rise_for_ever(folder: Path) -> None:
    for w0, w1 in ((0, 1), (1, 1), (0, 2), (1, 3)):
        WORLD.update(w0=w0, w1=w1)
        memo = BuildMemo(Store(folder, "code"))
        assert (first(memo), second(memo)) == (w1, w1)
        memo.save()
        memo.store.close()


@query
def passed_on(memo: Memo) -> int:
    told: int = memo.ask(("told", "t0"))
    return told


@query
def heard(memo: Memo) -> int:
    return passed_on(memo)


@query
def listening(memo: Memo) -> int:
    MADE.append("listening")
    return heard(memo) if memo.ask(("told", "t1")) else 0


@query
def curious(memo: Memo) -> int:
    return heard(memo) if seen(memo, "w0") else 0


def test_what_held_before_something_was_put_is_not_taken_to_hold_after_it(folder: Path) -> None:
    for w0, put in ((0, 0), (1, 1)):
        WORLD.update(w0=w0)
        memo = BuildMemo(Store(folder, "code"))
        if not put:
            memo.put(("told", "t0"), 0)
            memo.put(("told", "t1"), 0)
        assert (curious(memo), heard(memo)) == (0, 0)
        MADE.clear()
        memo.put(("told", "t0"), put)
        memo.put(("told", "t1"), put)
        assert listening(memo) == put
        assert MADE == ["listening"], "with the answer from before it was put, it is made twice"
        memo.save()
        memo.store.close()
