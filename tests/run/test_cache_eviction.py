"""The cache stays within its limit: entries used longest ago go, those in use stay, remains are cleared away."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.run import cache, eviction
from pipeline.run.cache import RESULTS
from tests.run.entries import key, nothing, stored

HOUR = 3600.0


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Ten entries; number n was used n + 2 hours ago."""
    for number in range(10):
        folder = stored(tmp_path, key(number), number, size=20_000).folder
        used = time.time() - (number + 2) * HOUR
        os.utime(folder / RESULTS, (used, used))
    return tmp_path


def left(folder: Path) -> list[int]:
    return [number for number in range(10) if cache.folder_of(folder, key(number), {}).is_dir()]


def test_what_was_used_longest_ago_goes_first(filled: Path) -> None:
    size = eviction.usage(filled).size
    done = eviction.evict(filled, size * 4 // 10)
    assert left(filled) == [0, 1, 2, 3]
    assert (done.entries, done.evicted, done.size + done.freed) == (4, 6, size)
    assert done == eviction.Usage(4, eviction.usage(filled).size, 6, done.freed)


def test_within_the_limit_nothing_goes(filled: Path) -> None:
    assert eviction.evict(filled, eviction.usage(filled).size).evicted == 0
    assert left(filled) == list(range(10))


def test_reading_an_entry_is_using_it(filled: Path) -> None:
    assert cache.load(filled, key(9), nothing()) is not None
    eviction.evict(filled, eviction.usage(filled).size // 4)
    assert left(filled) == [0, 9]


def test_what_this_build_uses_stays_whatever_it_takes(filled: Path) -> None:
    eviction.evict(filled, 1, used=[cache.folder_of(filled, key(number), {}) for number in (7, 8)])
    assert left(filled) == [7, 8]


def test_what_another_build_may_be_reading_stays(filled: Path) -> None:
    eviction.evict(filled, 1, grace=5.5 * HOUR)
    assert left(filled) == [0, 1, 2, 3]


def test_empty_folders_do_not_pile_up(filled: Path) -> None:
    eviction.evict(filled, 1)
    assert list((filled / "results").iterdir()) == []


def test_what_killed_builds_left_goes_after_a_while(filled: Path) -> None:
    beside = cache.folder_of(filled, key(0), {}).parent
    (beside / ".new-abc").mkdir()
    (beside / ".new-abc" / "curve.en.png").write_bytes(b"half")
    (beside / ".old-abc").mkdir()
    (beside / ".new-file").write_bytes(b"")
    eviction.evict(filled, 10**9)
    assert len(list(beside.glob(".*"))) == 3
    assert cache.load(filled, key(0), nothing()) is not None
    for path in beside.glob(".*"):
        os.utime(path, (1, 1))
    eviction.evict(filled, 10**9)
    assert list(beside.glob(".*")) == []
    assert left(filled) == list(range(10))


def test_entries_of_an_earlier_version_go(filled: Path) -> None:
    old = filled / "results" / "ab" / "abcd"
    old.mkdir(parents=True)
    for name in (RESULTS, "curve.en.png"):
        (old / name).write_bytes(b"{}")
        os.utime(old / name, (1, 1))
    eviction.evict(filled, 10**9)
    assert not old.parent.exists() and left(filled) == list(range(10))


def test_an_entry_without_results_goes_first_and_strays_do_no_harm(filled: Path) -> None:
    (cache.folder_of(filled, key(3), {}) / RESULTS).unlink()
    (filled / "results" / "stray").write_bytes(b"")
    eviction.evict(filled, eviction.usage(filled).size - 1)
    assert left(filled) == [0, 1, 2, 4, 5, 6, 7, 8, 9]


def test_a_cache_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert eviction.evict(tmp_path / "none", 1) == eviction.usage(tmp_path / "none") == eviction.Usage(0, 0)
