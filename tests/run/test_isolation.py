"""What cells cannot reach, and that nothing stays behind, however a run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run import Progress, RunSettings, run
from tests.run.topics import article

pytestmark = pytest.mark.slow  # each test starts servers that import torch

SECRET = "a-password-nobody-may-see"

LOOK = """
import os, pathlib
seen = []
for process in {*PROCESSES, 1, os.getppid(), os.getpid()}:
    try:
        seen.append((process, pathlib.Path(f'/proc/{process}/environ').read_bytes()))
    except OSError:
        pass
here = pathlib.Path('/proc/self/environ').read_text().split('\\0')
glue('here', [line.partition('=')[0] for line in here if line])
glue('readable', sum(1 for _ in seen))
glue('own', any(name == os.getpid() for name, _ in seen))
glue('secret', any(b'nobody-may-see' in text for _, text in seen) or 'nobody-may-see' in str(os.environ))
glue('folder', os.getcwd())
glue('files', len(os.listdir('.')))
glue('descriptors', len(os.listdir('/proc/self/fd')))
open('left', 'w').write('x');
"""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder servers make their own folders in."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_no_environment_with_secrets_can_be_read(settings: RunSettings, tmp_path: Path, scratch: Path) -> None:
    secretive = subprocess.Popen(["sleep", "60"], env={**os.environ, "MAROVI_WIKI_PASSWORD": SECRET})
    try:
        # this process has it too, as a build that is to publish has
        os.environ["MAROVI_WIKI_PASSWORD"] = SECRET
        environment = Path(f"/proc/{secretive.pid}/environ")
        while not environment.read_bytes():  # the kernel fills it a moment after the program has started
            time.sleep(0.01)
        assert SECRET.encode() in environment.read_bytes()
        known = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        assert secretive.pid in known
        report = run([article(tmp_path / "look", f"PROCESSES = {known}\n{LOOK}")], settings)
    finally:
        del os.environ["MAROVI_WIKI_PASSWORD"]
        secretive.kill()
        secretive.wait()
    assert report.problems == ()
    seen = {name: glued.value for name, glued in report.results["look"].glued.items()}
    assert seen["secret"] is False
    assert seen["own"] is True and seen["readable"] == 1
    allowed = {"PATH", "PYTHONPATH", "HOME", "LANG", "PYTHONHASHSEED", "MPLBACKEND", "MPLCONFIGDIR"}
    allowed |= {"MAROVI_DEVICE", "MAROVI_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
    allowed |= {"OMP_WAIT_POLICY", "KMP_BLOCKTIME"}
    assert set(seen["here"]) - {"LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"} == allowed
    assert seen["files"] == 0 and seen["folder"].startswith(str(scratch))
    assert seen["descriptors"] < 12
    assert list(scratch.iterdir()) == []


def test_topics_see_nothing_of_each_other(settings: RunSettings, tmp_path: Path) -> None:
    cell = "import os, sys\nglue('n', [hasattr(sys, 'mark'), os.path.exists('mark')])\nsys.mark = 1\nopen('mark', 'w');"
    topics = [article(tmp_path / slug, f"{cell}\nname = {slug!r}") for slug in ("one", "two", "three")]
    report = run(topics, settings)
    assert [results.glued["n"].value for results in report.results.values()] == [[False, False]] * 3


def test_a_broken_server_is_an_error_of_the_machinery(settings: RunSettings, tmp_path: Path, scratch: Path) -> None:
    others = children(os.getpid())

    def kill_server(event: Progress) -> None:
        if event.stage == "cell" and event.cell == "c1":
            for process in set(children(os.getpid())) - set(others):
                os.kill(process, signal.SIGKILL)

    with pytest.raises(RunError, match="the process that runs cells ended unexpectedly"):
        run([article(tmp_path / "topic", "import time\ntime.sleep(30)")], settings, kill_server)
    assert_all_gone(scratch, others=others)


def test_an_error_while_progress_is_told_leaves_nothing_behind(
    settings: RunSettings, tmp_path: Path, scratch: Path
) -> None:
    others = children(os.getpid())

    def fail(event: Progress) -> None:
        if event.cell == "c1":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run([article(tmp_path / "topic", "import time\ntime.sleep(30)")], settings, fail)
    assert_all_gone(scratch, others=others)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_nothing_behind(number: signal.Signals, tmp_path: Path, scratch: Path) -> None:
    code = f"""
import sys, tempfile
sys.path[:0] = [{str(Path(__file__).parents[2])!r}]
from pathlib import Path
from pipeline.run import RunSettings, run
from tests.run.topics import article
tempfile.tempdir = {str(scratch)!r}
topic = article(Path({str(tmp_path / "topic")!r}), "while True:\\n    pass")
run([topic], RunSettings(Path({str(tmp_path / "cache")!r}), ("en",)), lambda event: print(event.cell, flush=True))
"""
    build = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert build.stdout is not None and build.stderr is not None
    while "c1" not in build.stdout.readline():
        assert build.poll() is None
    family = [process for server in children(build.pid) for process in (server, *children(server))]
    assert len(family) >= 3
    build.send_signal(number)
    _, said = build.communicate(timeout=20)
    assert build.returncode != 0
    assert ("KeyboardInterrupt" in said) == (number == signal.SIGINT)
    assert_all_gone(scratch, family)


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in listed]


def assert_all_gone(
    scratch: Path, processes: list[int] | None = None, others: Sequence[int] = (), patience: float = 5.0
) -> None:
    """No server or worker runs and no folder of theirs is left, at once or very soon; `others` were there before."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        listed = processes or sorted(set(children(os.getpid())) - set(others))
        alive = [process for process in listed if Path(f"/proc/{process}").exists()]
        folders = [path for path in scratch.iterdir() if path.name.startswith("marovi-")]
        if not alive and not folders:
            return
        time.sleep(0.05)
    raise AssertionError(f"left behind: processes {alive}, folders {folders}")
