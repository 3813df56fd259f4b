"""Limits that are changed while the preview runs hold for the next run of cells."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.preview.live import Live
from tests.previewing import NEWTON, previewing, sample, settled, until
from tests.project import Project


@pytest.mark.slow
def test_a_limit_that_was_too_low_is_mended_without_starting_again(tmp_path: Path) -> None:
    project = Project(sample(tmp_path / "project"))
    with previewing(project.root, reproduce=False) as (_, live):
        settled(live)
        project.change("pyproject.toml", "[tool.marovi]\n", "[tool.marovi]\ntime_limit = 1\n")
        # a cell that no earlier run of this test has left in the cache
        cell = f'__import__("time").sleep(3)  # {time.time_ns()}\nglue("digits", 14)'
        project.change(NEWTON, 'glue("digits", 12)', cell)
        until(lambda: "time-limit" in rules(live))
        project.change("pyproject.toml", "time_limit = 1\n", "time_limit = 300\n")
        until(lambda: (found := live.page("en/newton-iteration/")) and b'data-value="digits">14<' in found.content)


def rules(live: Live) -> list[str]:
    """Of what is wrong with the topic."""
    topic = live.state_of("newton-iteration")
    return [problem.rule for problem in topic.problems] if topic else []
