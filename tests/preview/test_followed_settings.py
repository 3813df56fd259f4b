"""Limits that are changed while the preview runs hold for the next run of cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.previewing import NEWTON, previewing, sample, settled, until
from tests.project import Project


@pytest.mark.slow
def test_a_limit_that_was_too_low_is_mended_without_starting_again(tmp_path: Path) -> None:
    project = Project(sample(tmp_path / "project"))
    with previewing(project.root, reproduce=False) as (_, live):
        settled(live)
        project.change(NEWTON, 'glue("digits", 12)', 'print("many words " * 2000)\nglue("digits", 14)')
        until(lambda: (found := live.page("en/newton-iteration/")) and b"many words" in found.content)
        project.change("pyproject.toml", "[tool.marovi]\n", "[tool.marovi]\noutput_limit = 1000\n")
        project.change(NEWTON, "* 2000", "* 2001")
        until(lambda: "failing" in live.states().counts)
        project.change("pyproject.toml", "output_limit = 1000\n", "output_limit = 1_000_000\n")
        until(lambda: (found := live.page("en/newton-iteration/")) and found.content.count(b"many words") >= 2001)
