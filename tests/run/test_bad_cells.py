"""What bad cells get: a problem at their line each, in one run, next to a topic that finishes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import Problem
from pipeline.read.article import Article
from pipeline.run import Progress, RunReport, RunSettings, run
from tests.run.topics import article, line_of

pytestmark = pytest.mark.slow  # forty cells that misbehave, each in a worker of its own

# slug: (source of the cell c1, line of it that is to blame, column, rule, message, part of the remedy)
CASES: dict[str, tuple[str, int, int, str, str, str]] = {
    "raises": (
        "def f(x):\n    return 1 / x\n\nf(0)", 2, 12, "cell", "fails: ZeroDivisionError: division by zero", "",
    ),
    "syntax": ("x = 1\ny = (2", 2, 5, "cell", "fails: SyntaxError: '(' was never closed", ""),
    "returns": ("x = 1\nreturn x", 2, 1, "cell", "fails: SyntaxError: 'return' outside function", ""),
    "wide": (
        "x = '温度'; x.missing", 1, 11, "cell", "fails: AttributeError: 'str' object has no attribute 'missing'", "",
    ),
    "claims": (
        "verify.claim('momentum needs fewer steps', 3 < 2)",
        1, 1, "cell", "does not hold: 'momentum needs fewer steps' is not true", "",
    ),
    "glues-nan": ("glue('p', float('nan'))", 1, 1, "cell", "fails: ValueError: 'p' is nan; glue(…, finite=False)", ""),
    "glues-twice": (
        "glue('p', 1)\nglue('p', 2)",
        2, 1, "cell", "fails: ValueError: the value 'p' is published twice, first by this cell", "",
    ),
    "glues-much": ("glue('p', list(range(10**6)))", 1, 1, "cell", "publish only what the page prints", ""),
    "draws-nothing": (
        "fig, ax = runtime.subplots()\nfigure('f', fig)",
        2, 1, "cell", "the figure 'f' is empty: nothing is drawn in it", "",
    ),
    "exits": ("import sys\nsys.exit(3)", 2, 1, "cell", "calls sys.exit", "let the cell end"),
    "exits-hard": ("import os\nos._exit(0)", 1, 1, "cell", "ends its process with exit status 0", "os._exit"),
    "interrupts": ("raise KeyboardInterrupt", 1, 1, "cell", "fails: KeyboardInterrupt", ""),
    "segfaults": (
        "import ctypes\nx = 1\nctypes.string_at(1)", 3, 1, "cell", "crashes: its process died of SIGSEGV", "",
    ),
    "kills": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", 1, 1, "cell", "died of SIGKILL", "out of memory",
    ),
    "recurses": ("def f():\n    f()\nf()", 2, 5, "cell", "fails: RecursionError: maximum recursion depth exceeded", ""),
    "loops": ("x = 0\nwhile True: x += 1", 2, 1, "time-limit", "is still running after 20 s", "time_limit"),
    "sleeps": ("import time\ntime.sleep(1000)", 2, 1, "time-limit", "is still running after 20 s", "time_limit"),
    "eats-memory": (
        "kept = []\nwhile True:\n    kept.append(bytearray(2**20))",
        3, 17, "cell", "fails: MemoryError", "memory_limit",
    ),
    "eats-array": (
        "import numpy as np\nnp.ones(2**28)", 2, 1, "cell", "Unable to allocate 2.00 GiB", "memory_limit",
    ),
    "eats-tensor": (
        "import torch\ntorch.ones(2**28)", 2, 1, "cell", "can't allocate memory", "memory_limit",
    ),
    # so little is left that Python cannot even note the line
    "eats-small": (
        "while True:\n    x = [x] if 'x' in globals() else []", 1, 1, "cell", "fails: MemoryError", "memory_limit",
    ),
    "eats-shared": (
        "import mmap\nkept = mmap.mmap(-1, 2**30)\nfor i in range(0, 2**30, 4096):\n    kept[i] = 1",
        1, 1, "memory-limit", "more than the 300 MiB a topic may have", "memory_limit",
    ),
    "prints": (
        "for i in range(10**6):\n    print('x' * 100)", 1, 1, "output-limit", "prints more than 10 kB", "output_limit",
    ),
    "prints-c": (
        "import os\nwhile True:\n    os.write(1, b'x' * 4096)", 1, 1, "output-limit", "prints more than 10 kB", "",
    ),
    "shows-much": ("'x' * 20_000", 1, 1, "output-limit", "prints more than 10 kB", ""),
    "warns-much": (
        "import sys\nwhile True:\n    print('x' * 100, file=sys.stderr)", 1, 1, "output-limit", "prints more", "",
    ),
    "forks": ("import os\nos.fork()", 2, 1, "cell", "fails: PermissionError", "start no process"),
    "starts-a-program": (
        "import subprocess\nsubprocess.run(['true'])", 2, 1, "cell", "PermissionError", "start no process",
    ),
    "opens-network": (
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')",
        2, 1, "cell", "Operation not permitted", "",
    ),
    "writes": (
        "open('/var/tmp/marovi-was-here', 'w')", 1, 1, "cell", "marovi-was-here", "write only in the folder",
    ),
    "fills-disk": (
        "with open('big', 'wb') as file:\n    while True:\n        file.write(bytes(2**24))",
        3, 9, "cell", "fails: OSError: [Errno 27] File too large", "",
    ),
    "leaves-thread": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,), name='ticker').start()",
        1, 1, "thread", "leaves a thread running: ticker", "join it",
    ),
    "leaves-raw-thread": (
        "import _thread, time\n_thread.start_new_thread(time.sleep, (1000,))\ntime.sleep(0.2)",
        1, 1, "thread", "leaves a thread running", "",
    ),
    "fails-in-thread": (
        "import threading\ndef f():\n    1 / 0\nt = threading.Thread(target=f)\nt.start()\nt.join()",
        3, 5, "cell", "fails: ZeroDivisionError: division by zero (in a thread)", "",
    ),
    "prints-address": ("object()", 1, 1, "address", "prints a memory address", "semicolon"),
    "asks": ("input()", 1, 1, "cell", "fails: EOFError", "cannot ask"),
    "closes-socket": ("import os\nos.close(3)", 1, 1, "cell", "breaks the process it runs in", ""),
    "talks-nonsense": (
        "import os\nos.write(3, b'\\x00\\x00\\x00\\x02{]')", 1, 1, "cell", "sends the build nonsense", "",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Article], RunReport, list[Progress]]:
    folder = tmp_path_factory.mktemp("bad")
    settings = RunSettings(
        cache=folder / "cache",
        languages=("en",),
        time_limit=20.0,
        memory_limit=300 * 2**20,
        output_limit=10_000,
        workers=4,
        reproduce=False,
    )
    topics = {slug: article(folder / slug, case[0], "x = 'never reached'") for slug, case in CASES.items()}
    topics["fine"] = article(folder / "fine", "glue('p', 1)")
    # the time limit is for those who reach it; the others share two processors with them
    quick = [topic for slug, topic in topics.items() if slug not in ("loops", "sleeps")]
    events: list[Progress] = []
    report = run(quick, settings, events.append)
    slow = run([topics["loops"], topics["sleeps"]], replace(settings, time_limit=1.0), events.append)
    return topics, RunReport({**report.results, **slow.results}, (*report.problems, *slow.problems)), events


@pytest.mark.parametrize("slug", CASES)
def test_a_bad_cell_is_one_problem_at_its_line(
    slug: str, ran: tuple[dict[str, Article], RunReport, list[Progress]]
) -> None:
    topics, report, _ = ran
    _, line, column, rule, message, remedy = CASES[slug]
    found = [problem for problem in report.problems if problem.where.file == f"articles/{slug}/en.md"]
    assert len(found) == 1
    problem = found[0]
    assert slug not in report.results
    assert (problem.rule, problem.where.line, problem.where.column) == (
        rule, line_of(topics[slug], "c1", line), column,
    )  # fmt: skip
    assert problem.message.startswith("cell 'c1' ")
    assert message.replace("20 s", "1 s") in problem.message
    assert remedy in problem.remedy
    assert "\n" not in str(problem)


def test_the_lines_around_an_error_are_shown_with_a_mark(
    ran: tuple[dict[str, Article], RunReport, list[Progress]],
) -> None:
    topics, report, _ = ran
    first = line_of(topics["raises"], "c1")
    assert _of("raises", report).excerpt.splitlines() == [
        f"  {first} | def f(x):",
        f"> {first + 1} |     return 1 / x",
        f"  {'':2} |            ^",
        f"  {first + 2} |",
        f"  {first + 3} | f(0)",
    ]


def test_the_other_topics_finish(ran: tuple[dict[str, Article], RunReport, list[Progress]]) -> None:
    _, report, _ = ran
    assert list(report.results) == ["fine"]
    assert report.results["fine"].glued["p"].value == 1


def test_progress_tells_of_each_topic_how_it_went(
    ran: tuple[dict[str, Article], RunReport, list[Progress]],
) -> None:
    _, _, events = ran
    for slug, last in (("fine", "finished"), ("raises", "failed")):
        stages = [event.stage for event in events if event.slug == slug]
        assert stages == ["started", "cell", "cell", last]
    assert [(e.cell, e.number, e.total) for e in events if e.slug == "fine" and e.cell] == [("c0", 1, 2), ("c1", 2, 2)]


def _of(slug: str, report: RunReport) -> Problem:
    return next(problem for problem in report.problems if problem.where.file == f"articles/{slug}/en.md")
