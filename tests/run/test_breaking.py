"""Article code that wants to break the build: one problem each, and the other topics finish."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.read.article import Article
from pipeline.run import RunReport, RunSettings, job, run
from pipeline.run.keeper import stop_kept
from pipeline.run.settings import Keep
from tests.run.topics import article

pytestmark = pytest.mark.slow

TALK = """
import base64, json, os
def say(**message):
    data = json.dumps(message).encode()
    os.write(3, len(data).to_bytes(4, 'big') + data)
png = b'\\x89PNG\\r\\n\\x1a\\n' + bytes(8) + (5).to_bytes(4, 'big') * 2
def figure_named(name, picture=png, language='en', cell='c1'):
    encoded = base64.b64encode(picture).decode()
    drawn = dict(caption='', cell=cell, data_sha256='', texts=[], images={language: encoded})
    say(kind='figure', name=name, figure=drawn)
def done(**parts):
    say(**{'kind': 'done', 'values': {}, 'checks': [], 'faults': [], 'peak_bytes': 1, 'needs': [], **parts})
"""

# slug: (source of the cell, what the problem says)
QUICK = {
    "starts-many-threads": (
        "import threading, time\nthreading.stack_size(65536)\n"
        "for _ in range(2000): threading.Thread(target=time.sleep, args=(100,)).start()\ntime.sleep(100)",
        "runs more than 256 threads at once",
    ),
    "fills-its-folder": (
        "for number in range(100):\n    with open(f'{number}', 'wb') as file: file.write(bytes(2**26))",
        "No space left on device",
    ),
    "makes-many-files": (
        "for number in range(100_000): open(f'{number}', 'w').close()",
        "No space left on device",
    ),
    "raises-its-limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)",
        "not allowed to raise maximum limit",
    ),
    "is-ready-twice": (
        "say(kind='ready', pid=1, device='', active=[], lacking=[])",
        "sends the build nonsense (that it is ready, a second time)",
    ),
    "nests-brackets": (
        "data = b'[' * 10**6\nos.write(3, len(data).to_bytes(4, 'big') + data)",
        "sends the build nonsense",
    ),
    "announces-much": ("os.write(3, b'\\xff' * 4)", "sends the build nonsense (a message of 4294967295 bytes)"),
    "is-no-object": ("os.write(3, b'\\0\\0\\0\\x02[]')", "sends the build nonsense"),
    "draws-elsewhere": ("figure_named(f'../../../../{victim}')", "sends the build nonsense"),
    "draws-for-elsewhere": ("figure_named('f', language='/../../en')", "sends the build nonsense"),
    "draws-for-another": ("figure_named('f', cell='c99')", "sends the build nonsense (a cell 'c99')"),
    "draws-little": ("figure_named('f', png[:12])", "sends the build nonsense"),
    "ends-with-a-word": ("done(values='x')", "sends the build nonsense"),
    "ends-with-a-name": ("done(values={'../x': {'value': 1, 'cell': 'c1'}})", "sends the build nonsense"),
    "ends-with-half-a-letter": (
        "done(values={'x': {'value': ['\\ud800'], 'cell': 'c1'}})",
        "sends the build nonsense",
    ),
    "blames-a-language": (
        "done(faults=[dict(cell='c1', line=1, column=1, message='', remedy='', rule='', language='xx')])",
        "sends the build nonsense (a language 'xx')",
    ),
    "blames-a-word": (
        "done(faults=[dict(cell='c1', line='1', column=1, message='', remedy='', rule='')])",
        "sends the build nonsense (a message of the kind 'done' with another line)",
    ),
    "ends-with-a-deep-value": (
        "value = 1\nfor _ in range(400): value = [value]\n"
        "done(values={'x': {'value': value, 'cell': 'c1'}})\nos._exit(0)",
        "sends the build nonsense",
    ),
    "ends-before-its-cells": ("done()\nos._exit(0)", "ends its process with exit status 0"),
    "counts-in-words": ("say(kind='ran', cell='c1', value='', warnings=[], seconds='x')", "sends the build nonsense"),
}
SLOW = {
    "stops-itself": ("import signal\nos.kill(os.getpid(), signal.SIGSTOP)", "is still running after 2 s"),
    "ignores-everything": (
        "import signal, time\n"
        "for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(number, signal.SIG_IGN)\n"
        "while True: time.sleep(100)",
        "is still running after 2 s",
    ),
    "hangs-up": (
        "import time\nfor number in range(4): os.close(number)\ntime.sleep(100)",
        "is still running after 2 s",
    ),
    "never-stops-talking": ("while True: say(kind='cell', cell='c1')", "is still running after 2 s"),
}
DEEP = "import os\nfor _ in range(3000):\n    os.mkdir('deeper')\n    os.chdir('deeper')"


@dataclass(frozen=True, slots=True)
class Broken:
    report: RunReport
    seconds: float  # of the topics that go on until they are stopped
    victim: Path
    left: tuple[str, ...]  # in the folder for temporary files


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    folder = tmp_path_factory.mktemp("breaking")
    victim, scratch = folder / "victim", folder / "scratch"
    scratch.mkdir()
    settings = RunSettings(
        folder / "cache", ("en",), time_limit=60, memory_limit=600 * 2**20, workers=3, reproduce=False
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        topics = [_topic(folder, slug, source, victim) for slug, (source, _) in QUICK.items()]
        quick = run([*topics, article(folder / "deep", DEEP), article(folder / "fine", "glue('p', 1)")], settings)
        started = time.monotonic()
        slow_topics = [_topic(folder, slug, source, victim) for slug, (source, _) in SLOW.items()]
        slow = run(slow_topics, replace(settings, time_limit=2.0, workers=4))
        seconds = time.monotonic() - started
    report = RunReport(quick.results, (*quick.problems, *slow.problems))
    return Broken(report, seconds, victim, tuple(path.name for path in scratch.iterdir()))


def _topic(folder: Path, slug: str, source: str, victim: Path) -> Article:
    return article(folder / slug, f"{TALK}\nvictim = {str(victim)!r}\n{source}")


def _problems(slug: str, report: RunReport) -> list[Problem]:
    return [problem for problem in report.problems if problem.where.file == f"articles/{slug}/en.md"]


@pytest.mark.parametrize("slug", [*QUICK, *SLOW])
def test_it_is_one_problem_that_says_what_it_did(slug: str, broken: Broken) -> None:
    (problem,) = _problems(slug, broken.report)
    assert {**QUICK, **SLOW}[slug][1] in problem.message
    assert slug not in broken.report.results


def test_the_other_topics_finish_also_one_whose_folder_is_hard_to_remove(broken: Broken) -> None:
    assert sorted(broken.report.results) == ["deep", "fine"]


def test_nothing_is_written_and_nothing_is_left(broken: Broken) -> None:
    assert not list(broken.victim.parent.glob("victim*"))
    assert broken.left == ()


def test_who_never_stops_is_stopped_in_time(broken: Broken) -> None:
    assert broken.seconds < 30  # four topics at a time, two seconds each, on a machine that others may use too


def test_without_an_examination_nonsense_would_break_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "examine", lambda message, work: None)
    settings = RunSettings(tmp_path / "cache", ("en",), reproduce=False)
    with pytest.raises((KeyError, TypeError, AttributeError)):
        run([_topic(tmp_path, "blames", QUICK["blames-a-language"][0] + "\nos._exit(0)", tmp_path)], settings)


def test_with_another_limit_many_threads_are_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "THREADS", 10_000)
    settings = RunSettings(tmp_path / "cache", ("en",), reproduce=False)
    source = """
