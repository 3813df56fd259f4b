"""The build's side of a Dask cluster: which workers are fit, what runs now, what came of it, and how it all ends."""

from __future__ import annotations

import contextlib
import logging
import queue
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from pipeline.errors import RunError
from pipeline.run.distributed.identity import identity
from pipeline.run.distributed.on_worker import Answer, Order, Refusal, run_order
from pipeline.run.distributed.workers import Workers, fit_workers
from pipeline.run.record import FaultRecord
from pipeline.run.schedule import Finished, Task
from pipeline.run.settings import Progress, RunSettings

TO_CONNECT = 10.0  # seconds the scheduler gets to answer
_TO_CLOSE = 3.0
_RETRIES = 2  # of a task whose machinery broke, not its cells
_LOOK = 2.0  # seconds between two looks at which workers there are
_TICK = 0.2
_GONE = (OSError, TimeoutError)  # Dask's CommClosedError is an OSError


def execute_at(
    address: str, tasks: Sequence[Task], settings: RunSettings, tell: Callable[[Progress], None]
) -> Iterator[Finished]:
    """Do what `pipeline.run.distributed.execute` says, with the scheduler at `address`."""
    with _connected(address) as client:
        ours = identity(settings)
        try:
            workers = fit_workers(client, address, replace(settings, shared_cache=""), ours)
        except _GONE as error:
            raise _lost(address) from error
        build = _Build(client, address, workers, tasks, settings, ours, tell)
        try:
            yield from build.run()
        finally:
            build.close()


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    """A client of the scheduler, without Dask's own words about it: what matters, our errors say."""
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions: they are compared below, each with its worker
            client = Client(address, timeout=TO_CONNECT, set_as_default=False, name="marovi")
    except (*_GONE, ValueError) as error:
        logger.setLevel(level)
        raise RunError(
            f"no Dask scheduler answers at {address}", "start one with `dask scheduler`, or mend the address"
        ) from error
    try:
        yield client
    finally:
        with contextlib.suppress(*_GONE):
            client.close(timeout=_TO_CLOSE)
        logger.setLevel(level)


@dataclass(frozen=True, slots=True)
class _Run:
    """A task on its way; `allowed` are the workers it may run on, None for all."""

    task: Task
    future: Future[Answer | Refusal | None]
    allowed: list[str] | None
    started: float


