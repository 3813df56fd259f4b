"""Random schedules of faults, kills and people's edits: a short run; `bench/chaos.py` plays a thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.deploy.chaos import Arena, Tally, arena
from tests.deploy.faults import FAULTS, HELD
from tests.deploy.invariants import violations
from tests.deploy.schedules import Kill, Point, Run, Schedule, Touch, Trouble, draw
from tests.wiki.people import edit_as, text_of

SEEDS = range(100, 108)


@pytest.fixture(scope="module")
def grounds(installed_wiki: Path, guard: Callable[[Path], None]) -> Iterator[Arena]:
    with arena(installed_wiki, Tally(), guard) as one:
        yield one


def test_no_random_schedule_breaks_a_promise(grounds) -> None:
    broken = {seed: found for seed in SEEDS if (found := grounds.play(draw(seed)))}
    print(grounds.tally)
    assert broken == {}, "replay one with: .venv/bin/python bench/chaos.py --replay SEED"
    assert grounds.tally.killed and grounds.tally.faults and grounds.tally.touches


def test_the_same_seed_gives_the_same_schedule() -> None:
    assert draw(17) == draw(17) != draw(18)


def test_schedules_together_hold_every_fault_and_every_moment() -> None:
    runs = [run for seed in range(400) for run in draw(seed).runs]
    assert {trouble.fault for run in runs for trouble in run.troubles} == {*FAULTS, HELD}
    assert {run.kill.moment for run in runs if run.kill} == {"before", "during", "after"}
    assert {touch.moment for run in runs for touch in run.touches} == {"before", "during", "after"}


def calm(seed: int, *runs: Run) -> Schedule:
    """A schedule in which only that happens which is asked for."""
    schedule = draw(seed)
    leaves = tuple(replace(leaf, changes=("both", "last", "last")) for leaf in schedule.leaves)
    files = tuple((0, 0, 0) for _ in schedule.files)
    return replace(schedule, leaves=leaves, files=files, moved_from=None, dropped_from=None, runs=(*runs, Run(2)))


def test_what_a_schedule_says_happens(grounds) -> None:
    """So that quiet schedules do not pass for safe ones."""
    tally, grounds.tally = grounds.tally, Tally()
    merged = Touch(Point("edit", 0), "before", None, "top")
    lost = Trouble(Point("edit", 1), "reset after")
    schedule = calm(901, Run(0), Run(1, (lost,), (merged,)), Run(1, (), (), Kill(Point("edit", 0), "during")))
    schedule = replace(schedule, runs=(*schedule.runs[:-1], Run(2, (), (), Kill(Point("edit", 1), "after")), Run(2)))
    assert grounds.play(schedule) == []
    assert grounds.tally.touches == {"top": 1}
    assert grounds.tally.faults == {"reset after": 1}
    assert grounds.tally.killed >= 1
    assert grounds.tally.outcomes["conflict"] == 1
    grounds.tally = tally


def test_each_broken_promise_is_found(grounds) -> None:
    """The bot's account does by hand what the bot must never do."""
    wiki, people = grounds.wiki, grounds.people
    schedule = calm(902, Run(0))
    since = people.observer.api("query", curtimestamp=1)["curtimestamp"]
    assert grounds.play(schedule) == []
    title, other = schedule.leaves[0].title, schedule.leaves[1].title
    sentence = "Person 902-1 wrote this."
    edit_as(wiki, wiki.reader_user, title, f"{text_of(wiki, title)}\n\n{sentence}")
    edit_as(wiki, wiki.bot_user, title, schedule.sources(2).pages[0].text)
    edit_as(wiki, wiki.bot_user, other, "Neither a person nor the sources said this.")
    edit_as(wiki, wiki.bot_user, f"{schedule.prefix} z", "Nobody planned this page.")
    found = "\n".join(violations(wiki, people, schedule, since, grounds.reports))
    assert f"lacks {sentence!r}" in found
    assert f"{schedule.prefix} z was never planned" in found
    assert f"{other} is not as wanted, and no person touched it" in found