import threading
threading.stack_size(65536)
end = threading.Event()
threads = [threading.Thread(target=end.wait) for _ in range(500)]
for thread in threads: thread.start()
import time
time.sleep(0.5)
end.set()
for thread in threads: thread.join()
"""
    report = run([article(tmp_path / "many", source)], settings)
    assert list(report.results) == ["many"]


def test_who_speaks_to_a_kept_server_in_the_worker_s_name_gets_nothing(tmp_path: Path) -> None:
    keep = Keep(tmp_path / "keep", seconds=60.0, bytes=2**30)
    settings = RunSettings(tmp_path / "cache", ("en",), time_limit=60, reproduce=False, keep=keep)
    speaking = """
import os, threading
forked = []
def fork():
    try:
        os.fork() or os._exit(0)
        forked.append(1)
    except OSError:
        pass
for said in (b'[' * 4000, b'{"copied": true}', b'{"here": true}', b'\\xff'):
    os.write(4, said)
    fork()
glue('forked', len(forked))
"""
    more = "thread = threading.Thread(target=lambda: [fork() for _ in range(1000)])\nthread.start()"
    last = "thread.join()\nglue('forked-later', len(forked))"
    try:
        report = run(
            [article(tmp_path / "speaks", speaking, more, last), article(tmp_path / "fine", "x = 1")], settings
        )
        again = run([article(tmp_path / "fine-too", "x = 1")], settings)
    finally:
        assert stop_kept(keep.folder) == 1
    assert [problem.message for problem in (*report.problems, *again.problems)] == []
    values = report.results["speaks"].glued
    assert values["forked"].value == values["forked-later"].value == 0