class _Build:
    """One build's tasks on the cluster. As many are handed out as there are places, so that little is lost or late."""

    def __init__(
        self,
        client: Client,
        address: str,
        workers: Workers,
        tasks: Sequence[Task],
        settings: RunSettings,
        ours: Mapping[str, str],
        tell: Callable[[Progress], None],
    ) -> None:
        self._client = client
        self._address = address
        self._workers = workers
        self._waiting = deque(tasks)
        self._told = replace(settings, shared_cache="")  # whose address may hold a password
        self._identity = ours
        self._tell = tell
        self._name = f"marovi-{uuid.uuid4().hex}"
        self._count = 0
        self._running: dict[str, _Run] = {}  # by Dask's key
        self._events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._looked = time.monotonic()

    def run(self) -> Iterator[Finished]:
        """Yield what came of each task. Raises RunError as `execute` does."""
        try:
            self._client.subscribe_topic(self._name, lambda event: self._events.put(("said", event[1]["progress"])))
            while self._waiting or self._running:
                self._hand_out()
                yield from self._take(self._wait())
                self._look()
        except _GONE as error:
            raise _lost(self._address) from error

    def close(self) -> None:
        """Cancel what runs: the workers then end it and are free for others."""
        futures = [run.future for run in self._running.values()]
        if futures and self._client.status == "running":
            with contextlib.suppress(*_GONE):
                self._client.cancel(futures)

    def _hand_out(self) -> None:
        while self._waiting and len(self._running) < self._workers.places:
            self._submit(self._waiting.popleft())

    def _submit(self, task: Task) -> None:
        self._count += 1
        key = f"{self._name}-{self._count}-{task.slug}"
        future = self._client.submit(
            run_order,
            Order(task, self._told, self._identity, self._name),
            key=key,
            pure=False,
            retries=_RETRIES,
            resources=self._workers.resources or None,
            workers=self._workers.allowed,
            allow_other_workers=False,
        )
        self._running[key] = _Run(task, future, self._workers.allowed, time.monotonic())
        future.add_done_callback(lambda future: self._events.put(("done", future.key)))

    def _wait(self) -> list[tuple[str, Any]]:
        """Return what has happened, after at most a tick."""
        found = []
        with contextlib.suppress(queue.Empty):
            found.append(self._events.get(timeout=_TICK))
            while True:
                found.append(self._events.get_nowait())
        return found

    def _take(self, events: Sequence[tuple[str, Any]]) -> Iterator[Finished]:
        for kind, what in events:
            if kind == "said":
                self._pass_on(Progress(**what))
        done = [what for kind, what in events if kind == "done" and what in self._running]
        arrived = [key for key in done if self._running[key].future.status == "finished"]
        for key, answer in self._gathered(arrived).items():
            if key in self._running:  # else it is a second run, dropped just now
                yield from self._arrived(key, answer)
        for key in done:
            if key in self._running and key not in arrived:
                yield from self._failed(key)

    def _gathered(self, keys: Sequence[str]) -> dict[str, Answer | Refusal | None]:
        """Fetch results, many at a time. Where a worker has just died with one of them, all are asked for again."""
        if not keys:
            return {}
        try:
            answers = self._client.gather([self._running[key].future for key in keys])
        except _GONE:
            raise
        except Exception:  # whatever it was, the state of its future now says so
            for key in keys:
                self._events.put(("done", key))
            return {}
        return dict(zip(keys, answers, strict=True))

    def _arrived(self, key: str, answer: Answer | Refusal | None) -> Iterator[Finished]:
        if isinstance(answer, Answer):
            yield self._finish(key, answer)
            return
        self._waiting.appendleft(self._running.pop(key).task)
        if isinstance(answer, Refusal):
            self._workers.refuse(answer.worker, answer.sentences)

    def _failed(self, key: str) -> Iterator[Finished]:
        """Say what Dask itself made of a task: workers died of it, its machinery broke, the scheduler is gone."""
        task, future = self._running[key].task, self._running[key].future
        if future.status != "error":
            raise _lost(self._address)
        error = future.exception(timeout=TO_CONNECT)
        if not isinstance(error, KilledWorker):
            if isinstance(error, RunError):
                raise error
            raise RunError(f"a Dask worker fails at {task.slug}: {type(error).__name__}: {error}") from error
        cell = task.work["cells"][0]
        times = error.allowed_failures + 1
        fault = FaultRecord(
            cell=cell["label"],
            line=cell["line"],
            column=1 + cell["indent"],
            message=f"the topic was running on {times} Dask worker{'s' if times > 1 else ''} in a row that died, "
            f"last on {error.last_worker.address}",
            remedy="see whether that machine ran out of memory (memory_limit times its threads has to fit), "
            "or run the topic without --executor",
            rule="workers",
        )
        yield self._finish(key, Answer([fault], {}, ()))

    def _finish(self, key: str, answer: Answer) -> Finished:
        run = self._running.pop(key)
        task = run.task
        failed = isinstance(answer.outcome, list)
        if failed and not task.again:
            self._drop_second(task.slug)
        total = len(task.work["cells"])
        seconds = time.monotonic() - run.started
        self._tell(Progress(task.slug, "failed" if failed else "finished", "", 0, total, seconds, task.again))
        return Finished(task, answer.outcome, answer.pictures, (*answer.lacking, *self._workers.notes), answer.active)

    def _drop_second(self, slug: str) -> None:
        self._waiting = deque(task for task in self._waiting if task.slug != slug)
        dropped = [key for key, run in self._running.items() if run.task.slug == slug]
        futures = [self._running.pop(key).future for key in dropped]
        if futures:
            self._client.cancel(futures)

    def _pass_on(self, event: Progress) -> None:
        """Tell of a topic that is still running; what is said of one that has ended comes late."""
        if any((run.task.slug, run.task.again) == (event.slug, event.again) for run in self._running.values()):
            self._tell(event)

    def _look(self) -> None:
        """See which workers have come and gone; what may only run on workers that are gone is handed out again."""
        if time.monotonic() - self._looked < _LOOK:
            return
        self._looked = time.monotonic()
        if self._client.status != "running":
            raise _lost(self._address)
        there = self._workers.look(self._client)
        stranded = [
            key
            for key, run in self._running.items()
            if run.allowed is not None and not there & set(run.allowed) and not run.future.done()
        ]
        futures = [self._running[key].future for key in stranded]
        self._waiting.extendleft(self._running.pop(key).task for key in reversed(stranded))
        if futures:
            self._client.cancel(futures)


def _lost(address: str) -> RunError:
    return RunError(
        f"the Dask scheduler at {address} is gone",
        "start it again and repeat this: what had finished is in the cache",
    )
