"""Copies of workers that wait at the ends of cells: what goes on from one is what a fresh run would have been."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.run import Progress, RunReport, RunSettings, run
from pipeline.run.keeper import stop_kept
from pipeline.run.settings import Keep
from tests.run.topics import article, line_of

pytestmark = pytest.mark.slow  # the servers import torch

LONG = "import time\ntime.sleep(0.12)\n"  # long enough that a copy afterwards is worth it


class Author:
    """Somebody who edits topics and runs them again and again."""

    def __init__(self, folder: Path, idle: float = 120.0, memory: int = 2**30) -> None:
        self.folder = folder
        self.keep = Keep(folder / "keep", idle, memory)
        self.ran: list[str] = []  # cells of the first run that ran last
        self.settings = RunSettings(
            folder / "cache", ("en", "es"), time_limit=30.0, output_limit=20_000, keep=self.keep, reproduce=False
        )

    def run(self, slug: str, *cells: str, reproduce: bool = False, **options: Any) -> RunReport:
        shutil.rmtree(self.folder / "cache" / "results", ignore_errors=True)
        self.ran = []

        def note(event: Progress) -> None:
            if event.stage == "cell" and not event.again:
                self.ran.append(event.cell)

        topic = article(self.folder / slug, *cells, **options)
        return run([topic], replace(self.settings, reproduce=reproduce), note)

    def servers(self) -> list[int]:
        """The processes that run in the folder of kept servers."""
        return [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/cmdline")
            if str(self.keep.folder).encode() in _content(path)
        ]

    def leave(self) -> None:
        """End the kept servers and wait until all their processes are gone."""
        processes = self.servers()
        stop_kept(self.keep.folder)
        assert_gone(processes, patience=30.0)  # dozens of copies may have to go
        assert list(self.keep.folder.glob("*-*")) == []


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """An author whose servers run as long as this module's tests."""
    one = Author(tmp_path_factory.mktemp("author"))
    yield one
    one.leave()


def seen(report: RunReport, slug: str) -> Any:
    """All that a page could show of a topic, without its name, and what went wrong."""
    problems = [str(problem).replace(slug, "SLUG") for problem in report.problems]
    if slug not in report.results:
        return problems
    results = report.results[slug]
    figures = {
        name: (figure.caption, figure.data_sha256, [image.sha1 for image in figure.images.values()])
        for name, figure in results.figures.items()
    }
    outputs = {
        label: (output.stdout, output.value, [warning.replace(slug, "SLUG") for warning in output.warnings])
        for label, output in results.outputs.items()
    }
    return problems, results.glued, figures, outputs, results.checks, results.environment, results.reproduced


def compared(author: Author, slug: str, *cells: str, **options: Any) -> Any:
    """What a run through copies gives, after it was held against a fresh one under another name."""
    found = seen(author.run(slug, *cells, **options), slug)
    ran = author.ran
    compared.count += 1  # type: ignore[attr-defined]
    other = f"{slug}-{compared.count}"  # type: ignore[attr-defined]
    whole = seen(author.run(other, *cells, **options), other)
    assert found == whole
    author.ran = ran
    return found


compared.count = 0  # type: ignore[attr-defined]


def test_an_edit_in_the_last_cell_runs_that_cell_only(author: Author) -> None:
    cells = [f"{LONG}a = 1", f"{LONG}glue('a', a + 1)\nprint('once')", "glue('b', a)"]
    author.run("last", *cells)
    assert author.ran == ["c0", "c1", "c2", "c3"]
    cells[-1] = "glue('b', a + 5)"
    compared(author, "last", *cells)
    assert author.ran == ["c3"]
    report = author.run("last", *cells[:2], "glue('b', a + 6)")
    assert {name: one.value for name, one in report.results["last"].glued.items()} == {"a": 2, "b": 7}
    assert report.results["last"].outputs["c2"].stdout == "once\n"
    assert "last: the first run went on after cell 'c2'" in report.notes


def test_a_changed_cell_and_all_below_it_run(author: Author) -> None:
    cells = [f"{LONG}a = 1", f"{LONG}b = a", f"{LONG}c = b", "glue('c', c)"]
    author.run("middle", *cells)
    cells[1] = f"{LONG}b = a + 1"
    compared(author, "middle", *cells)
    assert author.ran == ["c2", "c3", "c4"]
    cells[3] = "glue('c', c * 10)"
    compared(author, "middle", *cells)
    assert author.ran == ["c4"]


