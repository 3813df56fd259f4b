"""Play a schedule of faults, kills and people's edits against a real wiki; say each promise that was broken."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.deploy.deployment import Deployment
from pipeline.deploy.target import parse
from pipeline.wiki import LocalWiki, down, up
from tests.deploy.chaos_bot import started
from tests.deploy.faults import FAULTS, HELD, READ_TIMEOUT, SLOW
from tests.deploy.invariants import violations
from tests.deploy.passers_by import PassersBy
from tests.deploy.proxy import CUT, Answer, Cut, Proxy, Request, proxy_before
from tests.deploy.schedules import Point, Run, Schedule, Touch, Trouble, picture

PATIENCE = 120.0  # seconds until a bot that does not end is a violation
CALM = 60.0  # seconds that a bot waits for an answer when no fault is meant to be slow
MEMORY = Path("/dev/shm")  # on a disk, a wiki spends most of its time waiting at each save


@dataclass
class Tally:
    """What really happened, summed over schedules."""

    schedules: int = 0
    runs: int = 0
    killed: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    touches: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())
        return (
            f"{self.schedules} schedules, {self.runs} runs of the bot, {self.killed} killed; "
            f"{self.faults.total()} faults of {len(self.faults)} kinds; {self.touches.total()} edits by people; "
            f"at the end of clean runs: {outcomes}"
        )


class Arena:
    """A wiki with a proxy before it and people around it, on which schedules are played one after another."""

    def __init__(
        self, wiki: LocalWiki, proxy: Proxy, tally: Tally | None = None, say: Callable[[str], None] | None = None
    ):
        self.wiki, self.proxy = wiki, proxy
        self.people = PassersBy(wiki)
        self.tally = tally or Tally()
        self.say = say or (lambda line: None)
        self.reports: list[Deployment | str | None] = []  # of the schedule that was played last, run by run

    def play(self, schedule: Schedule) -> list[str]:
        """Play it, with the clean run at its end; return a sentence for each promise that was broken."""
        broken: list[str] = []
        since = self.people.observer.api("query", curtimestamp=1)["curtimestamp"]
        director = Director(self, schedule)
        self.proxy.before = director
        self.reports = reports = list[Deployment | str | None]()
        for number, run in enumerate(schedule.runs):
            last = number == len(schedule.runs) - 1
            if last and len({shade for shades in schedule.files for shade in shades}) > 1:
                time.sleep(1.1)  # MediaWiki orders a file's versions by the second
            director.begin(run)
            report, ended = self._bot(director, schedule, run, number, last)
            broken += ended
            reports.append(report)
            following = schedule.runs[number + 1] if not last else None
            # A request that is still on its way when sources have changed is one of another, older bot.
            director.settle(
                deliver=following is None or following.version != run.version or following == schedule.runs[-1]
            )
        self.tally.schedules += 1
        final = reports[-1]
        if isinstance(final, Deployment):
            self.tally.outcomes.update(one.outcome for one in final.done)
        broken += violations(self.wiki, self.people, schedule, since, reports)
        return broken

    def _bot(
        self, director: Director, schedule: Schedule, run: Run, number: int, last: bool
    ) -> tuple[Deployment | str | None, list[str]]:
        url = self.wiki.url if last else self.proxy.url
        target = parse(url, self.wiki.bot_user, self.wiki.bot_password)
        slow = any(trouble.fault in SLOW for trouble in run.troubles)
        words = (
            target, schedule.sources(run.version), f"{schedule.seed:07x}{number:05x}", schedule.prefix,
            READ_TIMEOUT if slow else CALM, schedule.dropped_from is not None,
        )  # fmt: skip
        process, answer = started(*words)
        director.process = process.pid
        director.ready.set()
        self.tally.runs += 1
        report: Deployment | str | None = None
        broken: list[str] = []
        with contextlib.suppress(EOFError):
            if answer.poll(PATIENCE):
                report = answer.recv()
            else:
                os.kill(process.pid, signal.SIGKILL)
                broken.append(f"run {number} did not end within {PATIENCE:.0f} s")
        process.join(PATIENCE)
        killed = director.killed
        self.tally.killed += killed
        if report is None and not killed and not broken:
            broken.append(f"run {number} ended with a traceback (code {process.exitcode})")
        process.close()
        answer.close()
        self.say(f"  run {number}, version {run.version}: {'killed' if killed else _brief(report)}")
        return report, broken


def _brief(report: Deployment | str | None) -> str:
    if not isinstance(report, Deployment):
        return str(report)
    done = "; ".join(f"{one.title} {one.outcome}{f' ({one.note})' if one.note else ''}" for one in report.done)
    return done + (f"; stopped: {report.stopped}" if report.stopped else "")


class Director:
    """Stands in the proxy and lets happen what the schedule says, at the request where it says so."""

    def __init__(self, arena: Arena, schedule: Schedule) -> None:
        self.arena, self.schedule = arena, schedule
        self.run = schedule.runs[0]
        self.lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.held: list[list[int | Request]] = []
        self.busy = 0
        self.process = 0
        self.ready = threading.Event()
        self.killed = False
        self.sentences = 0

    def begin(self, run: Run) -> None:
        with self.lock:
            self.run, self.counts, self.killed = run, Counter(), False
            self.ready.clear()
        for touch in run.touches:
            if touch.at is None:
                self._touch(touch, None)

    def settle(self, deliver: bool) -> None:
        """Wait until nothing is on its way any more; what is held may stay so until the next run."""
        while self.busy:
            time.sleep(0.005)
        while deliver and self.held:
            self._forward_held(self.held.pop(0)[1])

    def __call__(self, request: Request) -> Answer | Cut:
        action = request.parameters.get("action", "")
        with self.lock:
            numbers = {action: self.counts[action], "": self.counts[""]}
            self.counts.update(numbers.keys() if action else [""])
            self.busy += 1
        try:
            return self._pass(request, numbers)
        finally:
            with self.lock:
                self.busy -= 1

    def _pass(self, request: Request, numbers: dict[str, int]) -> Answer | Cut:
        self.ready.wait(PATIENCE)

        def now(at: Point | None, times: int = 1) -> bool:
            return at is not None and at.action in numbers and 0 <= numbers[at.action] - at.number < times

        self._deliver_held()
        touches = [touch for touch in self.run.touches if now(touch.at)]
        kill = self.run.kill.moment if self.run.kill and now(self.run.kill.at) else ""
        trouble = next((trouble for trouble in self.run.troubles if now(trouble.at, trouble.times)), None)
        for touch in touches:
            if touch.moment == "before":
                self._touch(touch, request)
        if kill == "before":
            return self._kill()
        meanwhile = [
            threading.Thread(target=self._touch, args=(touch, request)) for touch in touches if touch.moment == "during"
        ]
        for thread in meanwhile:
            thread.start()
        if kill == "during":
            self._kill()
        answer = self._troubled(trouble, request)
        for thread in meanwhile:
            thread.join()
        for touch in touches:
            if touch.moment == "after":
                self._touch(touch, request)
        return self._kill() if kill else answer

    def _troubled(self, trouble: Trouble | None, request: Request) -> Answer | Cut:
        proxy = self.arena.proxy
        if trouble is None:
            return proxy.forward(request)
        self.arena.tally.faults[trouble.fault] += 1
        self.arena.say(f"    {trouble.fault} at {_name(request)}")
        if trouble.fault == HELD:
            self.held.append([trouble.later, request])
            return CUT
        return FAULTS[trouble.fault](proxy, request)

    def _deliver_held(self) -> None:
        for entry in list(self.held):
            assert isinstance(entry[0], int)
            entry[0] -= 1
            if entry[0] < 0:
                self.held.remove(entry)
                self._forward_held(entry[1])

    def _forward_held(self, request: int | Request) -> None:
        assert isinstance(request, Request)
        self.arena.say(f"    delivered late: {_name(request)}")
        self.arena.proxy.forward(request)

    def _kill(self) -> Cut:
        if not self.killed:
            self.killed = True
            self.arena.say("    killed")
            os.kill(self.process, signal.SIGKILL)
        return CUT

    def _touch(self, touch: Touch, request: Request | None) -> None:
        version = max(self.run.version, 0)
        sources = self.schedule.sources(version)
        title = _title(request) if request is not None and touch.page is None else ""
        wanted = {page.title: page.text for page in sources.pages}
        if touch.how == "upload":
            title = sources.files[0].title
        elif not title or not (title in wanted or self.schedule.prefix in title):
            title = sources.pages[(touch.page or 0) % len(sources.pages)].title
        with self.lock:
            self.sentences += 1
            number = self.sentences
        sentence = f"Person {self.schedule.seed}-{number} wrote this."
        what = self.arena.people.touch(title, touch.how, sentence, wanted.get(title, ""), picture(number, 255))
        if what:
            self.arena.tally.touches[what] += 1
        self.arena.say(f"    a person ({touch.how}, {touch.moment}) at {title}: {what or 'gave up'}")


def _title(request: Request) -> str:
    words = request.parameters
    name = words.get("title") or words.get("from") or words.get("titles", "")
    return f"File:{words['filename']}" if "filename" in words else "" if "\x1f" in name[1:] else name.strip("\x1f")


def _name(request: Request) -> str:
    return f"{request.parameters.get('action', '?')} {_title(request)}".strip()


# --- wikis to play on ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def arena(
    installed: Path,
    tally: Tally,
    guard: Callable[[Path], None] = lambda folder: None,
    say: Callable[[str], None] | None = None,
) -> Iterator[Arena]:
    """A copy of an installed wiki, served for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="chaos-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder = Path(name) / "wiki"
        shutil.copytree(installed, folder)
        guard(folder)
        try:
            wiki = up(folder)
            with proxy_before(wiki.url) as proxy:
                yield Arena(wiki, proxy, tally, say)
        finally:
            down(folder)
