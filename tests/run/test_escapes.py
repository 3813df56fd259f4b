"""Article code that wants out: each attempt works without the sandbox, fails in it, and has changed nothing outside."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import pytest

from pipeline.run import RunReport, RunSettings, run
from pipeline.run.keeper import stop_kept
from pipeline.run.settings import Keep
from tests.run.escapes import attempts
from tests.run.escapes.attempts import ATTEMPTS, PRELUDE, Attempt
from tests.run.escapes.world import World
from tests.run.topics import article

pytestmark = pytest.mark.slow

FAMILIES = {
    "reads": attempts.READING,
    "writes": attempts.WRITING,
    "starts": attempts.PROCESSES,
    "disturbs": attempts.OTHER_PROCESSES,
    "connects": attempts.NETWORK,
    "digs": attempts.KERNEL,
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What attempts said, and what was seen from outside before and after."""

    said: dict[str, str]
    before: dict[str, object]
    after: dict[str, object]
    report: RunReport | None = None


@pytest.fixture(scope="module")
def unconfined(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """All attempts in an ordinary process of this user."""
    folder = tmp_path_factory.mktemp("unconfined")
    world = World(folder, folder / "cache")
    try:
        before = world.look()
        code = f"{PRELUDE}\nworld = {world.places!r}\n" + "".join(attempt.source for attempt in ATTEMPTS)
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60)
        return Tried(_said(done.stdout), before, world.look())
    finally:
        world.close()


@pytest.fixture(scope="module", params=["for-one-build", "kept"])
def confined(tmp_path_factory: pytest.TempPathFactory, unconfined: Tried, request: pytest.FixtureRequest) -> Tried:
    """All attempts that did not end an ordinary process, as topics of a build that demands the sandbox.

    Where servers are kept, a worker may fork when the server waits for it, and only then.
    """
    folder = tmp_path_factory.mktemp("confined")
    keep = Keep(folder / "keep", seconds=60.0, bytes=2**30) if request.param == "kept" else None
    cache = folder / "cache"
    world = World(folder, cache)
    settings = RunSettings(cache, ("en",), output_limit=100_000, reproduce=False, require_sandbox=True, keep=keep)
    try:
        before = world.look()
        topics = [
            article(
                folder / slug,
                f"{PRELUDE}\nworld = {world.places!r}",
                *(attempt.source for attempt in family if attempt.name in unconfined.said),
            )
            for slug, family in FAMILIES.items()
        ]
        report = run(topics, settings)
        printed = [output.stdout for result in report.results.values() for output in result.outputs.values()]
        return Tried(_said("".join(printed)), before, world.look(), report)
    finally:
        world.close()
        if keep is not None:
            assert stop_kept(keep.folder) == 1


def _said(text: str) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in text.splitlines())


def test_the_topics_run_clean_and_say_what_holds_them(confined: Tried) -> None:
    assert confined.report is not None
    assert confined.report.problems == ()
    assert confined.report.unprotected == ()
    words = " ".join(confined.report.sandbox)
    assert all(part in words for part in ("network", "processes", "files", "Landlock", "memory"))


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
def test_without_the_sandbox_an_attempt_works(attempt: Attempt, unconfined: Tried) -> None:
    said = unconfined.said.get(attempt.name, "ended the process")
    if said != "got" and not attempt.often:
        pytest.skip(f"this system or user does not get it anyway: {said}")
    assert said == "got"
    if attempt.changes:
        assert unconfined.before[attempt.changes] != unconfined.after[attempt.changes]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
def test_in_the_sandbox_it_fails(attempt: Attempt, confined: Tried, unconfined: Tried) -> None:
    if attempt.name not in unconfined.said:
        pytest.skip("it ends any process")
    assert confined.said[attempt.name].partition(" ")[0] in (
        "PermissionError", "FileNotFoundError", "OSError", "ConnectionRefusedError",
    )  # fmt: skip


def test_in_the_sandbox_nothing_outside_has_changed(confined: Tried) -> None:
    assert confined.after == confined.before
