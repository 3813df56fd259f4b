"""Run topics side by side: the first run of each on one server, the second under other conditions on another."""

from __future__ import annotations

import functools
import os
import selectors
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pipeline.errors import RunError
from pipeline.run import cache
from pipeline.run.chain import chain_of
from pipeline.run.forking import AGAIN
from pipeline.run.instructions import kind_of
from pipeline.run.job import Job
from pipeline.run.keeper import KeptServerLostError, reach
from pipeline.run.launch import OwnServer, Server
from pipeline.run.needs import Present
from pipeline.run.record import FaultRecord, NeedRecord, Record, Work
from pipeline.run.settings import Progress, RunSettings

# Hash seed and number of threads of the first run and of the second.
CONDITIONS = ((0, 1), (1, 2))


class GivenUpError(RunError):
    """Nobody needs the outcome any more."""


_TICK = 0.1  # seconds between two looks at time and memory
_TO_ANSWER = 0.3  # seconds a worker gets to say which line it is at
_TO_BE_READY = 60.0  # seconds a kept server gets to load everything
_TO_KILL = 20.0  # seconds a kept server gets to end a worker


@dataclass(frozen=True, slots=True)
class Task:
    """One run of a topic: its first, or with `again` its second."""

    slug: str
    work: Work
    again: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a task: a record with its pictures, or what is wrong."""

    task: Task
    outcome: Record | list[FaultRecord]
    pictures: dict[tuple[str, str], bytes]
    lacking: tuple[str, ...]  # protections that were missing
    active: tuple[str, ...] = ()  # those that held
    notes: tuple[str, ...] = ()  # what need not run again, and why not more


def execute(tasks: Sequence[Task], settings: RunSettings, tell: Callable[[Progress], None]) -> Iterator[Finished]:
    """Run all tasks and yield each as it finishes; a topic's second run is dropped when its first one fails.

    Raises RunError when a server breaks. Whatever ends it, also closing the iterator, ends all processes but those
    that `settings.keep` lets wait for the next build.
    """
    left = list(tasks)
    if settings.keep is not None and kind_of(settings.device) == "cpu":  # what a GPU's driver holds cannot be forked
        try:
            for finished in _execute(left, settings, tell, _reach):
                failed = isinstance(finished.outcome, list) and not finished.task.again
                left = [
                    task
                    for task in left
                    if task is not finished.task and not (failed and task.slug == finished.task.slug)
                ]
                yield finished
            return
        except KeptServerLostError:
            pass  # somebody ended it: what is left can run without
    yield from _execute(left, settings, tell, start_server)


def _execute(
    tasks: Sequence[Task],
    settings: RunSettings,
    tell: Callable[[Progress], None],
    start: Callable[[bool, RunSettings], Server],
) -> Iterator[Finished]:
    with ExitStack() as stack:
        servers: dict[bool, Server] = {}
        for again in sorted({task.again for task in tasks}):
            servers[again] = start(again, settings)
            stack.callback(servers[again].close)
        yield from execute_on(servers, tasks, settings, tell)


def start_server(again: bool, settings: RunSettings) -> Server:
    """Start a server for first runs, or with `again` for second ones."""
    hash_seed, threads = CONDITIONS[again]
    return OwnServer(settings.cache, settings.device, hash_seed, threads)


def _reach(again: bool, settings: RunSettings) -> Server:
    assert settings.keep is not None
    return reach(settings.keep, settings.cache, settings.device, again, *CONDITIONS[again])


def execute_on(
    servers: Mapping[bool, Server], tasks: Sequence[Task], settings: RunSettings, tell: Callable[[Progress], None]
) -> Iterator[Finished]:
    """Do as `execute` does on servers that are the caller's: to be closed at once when this does not run to its end."""
    schedule = _Schedule(tasks, servers, settings, tell)
    try:
        yield from schedule.run()
    finally:
        schedule.close()


