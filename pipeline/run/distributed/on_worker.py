"""What a Dask worker does: it hands one run of a topic to a server process of its own and returns what came of it.

The Dask worker itself runs no article code. That happens in confined forks of the server, which gets none of the Dask
worker's environment, as in a build without Dask.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from distributed import Worker, get_worker

from pipeline.errors import RunError
from pipeline.run.distributed.identity import identity, mismatches
from pipeline.run.distributed.servers import Kind, Servers
from pipeline.run.launch import Server
from pipeline.run.record import FaultRecord, Record
from pipeline.run.schedule import Task, execute_on
from pipeline.run.settings import Progress, RunSettings

_LOOK = 0.2  # seconds between two looks at whether anybody still wants the result
_ENDING = {"stopping", "stopped", "closing", "closed", "failed"}

_servers = Servers()


@dataclass(frozen=True, slots=True)
class Order:
    """One run of a topic, what the worker has to be like, and the name under which it tells how it is going."""

    task: Task
    settings: RunSettings
    identity: Mapping[str, str]
    build: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a run: a record with its pictures, or what is wrong."""

    outcome: Record | list[FaultRecord]
    pictures: dict[tuple[str, str], bytes]
    lacking: tuple[str, ...]
    active: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A worker ran nothing, because it is not like the client."""

    worker: str
    sentences: tuple[str, ...]


def describe(settings: RunSettings, dask_worker: Worker) -> dict[str, str]:
    """Return this worker's identity; Dask itself puts in the worker."""
    return identity(_here(dask_worker, settings))


def run_order(order: Order) -> Answer | Refusal | None:
    """Run one topic once; None when nobody wants it any more. Raises RunError when the server breaks."""
    worker = get_worker()
    settings = _here(worker, order.settings)
    sentences = mismatches(worker.address, identity(settings), order.identity)
    if sentences:
        return Refusal(worker.address, sentences)
    task = _with_folder(order.task, settings.cache / "no-folder")
    kind = Kind(order.task.again, settings.device, tuple(sorted(order.identity.items())))
    wanted = _Wanted(worker, str(worker.get_current_task()))

    def tell(event: Progress) -> None:
        if event.stage in ("started", "cell"):
            worker.log_event(order.build, {"progress": asdict(event)})

    while True:
        server, kept = _servers.take(kind, settings)
        try:
            answer = _run(server, task, settings, tell, wanted)
        except RunError:
            server.close()
            if wanted.given_up:
                return None
            if not kept:  # one that was kept may have died long ago, for whatever reason
                raise
        except BaseException:
            server.close()
            raise
        else:
            _servers.give_back(kind, server)
            return answer


def _here(worker: Worker, settings: RunSettings) -> RunSettings:
    """The settings of a run on this machine, whose folders are other ones than the client's."""
    return replace(settings, cache=Path(worker.local_directory) / "marovi", workers=1)


def _with_folder(task: Task, empty: Path) -> Task:
    """Give the topic an empty folder to read where its own is not on this machine."""
    if Path(task.work["folder"]).is_dir():
        return task
    empty.mkdir(parents=True, exist_ok=True)
    return replace(task, work={**task.work, "folder": str(empty)})


def _run(
    server: Server, task: Task, settings: RunSettings, tell: Callable[[Progress], None], wanted: _Wanted
) -> Answer:
    with wanted.else_stop(server):
        (finished,) = execute_on({task.again: server}, [task], settings, tell)
    return Answer(finished.outcome, finished.pictures, finished.lacking, finished.active)


class _Wanted:
    """Whether the result of a Dask task is still wanted: not once it was cancelled, or its client or scheduler left."""

    def __init__(self, worker: Worker, key: str) -> None:
        self._worker = worker
        self._key = key
        self.given_up = False

    @contextmanager
    def else_stop(self, server: Server) -> Iterator[None]:
        """Stop the server when the result is not wanted any more: Dask itself cannot end a running task."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(_LOOK):
                if not self._still():
                    self.given_up = True
                    server.stop()
                    return

        watching = threading.Thread(target=watch, name="marovi-watch", daemon=True)
        watching.start()
        try:
            yield
        finally:
            done.set()
            watching.join()

    def _still(self) -> bool:
        state = self._worker.state.tasks.get(self._key)
        return state is not None and state.state != "cancelled" and self._worker.status.name not in _ENDING
