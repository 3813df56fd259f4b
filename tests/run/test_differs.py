"""What an author declares to differ in each run is not held against a second run, and its reason is translated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.run import RunSettings, run
from tests.run.topics import article

REASON = "A time is measured."
TIMES = f"""
import time
glue("declared", time.perf_counter(), differs_by_run="{REASON}")
glue("honest", time.perf_counter(){{}})
"""


@pytest.mark.slow
def test_only_what_is_not_declared_must_be_reproduced(tmp_path: Path, settings: RunSettings) -> None:
    labels = {"es": {REASON: "Se mide un tiempo."}, "zh": {}}
    topic = article(tmp_path / "topic", TIMES.format(""), prints=["declared", "honest"], labels=labels)
    report = run([topic], replace(settings, reproduce=True))
    found = sorted((problem.rule, problem.where.file.rpartition("/")[2]) for problem in report.problems)
    assert found == [("labels", "zh.md"), ("reproduce", "en.md")]
    assert any("'honest' prints" in problem.message for problem in report.problems)


@pytest.mark.slow
def test_a_run_keeps_the_reason(tmp_path: Path, settings: RunSettings) -> None:
    topic = article(tmp_path / "topic", TIMES.format(', differs_by_device="Chaos."'), prints=["declared"])
    (results,) = run([topic], settings).results.values()
    assert {what: (one.by, one.reason) for what, one in results.differs.items()} == {
        "value declared": ("run", REASON),
        "value honest": ("device", "Chaos."),
    }
