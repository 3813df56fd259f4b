"""Topics on a Dask cluster of real processes on loopback: the same results, and nothing lost when processes die."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client

from pipeline.errors import ConfigurationError, RunError
from pipeline.run import Progress, RunReport, RunSettings, run
from pipeline.run.distributed import scheduler_of
from pipeline.run.distributed.identity import identity, mismatches
from tests.processes import started
from tests.run.topics import article

REPOSITORY = Path(__file__).parents[2]
SECRET = "a-password-of-the-dask-worker"
PATIENCE = 120.0  # seconds for what takes a few, on a busy machine


class Cluster:
    """A scheduler and its workers, each a process of its own that a test may kill."""

    def __init__(self, folder: Path, **environment: str) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "MAROVI_WIKI_PASSWORD": SECRET, **environment}
        told = folder / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", told)
        try:
            self.address = wait_for(lambda: address_in(told))
        except AssertionError:
            self.close()
            raise
        self.workers: dict[int, psutil.Process] = {}

    @property
    def executor(self) -> str:
        return f"dask={self.address}"

    def start_worker(self, code: Path = REPOSITORY) -> psutil.Process:
        """Start a worker with one thread that runs the code in a folder."""
        folder = self._folder / f"worker-{len(self._processes)}"
        words = [self.address, "--nthreads", "1", "--no-nanny", "--local-directory", folder]
        started = self._start("dask_worker", *words, PYTHONPATH=str(code))
        self.workers[started.pid] = psutil.Process(started.pid)
        return self.workers[started.pid]

    def wait_for_workers(self, count: int) -> None:
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=PATIENCE)

    def ended_topics(self) -> bool:
        """Whether no worker runs a topic: the servers they may still have are without children."""
        return not any(grandchild for worker in self.workers.values() for grandchild in grandchildren(worker))

    def close(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()

    def _start(self, module: str, *words: object, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *map(str, words), "--no-dashboard"]
        with (self._folder / f"{module}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    command,
                    cwd=self._folder,
                    env=self._environment | environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )
        return self._processes[-1]


@pytest.fixture
def settings(settings: RunSettings) -> RunSettings:
    """Limits that a machine busy with clusters does not reach."""
    return replace(settings, time_limit=120.0)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers that tests leave as they found it."""
    cluster = Cluster(tmp_path_factory.mktemp("dask") / "shared")
    try:
        cluster.start_worker()
        cluster.start_worker()
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers, this test's own. One death of a worker is one too many for a topic."""
    cluster = Cluster(tmp_path / "dask", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    try:
        yield cluster
    finally:
        cluster.close()


def grandchildren(worker: psutil.Process) -> list[psutil.Process]:
    """What the servers of a Dask worker have forked; processes may end while this looks."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for server in worker.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                found += server.children()
    return found


def address_in(file: Path) -> str:
    """The address that a scheduler wrote down, "" as long as it has not."""
    try:
        return str(json.loads(file.read_text())["address"])
    except (FileNotFoundError, ValueError):
        return ""


def wait_for(ask: Callable[[], Any]) -> Any:
    """Ask until the answer is true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (answer := ask()):
        assert time.monotonic() < end, "it did not come to this"
        time.sleep(0.05)
    return answer


def running(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def changed_code(folder: Path) -> Path:
    """A copy of the code in which one file of runtime is new."""
    for package in ("pipeline", "runtime"):
        shutil.copytree(REPOSITORY / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "runtime" / "more.py").write_text('"""Another file."""\n')
    return folder


def kept(report: RunReport) -> dict[str, Any]:
    """Everything of the results but what is measured, and the pictures byte for byte."""
    found = {}
    for slug, results in report.results.items():
        outputs = {name: replace(output, seconds=0.0) for name, output in results.outputs.items()}
        pictures = {
            (name, language): image.path.read_bytes()
            for name, figure in results.figures.items()
            for language, image in figure.images.items()
        }
        figures = {name: (figure.caption, figure.cell, figure.data_sha256) for name, figure in results.figures.items()}
        same = (results.glued, outputs, results.checks, results.environment, results.level)
        found[slug] = (*same, figures, pictures)
    return found


@pytest.mark.slow
def test_a_cluster_gives_what_this_machine_gives(shared: Cluster, tmp_path: Path, settings: RunSettings) -> None:
    curve = "fig, ax = runtime.subplots()\nax.plot([1, 2, 4])\nax.set_xlabel('steps')\nfigure('curve', fig)"
    topics = [
        article(tmp_path / "figure", curve, labels={"es": {"steps": "pasos"}}, figures=["curve"]),
        article(
            tmp_path / "values",
            "import torch\nglue('x', torch.rand(3).tolist())\nverify.close('a', 1 + 1e-9, 1.0)",
            prints=["x:.3f"],
        ),
        article(tmp_path / "output", "print('ñ 温')\n2 * 3"),
        article(tmp_path / "broken", "1 / 0"),
        article(tmp_path / "order", "glue('first', list({'a', 'b', 'c', 'd'})[:2])", prints=["first"]),
    ]
    settings = replace(settings, reproduce=True)
    events: list[Progress] = []
    here = run(topics, settings)
    there = run(topics, replace(settings, cache=tmp_path / "other", executor=shared.executor), events.append)
    assert sorted(here.results) == sorted(there.results) == ["figure", "output", "values"]
    assert kept(there) == kept(here)
    again: list[Progress] = []
    assert kept(run(topics[:3], replace(settings, cache=tmp_path / "other"), again.append)) == kept(here)
    assert {event.stage for event in again} == {"cached"}
    assert there.problems == here.problems and len(here.problems) == 2
    assert there.unprotected == here.unprotected
    stages = [(event.stage, event.cell) for event in events if (event.slug, event.again) == ("values", False)]
    assert stages == [("started", ""), ("cell", "c0"), ("cell", "c1"), ("finished", "")]
    assert [event.stage for event in events if (event.slug, event.again) == ("broken", False)][-1] == "failed"


@pytest.mark.slow
def test_cells_see_nothing_of_the_dask_worker(shared: Cluster, tmp_path: Path, settings: RunSettings) -> None:
    assert all(worker.environ()["MAROVI_WIKI_PASSWORD"] == SECRET for worker in shared.workers.values())
    look = f"""
    import os, pathlib, socket
    seen = list(os.environ.values())
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            seen.append((process / "environ").read_text(errors="replace"))
        except OSError:
            pass
    sum({SECRET[:10]!r} + {SECRET[10:]!r} in text for text in seen)
    """
    call = f"""
    import socket
    try:
        said = str(socket.create_connection(("127.0.0.1", {shared.address.rpartition(":")[2]}), 1))
    except OSError as error:
        said = type(error).__name__
    said
    """
    report = run([article(tmp_path / "curious", look, call)], replace(settings, executor=shared.executor))
    outputs = report.results["curious"].outputs
    assert outputs["c1"].value == "0"
    assert outputs["c2"].value == "'PermissionError'"


SLOW_RUN = """
import sys
from pathlib import Path
from pipeline.run import RunSettings, run
from tests.run.topics import article

folder = Path(sys.argv[1])
topic = article(folder / "slow", "import time; time.sleep(50)")
try:
    run([topic], RunSettings(folder / "cache", ("en",), executor=sys.argv[2]))
except KeyboardInterrupt:
    sys.exit("interrupted")
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_ends_early_leaves_the_workers_idle(shared: Cluster, tmp_path: Path, number: signal.Signals) -> None:
    wait_for(shared.ended_topics)
    command = [sys.executable, "-c", SLOW_RUN, str(tmp_path), shared.executor]
    with started(command, cwd=REPOSITORY, stderr=subprocess.PIPE) as build:
        wait_for(lambda: not shared.ended_topics())
        build.send_signal(number)
        _, said = build.communicate(timeout=PATIENCE)
    assert (build.returncode, said) == ((1, "interrupted\n") if number == signal.SIGINT else (-9, ""))
    wait_for(shared.ended_topics)
    assert all(running(worker) for worker in shared.workers.values())


@pytest.mark.slow
def test_without_a_worker_that_has_a_gpu_nothing_runs(
    shared: Cluster, tmp_path: Path, settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.run.distributed.workers.TO_APPEAR", 0.5)
    events: list[Progress] = []
    with pytest.raises(RunError) as caught:
        asked = replace(settings, device="cuda", executor=shared.executor)
        run([article(tmp_path / "any", "1")], asked, events.append)
    assert "has a GPU to offer" in caught.value.message and '--resources "GPU=1"' in caught.value.remedy
    assert events == []


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing_and_another_code_joins_in_vain(
    tmp_path: Path, settings: RunSettings
) -> None:
    other = changed_code(tmp_path / "other")
    cluster = Cluster(tmp_path / "dask")
    topics = [article(tmp_path / f"slow-{number}", f"import time\ntime.sleep(2)\n{number}") for number in range(4)]
    started: set[str] = set()

    def kill_one(event: Progress) -> None:
        if event.stage == "cell" and event.cell == "c1":
            started.add(event.slug)
            if len(started) == 2 and len(cluster.workers) == 2:
                cluster.start_worker(other)
                cluster.wait_for_workers(3)
                first.kill()

    try:
        first = cluster.start_worker()
        cluster.start_worker()
        cluster.wait_for_workers(2)
        report = run(topics, replace(settings, executor=cluster.executor), kill_one)
        joined = list(cluster.workers.values())[2]
        assert running(joined) and not joined.children()
    finally:
        cluster.close()
    assert not report.problems
    assert sorted(report.results) == [topic.slug for topic in topics]
    assert [report.results[f"slow-{number}"].outputs["c1"].value for number in range(4)] == ["0", "1", "2", "3"]
    (left,) = [note for note in report.unprotected if "left during the build" in note]
    (vain,) = [note for note in report.unprotected if note.endswith("; nothing ran there")]
    assert left.startswith("the Dask worker tcp://127.0.0.1:")
    assert vain.startswith("the Dask worker tcp://127.0.0.1:") and " has package runtime: " in vain


@pytest.mark.slow
def test_a_worker_with_other_code_is_named_and_nothing_runs(
    cluster: Cluster, tmp_path: Path, settings: RunSettings
) -> None:
    cluster.start_worker(changed_code(tmp_path / "other"))
    events: list[Progress] = []
    with pytest.raises(RunError) as caught:
        run([article(tmp_path / "any", "1")], replace(settings, executor=cluster.executor), events.append)
    (sentence,) = caught.value.message.splitlines()
    assert sentence.startswith("the Dask worker tcp://127.0.0.1:") and " has package runtime: " in sentence
    assert events == []


@pytest.mark.slow
def test_a_topic_that_workers_die_of_is_a_problem_of_that_topic(
    cluster: Cluster, tmp_path: Path, settings: RunSettings
) -> None:
    topics = [article(tmp_path / "fatal", "import time\ntime.sleep(30)"), article(tmp_path / "sound", "1")]
    first = cluster.start_worker()

    def kill(event: Progress) -> None:
        if event.slug == "fatal" and event.stage == "cell" and event.cell == "c1" and first.is_running():
            first.kill()
            cluster.start_worker()

    report = run(topics, replace(settings, executor=cluster.executor), kill)
    assert list(report.results) == ["sound"]
    (problem,) = report.problems
    assert problem.where.file == "articles/fatal/en.md" and problem.rule == "workers"
    assert "the topic was running on 1 Dask worker in a row that died" in problem.message
    assert "ran out of memory" in problem.remedy


@pytest.mark.slow
def test_a_scheduler_that_dies_is_one_sentence_and_what_had_finished_is_kept(
    cluster: Cluster, tmp_path: Path, settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = [article(tmp_path / "quick", "1"), article(tmp_path / "slow", "import time\ntime.sleep(30)")]
    cluster.start_worker()
    settings = replace(settings, executor=cluster.executor)

    def kill(event: Progress) -> None:
        if event.slug == "slow" and event.stage == "cell":
            cluster.scheduler.kill()

    with pytest.raises(RunError, match=rf"the Dask scheduler at {cluster.address} is gone; start it again"):
        run(topics, settings, kill)
    wait_for(cluster.ended_topics)
    monkeypatch.setattr("pipeline.run.distributed.client.TO_CONNECT", 0.5)
    with pytest.raises(RunError, match=f"no Dask scheduler answers at {cluster.address}"):
        run(topics[1:], replace(settings, reproduce=True), lambda event: None)
    events: list[Progress] = []
    assert "quick" in run(topics[:1], settings, events.append).results
    assert [event.stage for event in events] == ["cached"]


@pytest.mark.parametrize(
    "executor", ["dask=tcp://127.0.0.1:8786", "dask=tcp://localhost:8786", "dask=tcp://[::1]:1", "dask=tls://host:1"]
)
def test_a_scheduler_on_loopback_or_encrypted_is_taken(executor: str) -> None:
    assert scheduler_of(executor) == executor.removeprefix("dask=")


@pytest.mark.parametrize(
    ("executor", "said"),
    [
        ("dask=tcp://10.0.0.5:8786", "not encrypted"),
        ("dask=tcp://cluster:8786", "not encrypted"),
        ("dask=http://127.0.0.1:8786", "no address"),
        ("dask=tcp://127.0.0.1", "no address"),
        ("dask=tcp://127.0.0.1:seven", "no address"),
        ("dask=127.0.0.1:8786", "no address"),
        ("dask", "needs the address"),
        ("ray=tcp://127.0.0.1:1", "not known"),
    ],
)
def test_any_other_executor_is_refused(executor: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    with pytest.raises(ConfigurationError, match=said):
        scheduler_of(executor)


def test_the_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:8786")
    assert scheduler_of("dask") == "tcp://127.0.0.1:8786"
    assert scheduler_of("local") is None


def test_each_difference_of_a_worker_is_a_sentence(settings: RunSettings) -> None:
    ours = identity(settings)
    assert mismatches("tcp://127.0.0.1:4000", ours, ours) == ()
    theirs = {**ours, "torch": "2.0.0", "processor": "GenuineIntel 6"}
    assert mismatches("tcp://127.0.0.1:4000", theirs, ours) == (
        f"the Dask worker tcp://127.0.0.1:4000 has processor: GenuineIntel 6, this machine has {ours['processor']}",
        f"the Dask worker tcp://127.0.0.1:4000 has torch: 2.0.0, this machine has {ours['torch']}",
    )


def test_without_dask_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "sys.modules['distributed'] = None\n"
        "from pathlib import Path\n"
        "from pipeline.run import RunSettings\n"
        "from pipeline.run.distributed import execute\n"
        "settings = RunSettings(Path(sys.argv[1]), ('en',), executor='dask=tcp://127.0.0.1:8786')\n"
        "try:\n"
        "    list(execute([], settings, print))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    said = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert said.startswith("ConfigurationError the executor dask needs the package distributed; run: pip install")