def test_a_failing_cell_is_mended_without_running_what_is_before_it(author: Author) -> None:
    before = f"{LONG}def half(x):\n    return 1 / x"
    author.run("failing", before, "half(1)")
    problems = compared(author, "failing", before, "half(0)")
    assert author.ran == ["c2"]
    # the prose above has grown: the error is where the function stands now
    topic = article(author.folder / "failing", before, "half(0)", first_line=300)
    moved = compared(author, "failing", before, "half(0)", first_line=300)
    assert author.ran == ["c2"]
    assert f"en.md:{line_of(topic, 'c1', 4)}:" in moved[0] and moved != problems
    compared(author, "failing", before, "half(2)", first_line=300)
    assert author.ran == ["c2"]


def test_an_endless_cell_is_ended_and_mended_without_running_what_is_before_it(author: Author) -> None:
    author.settings = replace(author.settings, time_limit=3.0)
    try:
        (problem,) = author.run("endless", f"{LONG}a = 1", "while True:\n    pass").problems
        assert "still running" in problem.message
        report = author.run("endless", f"{LONG}a = 1", "glue('a', a)")
    finally:
        author.settings = replace(author.settings, time_limit=30.0)
    assert author.ran == ["c2"] and report.problems == ()


def test_random_numbers_go_on_where_they_were(author: Author) -> None:
    seeded = f"{LONG}import random, numpy as np, torch\nrandom.random(), np.random.rand(), torch.rand(1)"
    more = "glue('r', [random.random(), float(np.random.rand()), torch.rand(1).item(), hash('a')])"
    author.run("random", seeded, more, reproduce=True)
    for number in range(3):
        compared(author, "random", seeded, f"{more}\n{number}", prints=["r[0]:.9f"], reproduce=True)
        assert author.ran == ["c2"]


def test_second_runs_go_on_with_all_their_threads(author: Author) -> None:
    product = "torch.manual_seed(1)\nx = torch.randn(600, 600)\ny = np.ones((600, 600))\n"
    first = f"{LONG}import torch, numpy as np\n{product}x = x @ x; y = y @ y; z = torch.exp(x).sum()"
    last = "glue('t', float((x @ x).sum()) > 0)\nglue('s', float((y @ y).sum()))\nn = torch.get_num_threads()"
    threads = "import threading\n"
    author.run("threads", first, last, reproduce=True)
    report = author.run("threads", first, last + "\n0", reproduce=True, prints=["s:.1f"])
    assert report.problems == () and report.results["threads"].reproduced
    assert "threads: the second run went on after cell 'c1'" in report.notes
    report = author.run("threads", first, f"{last}\n{threads}glue('n', n)", reproduce=True, prints=["n"])
    assert ["'n' prints '1' in one run and '2' in another" in str(problem) for problem in report.problems] == [True]


def test_figures_keep_fonts_open_and_copies_are_made_all_the_same(author: Author) -> None:
    curve = "fig, ax = runtime.subplots()\nax.plot([1, {0}])\nax.set_xlabel('steps'){1}\nfigure('f{0}', fig)"
    cells = [LONG + curve.format(2, ""), LONG + curve.format(3, "\nax.set_ylabel('naïve words, 日本')"), ""]
    options = {"figures": ["f2", "f3", "f4", "f5"], "labels": {"es": {"steps": "pasos", "naïve words, 日本": "¿qué?"}}}
    author.run("figures", *cells, **options)
    for number in (4, 5, 4):
        compared(author, "figures", *cells[:2], curve.format(number, ""), **options)
        assert author.ran == ["c3"]


def test_a_file_that_is_being_read_is_read_on_where_it_was(author: Author) -> None:
    text = author.folder / "reading" / "text"
    text.parent.mkdir()
    text.write_text("".join(f"{number}\n" for number in range(10_000)))
    begin = f"{LONG}file = open({str(text)!r})\nfirst = [next(file) for _ in range(3)]"
    author.run("reading", begin, "''.join(file)[-6:]")
    for number in range(2):
        report = author.run("reading", begin, f"glue('n', [{number}, sum(map(int, file)), first[-1]])")
        assert author.ran == ["c2"]
        assert report.results["reading"].glued["n"].value == [number, sum(range(3, 10_000)), "2\n"]
    text.write_text("1\n2\n3\n4\n")
    report = author.run("reading", begin, "glue('n', [sum(map(int, file)), first[-1]])")
    assert report.results["reading"].glued["n"].value == [4, "3\n"] and author.ran == ["c0", "c1", "c2"]


