"""Machines that lack a protection: a build says so, or runs nothing when the sandbox is required."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.run.escapes import attempts
from tests.run.escapes.attempts import PRELUDE
from tests.run.escapes.world import World

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FILL = "for number in range(400):\n    with open(f'{number}', 'wb') as file: file.write(bytes(2**23))"


def ran(folder: Path, *without: str, sources: Sequence[str] = ("x = 1",), required: bool = False) -> Any:
    """What came of topics where the named protections are missing."""
    command = [sys.executable, "-m", "tests.run.escapes.older", str(folder), "required" if required else ""]
    done = subprocess.run(
        [*command, json.dumps(sources), *without], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("without", "sentences"),
    [
        (
            ("Landlock", "seccomp"),
            [
                "cells can start processes (no seccomp), which end with the topic",
                "cells can reach local services through their sockets (no seccomp)",
                "cells can read whatever this user can (no Landlock)",
            ],
        ),
        (("namespaces", "disk"), ["cells can fill /dev/shm, which is in memory (no namespaces)"]),
    ],
)
def test_where_the_sandbox_is_required_nothing_runs_without_a_part_of_it(
    without: tuple[str, ...], sentences: list[str], tmp_path: Path
) -> None:
    said = ran(tmp_path, *without, required=True)
    first, *lacking = said["error"].partition(";")[0].splitlines()
    assert first == "nothing was run, because a sandbox is required and this machine lacks part of it:"
    assert [sentence.strip() for sentence in lacking] == sentences
    assert "cell" not in said["stages"]


def test_where_it_is_not_required_topics_run_and_what_is_missing_is_said(tmp_path: Path) -> None:
    said = ran(tmp_path, "Landlock", "seccomp", sources=["print('ran')"])
    assert said["printed"] == "ran\n"
    assert len(said["unprotected"]) == 3
    assert "files (read-only mounts)" in said["sandbox"]


def test_without_namespaces_files_stay_as_they_are_and_what_goes_to_disk_is_watched(tmp_path: Path) -> None:
    world = World(tmp_path, tmp_path / "cache")
    try:
        before = world.look()
        code = f"{PRELUDE}\nworld = {world.places!r}\n" + "".join(attempt.source for attempt in attempts.WRITING)
        said = ran(tmp_path, "namespaces", sources=[code, f"{FILL}\nimport time\ntime.sleep(20)"], required=True)
        (message,) = said["problems"]
        assert "writes more than 512 MiB to files" in message
        assert said["unprotected"] == []
        assert "files (Landlock" in " ".join(said["sandbox"]) and "folder (watched)" in said["sandbox"]
        outcomes = dict(line.split(" ", 1) for line in said["printed"].splitlines())
        assert set(outcomes) == {attempt.name for attempt in attempts.WRITING}
        assert not [name for name, outcome in outcomes.items() if outcome.startswith("got")]
        assert world.look() == before
    finally:
        world.close()
