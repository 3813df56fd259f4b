"""Run topics side by side: the first run of each on one server, the second under other conditions on another."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pipeline.run.job import Job
from pipeline.run.launch import Server
from pipeline.run.record import FaultRecord, Record, Work
from pipeline.run.settings import Progress, RunSettings

# Hash seed and number of threads of the first run and of the second.
CONDITIONS = ((0, 1), (1, 2))

_TICK = 0.1  # seconds between two looks at time and memory
_TO_ANSWER = 0.3  # seconds a worker gets to say which line it is at


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


def execute(tasks: Sequence[Task], settings: RunSettings, tell: Callable[[Progress], None]) -> Iterator[Finished]:
    """Run all tasks and yield each as it finishes; a topic's second run is dropped when its first one fails.

    Raises RunError when a server breaks. Whatever ends it, also closing the iterator, ends all processes.
    """
    with ExitStack() as stack:
        servers: dict[bool, Server] = {}
        for again in sorted({task.again for task in tasks}):
            servers[again] = start_server(again, settings)
            stack.callback(servers[again].close)
        yield from execute_on(servers, tasks, settings, tell)


def start_server(again: bool, settings: RunSettings) -> Server:
    """Start a server for first runs, or with `again` for second ones."""
    hash_seed, threads = CONDITIONS[again]
    return Server(settings.cache, settings.device, hash_seed, threads)


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
        self._dropped: set[int] = set()  # jobs whose outcome nobody needs any more
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

    def _start(self, task: Task) -> None:
        self._count += 1
        number = self._count
        job = Job(task.work, self._settings, self._versions[task.again], time.monotonic())
        self._jobs[number] = (task, job)
        try:
            self._servers[task.again].fork(number, job.theirs, job.their_output, job.their_errors)
        finally:
            job.close_theirs()
        self._events.register(job.connection, selectors.EVENT_READ, ("message", number))
        self._events.register(job.output, selectors.EVENT_READ, ("print", number))
        self._events.register(job.errors, selectors.EVENT_READ, ("print", number))
        job.give_work()
        self._say(task, "started", job)

    def _hear(self, again: bool) -> Iterator[Finished]:
        message = self._servers[again].receive()
        if "ready" in message:
            self._versions[again] = message["ready"]
        else:
            yield from self._end(message["ended"], message["status"])

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
        now = time.monotonic()
        for number, (task, job) in self._jobs.items():
            server = self._servers[task.again]
            job.watch(now)
            if job.verdict is None:
                continue
            if number not in self._killed:
                self._killed[number] = now + (_TO_ANSWER if job.verdict["rule"] == "time-limit" else 0)
                if job.verdict["rule"] == "time-limit":
                    server.ask_where(number)
            if now >= self._killed[number]:
                server.kill(number)
                self._killed[number] = float("inf")

    def _end(self, number: int, status: int) -> Iterator[Finished]:
        task, job = self._jobs.pop(number)
        # what it said last may still lie in the socket
        job.read_messages(time.monotonic(), lambda position: None)
        outcome = job.ended(status)
        self._killed.pop(number, None)
        for source in (job.connection, job.output, job.errors):
            self._forget(source)
        job.close()
        if number in self._dropped:
            return
        failed = isinstance(outcome, list)
        if failed and not task.again:
            self._drop_second(task.slug)
        self._say(task, "failed" if failed else "finished", job)
        yield Finished(task, outcome, job.pictures, job.lacking, job.active)

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