def test_files_of_a_run_are_gone_in_the_next(author: Author) -> None:
    look = "import os\nglue('n', sorted(os.listdir('.')))\n"
    write = f"{look}open('a', 'w').write('x')\nos.mkdir('d')\nopen('d/b', 'w');"
    author.run("files", f"{LONG}a = 1", f"{LONG}{write}", "glue('m', len(os.listdir('.')))")
    report = author.run("files", f"{LONG}a = 1", f"{LONG}{write}", "glue('m', len(os.listdir('.')))\n1")
    assert author.ran == ["c2", "c3"]  # with files there no copy is made
    assert "the file 'a' is in its folder" in " ".join(report.notes) or "the file 'd'" in " ".join(report.notes)
    assert [report.results["files"].glued[name].value for name in "nm"] == [[], 2]


OBSTACLES = {
    "writes": ("file = open('x', 'w'); import os; os.unlink('x')", "is open that is no file to be read"),
    "thread": (
        "import threading\nevent = threading.Event()\nt = threading.Thread(target=event.wait)\nt.start()",
        "a thread",
    ),
    "timer": ("import signal\nsignal.setitimer(signal.ITIMER_REAL, 100)", "a timer is set"),
    "shared": ("import mmap\nmemory = mmap.mmap(-1, 4096)", "it shares memory"),
    "woken": ("import signal\nsignal.signal(signal.SIGCONT, lambda *args: None)", "the one that wakes a copy"),
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_what_a_fork_would_not_copy_is_noticed(author: Author, name: str) -> None:
    cell, why = OBSTACLES[name]
    after = "event.set(); t.join(); glue('a', 1)" if name == "thread" else "glue('a', 1)"
    report = author.run(name, LONG + cell, after)
    assert why in " ".join(report.notes)
    assert author.run(name, LONG + cell, f"{after}\n2").problems == ()
    assert author.ran == ["c0", "c1", "c2"]


def test_a_process_that_looks_at_itself_is_a_fresh_one(author: Author) -> None:
    look = "import os\nglue('n', open('/proc/self/stat').read().startswith(f'{os.getpid()} '))"
    author.run("itself", f"{LONG}a = 1", look)
    report = author.run("itself", f"{LONG}a = 1", f"{look}\n2")
    assert report.problems == () and report.results["itself"].glued["n"].value is True
    assert author.ran == ["c2", "c0", "c1", "c2"]


def test_signals_to_itself_and_its_own_limits_are_as_in_a_fresh_process(author: Author) -> None:
    send = "import os, signal, resource\nsignal.signal(signal.SIGUSR2, lambda *a: glue('s', 1))\n"
    send += "os.kill(os.getpid(), signal.SIGUSR2)\nresource.prlimit(os.getpid(), resource.RLIMIT_CPU)\n"
    send += "try:\n    os.kill(os.getppid(), 0)\nexcept PermissionError:\n    glue('denied', True)"
    author.run("signals", f"{LONG}a = 1", send)
    compared(author, "signals", f"{LONG}a = 1", f"{send}\n3")
    assert author.ran == ["c2"]
    (problem,) = compared(author, "signals", f"{LONG}a = 1", "import os\nos.abort()")
    assert "SIGABRT" in problem and author.ran == ["c2"]


def test_the_limits_of_a_topic_hold_for_all_its_cells(author: Author) -> None:
    printing = f"{LONG}print('x' * 15_000)"
    author.run("printing", printing, "a = 1")
    problems = compared(author, "printing", printing, "print('y' * 6_000)")
    assert "prints more than 20 kB" in problems[0] and author.ran == ["c2"]


def test_a_cell_cannot_fork_although_copies_are_made(author: Author) -> None:
    cell = """
    import os, ctypes
    libc = ctypes.PyDLL(None, use_errno=True)
    def tried(fork):
        try:
            process = fork()
        except OSError as error:
            return type(error).__name__
        if process == 0:
            os._exit(0)
        return "forked" if process > 0 else os.strerror(ctypes.get_errno())
    glue('n', [tried(os.fork), tried(libc.fork), tried(lambda: libc.syscall(56, 17, 0, 0, 0, 0))])
    """
    for number in range(2):
        report = author.run("fork", f"{LONG}a = 1", f"{cell}\n    {number}")
        denied = ["PermissionError", "Operation not permitted", "Operation not permitted"]
        assert report.results["fork"].glued["n"].value == denied


def test_a_cell_that_plays_the_worker_gets_no_process_of_its_own(author: Author) -> None:
    """It says that it has ended, waits for the order to copy and forks as often as it can, without end."""
    cell = """
    import json, os, socket, struct, time, ctypes, array
    libc = ctypes.PyDLL(None)
    build, line = socket.socket(fileno=os.dup(3)), socket.socket(fileno=os.dup(4))
    data = json.dumps({"kind": "ran", "cell": "c1", "value": "", "warnings": [], "seconds": 9.0, "obstacle": ""})
    build.sendall(struct.pack(">I", len(data)) + data.encode())
    build.recv(4096)
    line.recvmsg(4096, 1000)
    forked = [libc.fork() for _ in range(8)]
    end = time.monotonic() + 20
    while time.monotonic() < end:
        pass
    """
    author.settings = replace(author.settings, time_limit=6.0)
    before = processes()
    try:
        started = time.monotonic()
        (problem,) = author.run("player", cell).problems
        assert "died of SIGKILL" in problem.message or "still running" in problem.message
        assert time.monotonic() - started < 25
    finally:
        author.settings = replace(author.settings, time_limit=30.0)
    assert_gone(sorted(processes() - before))
    assert author.run("player", "glue('a', 1)").problems == ()


def test_two_builds_at_once_share_the_servers_and_not_the_folder(author: Author) -> None:
    first, wait = (
        f"{LONG}a = 1",
        "import os, time\nopen('mine', 'x').close()\ntime.sleep(1)\nglue('n', os.listdir('.'))",
    )
    author.run("both", first, "2")
    reports: list[RunReport] = []
    others = [Author(author.folder) for _ in range(2)]
    for number, other in enumerate(others):
        other.settings = replace(author.settings, cache=author.settings.cache)

        def go(other: Author = other, number: int = number) -> None:
            topic = article(other.folder / "both", first, f"{wait}\n{number}")
            reports.append(run([topic], other.settings))

        threading.Thread(target=go).start()
    while len(reports) < 2:
        time.sleep(0.05)
    assert [report.results["both"].glued["n"].value for report in reports] == [["mine"], ["mine"]]


def test_a_killed_build_leaves_servers_that_work_and_no_worker(author: Author) -> None:
    author.run("killed", f"{LONG}a = 1", "a")
    code = f"""
import sys
sys.path[:] = {sys.path!r}
from pathlib import Path
from pipeline.run import run
from tests.run.test_checkpoints import LONG, Author, article
author = Author(Path({str(author.folder)!r}))
cells = LONG + "a = 1", "print(1)\\nwhile True:\\n    pass"
run([article(author.folder / slug, *cells) for slug in ("killed", "killed-too")], author.settings)
"""
    before = processes()
    build = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    end = time.monotonic() + 60
    while len(processes() - before - {build.pid}) < 2 and time.monotonic() < end:
        time.sleep(0.02)  # until both workers are there
    workers = processes() - before - {build.pid}
    assert len(workers) >= 2
    build.kill()
    build.wait()
    assert_gone(sorted(workers))
    report = author.run("killed", f"{LONG}a = 1", "glue('a', a)")
    assert report.problems == () and author.ran == ["c2"]


def test_a_killed_server_takes_everything_with_it_and_is_replaced(tmp_path: Path) -> None:
    author = Author(tmp_path)
    before = processes()
    author.run("topic", f"{LONG}a = 1", f"{LONG}b = 1", "a")
    (server,) = author.servers()[:1]
    family = sorted(processes() - before)
    assert len(family) >= 3  # the server and two copies

    def kill(event: Progress) -> None:
        if event.cell == "c3" and not killed:
            killed.append(event)
            os.kill(server, signal.SIGKILL)

    killed: list[Progress] = []
    topic = article(tmp_path / "topic", f"{LONG}a = 1", f"{LONG}b = 1", "import time\ntime.sleep(1)\nglue('a', a)")
    report = run([topic], author.settings, kill)
    assert killed and report.problems == () and report.results["topic"].glued["a"].value == 1
    assert_gone(family)
    author.run("topic", f"{LONG}a = 1", "a")
    author.leave()


def test_servers_end_when_nobody_has_needed_them_for_a_while(tmp_path: Path) -> None:
    author = Author(tmp_path, idle=0.5)
    author.run("topic", f"{LONG}a = 1", "a")
    assert_gone(author.servers(), patience=15.0)
    assert list(author.keep.folder.glob("*-*")) == []


def test_copies_are_few_and_small(tmp_path: Path) -> None:
    author = Author(tmp_path, memory=1)
    before = processes()
    author.run("topic", f"{LONG}a = 1", f"{LONG}b = 1", "a")
    end = time.monotonic() + 5
    while len(processes() - before) > 1 and time.monotonic() < end:
        time.sleep(0.05)
    assert len(processes() - before) == 1  # the server alone
    author.run("topic", f"{LONG}a = 1", f"{LONG}b = 1", "a + 1")
    assert author.ran == ["c0", "c1", "c2", "c3"]
    author.leave()


CELLS = [
    "s.append({n})",
    "s.append(random.randrange({n}, 1000))",
    "s.append(float(np.random.rand()))",
    "s.append(torch.rand(1).item()); w = torch.randn(20, 20); s.append(float((w @ w).sum()))",
    "print('cell', {n}, len(s))",
    "glue('v{n}', s[-3:])",
    "def f(x):\n    return x / {n}\ns.append(f(1))",
    "s.append(f(len(s)))",
    "fig, ax = runtime.subplots()\nax.plot(range(len(s)))\nax.set_xlabel('n')\nfigure('f{n}', fig)",
    "open('file', 'w').write(str({n}))\ns.append(len(os.listdir('.')))",
    "s.append(os.path.exists('file') and open('file').read())\nos.path.exists('file') and os.unlink('file');",
    "import warnings\n\nwarnings.warn(f'take care {n}')",
    "verify.claim('small', len(s) < {n} + 100)\nlen(s)",
    "s.append(sorted(globals())[{n} % 20])",
]
HEAD = "import os, random, torch, numpy as np\ns = []\n"
cell = st.tuples(st.sampled_from(CELLS), st.integers(0, 5), st.booleans())
LAST_ANEW = ("edit", 2, (CELLS[1], 4, False))
edits = st.tuples(st.sampled_from(["edit", "insert", "delete", "move", "prose"]), st.integers(0, 20), cell)


def test_whatever_is_edited_results_are_those_of_a_fresh_run(author: Author) -> None:
    spared = 0

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(cell, min_size=2, max_size=5), st.lists(edits, min_size=1, max_size=4))
    @example([(CELLS[0], 1, True), (CELLS[2], 2, True), (CELLS[0], 3, False)], [LAST_ANEW, LAST_ANEW, LAST_ANEW])
    def check(topic: list[tuple[str, int, bool]], changes: Sequence[tuple[str, int, tuple[str, int, bool]]]) -> None:
        nonlocal spared
        first_line = 20
        for kind, place, new in [("none", 0, topic[0]), *changes]:
            at = place % max(1, len(topic))
            if kind == "edit" and topic:
                topic[at] = new
            elif kind == "insert":
                topic.insert(at, new)
            elif kind == "delete" and topic:
                del topic[at]
            elif kind == "move" and topic:
                topic.append(topic.pop(at))
            elif kind == "prose":
                first_line += place
            sources = [(LONG if slow else "") + text.format(n=number) for text, number, slow in topic]
            figures = [f"f{number}" for number in range(6)]
            compared(author, "edited", HEAD, *sources, first_line=first_line, figures=figures)
            spared += bool(author.ran) and author.ran[0] != "c0"

    check()
    assert spared >= 3  # those of the example at least went on from copies, or nothing was tested


def processes() -> set[int]:
    """All processes whose parents are servers or this one, at any depth, and servers of any parent."""
    return {
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"pipeline.run.server" in (line := _content(path)) and b"/keep/" in line
    }


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def assert_gone(gone: Sequence[int], patience: float = 10.0) -> None:
    end = time.monotonic() + patience
    while alive := [process for process in gone if _content(Path(f"/proc/{process}/cmdline"))]:
        if time.monotonic() > end:
            raise AssertionError(f"still there: {alive}")
        time.sleep(0.05)