class _Schedule:
    def __init__(
        self,
        tasks: Sequence[Task],
        servers: Mapping[bool, Server],
        settings: RunSettings,
        tell: Callable[[Progress], None],
    ) -> None:
        self._waiting = list(tasks)
        self._servers = servers
        self._settings = settings
        self._tell = tell
        self._versions: dict[bool, dict[str, str]] = {}  # of the servers that are ready
        self._jobs: dict[int, tuple[Task, Job]] = {}
        self._killed: dict[int, float] = {}  # job -> when it is to be killed for good
        self._to_end: dict[int, float] = {}  # job -> when it is to have ended, once killed
        self._began = time.monotonic()
        self._dropped: set[int] = set()  # jobs whose outcome nobody needs any more
        self._present: Present | None = None
        self._count = 0
        self._events = selectors.DefaultSelector()
        for again, server in servers.items():
            self._events.register(server, selectors.EVENT_READ, ("server", again))
            if server.versions is not None:  # it ran topics before
                self._versions[again] = server.versions

    def run(self) -> Iterator[Finished]:
        while self._waiting or self._jobs:
            self._start_some()
            # messages first: what is printed belongs to the cell they name
            ready = sorted((key.data for key, _ in self._events.select(_TICK)), key=lambda data: data[0])
            for kind, name in ready:
                if kind == "server":
                    yield from self._hear(name)
                else:
                    self._read(kind, name)
            self._watch()

    def close(self) -> None:
        for _, job in self._jobs.values():
            job.close()
        self._events.close()

    def _start_some(self) -> None:
        for task in list(self._waiting):
            if len(self._jobs) >= self._settings.workers:
                return
            if task.again in self._versions:
                self._waiting.remove(task)
                self._start(task)

    def _start(self, task: Task, fresh: bool = False) -> None:
        self._count += 1
        number = self._count
        server = self._servers[task.again]
        versions, now = self._versions[task.again], time.monotonic()
        if server.keeps:
            job = Job(task.work, self._settings, versions, now, functools.partial(server.copy, number), self._hold)
            chain = chain_of(task.work)
        else:
            job, chain = Job(task.work, self._settings, versions, now), []
        self._jobs[number] = (task, job)
        try:
            server.fork(number, job.theirs, job.their_output, job.their_errors, task.slug, chain, fresh)
        finally:
            job.close_theirs()
        self._events.register(job.connection, selectors.EVENT_READ, ("message", number))
        self._events.register(job.output, selectors.EVENT_READ, ("print", number))
        self._events.register(job.errors, selectors.EVENT_READ, ("print", number))
        if not fresh:
            self._say(task, "started", job)

    def _hear(self, again: bool) -> Iterator[Finished]:
        message = self._servers[again].receive()
        if "ready" in message:
            self._versions[again] = message["ready"]
        elif "forked" in message:
            self._jobs[message["forked"]][1].give_work(message["after"], message["memo"])
        elif "ended" in message:
            yield from self._end(message["ended"], message["status"])
        elif message["why"] and message["copied"] in self._jobs:
            task, job = self._jobs[message["copied"]]
            job.obstacles[task.work["cells"][message["after"] - 1]["label"]] = message["why"]

    def _read(self, kind: str, number: int) -> None:
        if number not in self._jobs:
            return
        task, job = self._jobs[number]

        def on_cell(position: int) -> None:
            self._say(task, "cell", job, position)

        if not job.read_messages(time.monotonic(), on_cell):
            self._forget(job.connection)
        if kind == "print" and not job.read_printed():
            self._forget(job.output)
            self._forget(job.errors)

    def _watch(self) -> None:
        if self._settings.give_up():
            raise GivenUpError("the run was given up")
        now = time.monotonic()
        for again, server in self._servers.items():
            if server.keeps and again not in self._versions and now > self._began + _TO_BE_READY:
                raise server.lost()
        for number, (task, job) in self._jobs.items():
            server = self._servers[task.again]
            job.watch(now)
            if job.outdated and number not in self._killed:
                server.kill(number, drop=True)
                self._killed[number] = float("inf")
                self._to_end[number] = now + _TO_KILL
            if server.keeps and now > self._to_end.get(number, float("inf")):
                raise server.lost()
            if job.verdict is None:
                continue
            if number not in self._killed:
                self._killed[number] = now + (_TO_ANSWER if job.verdict["rule"] == "time-limit" else 0)
                if job.verdict["rule"] == "time-limit":
                    server.ask_where(number)
            if now >= self._killed[number]:
                server.kill(number)
                self._killed[number] = float("inf")
                self._to_end[number] = now + _TO_KILL

    def _end(self, number: int, status: int) -> Iterator[Finished]:
        task, job = self._jobs.pop(number)
        # what it said last may still lie in the socket
        job.read_messages(time.monotonic(), lambda position: None)
        outcome = job.ended(status)
        self._killed.pop(number, None)
        self._to_end.pop(number, None)
        for source in (job.connection, job.output, job.errors):
            self._forget(source)
        job.close()
        if number in self._dropped:
            return
        if job.kept and (job.outdated or os.waitstatus_to_exitcode(status) == AGAIN):
            self._start(task, fresh=True)
            return
        failed = isinstance(outcome, list)
        if failed and not task.again:
            self._drop_second(task.slug)
        self._say(task, "failed" if failed else "finished", job)
        yield Finished(task, outcome, job.pictures, job.lacking, job.active, tuple(_notes(task, job)))

    def _hold(self, needs: list[NeedRecord]) -> bool:
        """Say whether everything that cells have used is as it was; what is installed is the server's identity."""
        if self._present is None:
            self._present = cache.present(self._settings)
        return self._present.hold(self._present.stated(need for need in needs if need["kind"] != "library"))

    def _drop_second(self, slug: str) -> None:
        self._waiting = [task for task in self._waiting if task.slug != slug]
        for number, (task, _) in list(self._jobs.items()):
            if task.slug == slug:
                self._dropped.add(number)
                self._servers[task.again].kill(number)

    def _forget(self, source: object) -> None:
        if source in self._events.get_map():
            self._events.unregister(source)  # type: ignore[arg-type]

    def _say(self, task: Task, stage: str, job: Job, number: int = 0) -> None:
        cells = task.work["cells"]
        self._tell(
            Progress(
                slug=task.slug,
                stage=stage,  # type: ignore[arg-type]
                cell=cells[number - 1]["label"] if number else "",
                number=number,
                total=len(cells),
                seconds=time.monotonic() - job.started,
                again=task.again,
            )
        )


def _notes(task: Task, job: Job) -> Iterator[str]:
    """Say what was not run again, and why more could not be spared."""
    run = "second run" if task.again else "first run"
    if job.kept:
        before = task.work["cells"][job.kept - 1]["label"]
        yield f"{task.slug}: the {run} went on after cell {before!r}"
    for cell, why in job.obstacles.items():
        yield f"{task.slug}: no {run} can go on after cell {cell!r}: {why}"
