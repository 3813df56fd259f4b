"""The server process: imports the heavy libraries once and forks a fresh worker for each topic it is given.

It is our own and not multiprocessing's forkserver, because that one inherits the environment of the process that
starts it, secrets included, and cannot be given another hash seed. It is started as
`python -m pipeline.run.server SOCKET FOLDER [SECONDS BYTES]`, with a socket's number and a folder of its own, and has
one thread, so that forking is safe.

The socket leads to one build, or builds connect to it. A build sends `{"fork": n, "topic": slug, "chain": digests}`
with three descriptors for the worker, `{"copy": n, "after": cells, "memo": …}`, `{"where": n}`, `{"kill": n}` and
`{"stop": true}`; back go `{"ready": environment, "identity": …}`, `{"forked": n, "after": cells, "memo": …}`,
`{"copied": n, "after": cells, "why": …}` and `{"ended": n, "status": s}`. When a build's socket closes, its workers
are killed. A server of one build then ends; one that builds connect to keeps copies of workers (pipeline.run.kept)
and ends when nobody has connected for SECONDS. At its end it kills what it has forked and removes its folder.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import platform
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pipeline.run import forking, worker
from pipeline.run.identity import identity
from pipeline.run.kept import Kept
from pipeline.run.lineage import Copy, Lineage, copy, go_on, judge, line_pair, received_descriptor
from pipeline.run.processes import children_of, threads_of
from pipeline.run.removal import remove
from pipeline.run.watch import WATCH

_PR_SET_CHILD_SUBREAPER = 36
_LONGEST = 2**17  # bytes of an order
_LOOK = 5.0  # seconds between two looks whether somebody still needs this


def main() -> None:
    entry = socket.socket(fileno=int(sys.argv[1]))
    folder = Path(sys.argv[2])
    os.chdir(folder)
    kept = Kept(int(sys.argv[4])) if len(sys.argv) > 3 else None
    # Ctrl-C is for the build, which then closes the socket
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    server: _Server | None = None
    try:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        before = identity() if kept is not None else ""
        environment = preload()
        with WATCH.apart():
            after = identity() if kept is not None else ""  # cells use none of what it looks at
        if after != before:
            raise RuntimeError("the code was changed while it was loaded")
        server = _Server(folder, kept, {"ready": environment, "identity": before})
        if kept is None:
            server.serve_one(entry)
        else:
            server.serve_many(entry, float(sys.argv[3]))
    finally:
        if server is not None:
            server.kill_all()
        remove(folder)
    os._exit(0)  # taking torch apart would take longer than all of the above


def preload() -> dict[str, str]:
    """Import what every topic needs and return the versions."""
    WATCH.start()
    import matplotlib
    import matplotlib.backends.backend_agg
    import matplotlib.pyplot
    import numpy
    import torch
    import torch._dynamo  # the first optimizer would, for a second in each worker

    WATCH.start_files()
    # what is loaded here counts as used by every topic, so the rest of runtime waits for cells that ask for it
    from runtime import figures, seeding, style  # noqa: F401

    # nothing is drawn here: an opened font would share its place in the file with every worker
    style.use_style()
    # a pool of threads here would be made anew in whatever is forked, which could then not be confined
    threads, os.environ["MAROVI_THREADS"] = os.environ["MAROVI_THREADS"], "1"
    seeding.prepare()
    os.environ["MAROVI_THREADS"] = threads
    forking.prepare()
    # what is there now stays: collecting would only copy its pages into every worker
    gc.collect()
    gc.freeze()
    return {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "torch": torch.__version__,
        "matplotlib": matplotlib.__version__,
        "system": f"{platform.system()} {platform.machine()}",
    }


@dataclass(eq=False, slots=True)
class _Build:
    """Somebody who gives orders."""

    socket: socket.socket
    workers: dict[int, _Worker] = field(default_factory=dict)  # by the build's number of the job


@dataclass(eq=False, slots=True)
class _Worker:
    """A process that runs cells."""

    build: _Build
    job: int
    process: int
    descriptor: int  # of the process
    lineage: Lineage
    line: socket.socket | None
    threads: frozenset[int]  # that it began with
    chain: list[str]
    origin: Copy | None  # that it goes on from


class _Server:
    def __init__(self, folder: Path, kept: Kept | None, greeting: dict[str, Any]) -> None:
        self._folder = folder
        self._kept = kept
        self._greeting = json.dumps(greeting).encode()
        self._events = selectors.DefaultSelector()
        self._builds: list[_Build] = []
        self._count = 0
        self._ending = False

    def serve_one(self, build: socket.socket) -> None:
        """Take orders until the build closes the socket."""
        self._greet(build)
        while self._builds:
            self._turn(None)

    def serve_many(self, entry: socket.socket, idle: float) -> None:
        """Take orders of all that connect, until nobody has for `idle` seconds, or they are gone and one said stop."""
        self._watch(entry, lambda: self._accept(entry))
        since = time.monotonic()
        while self._builds or not self._ending:
            self._turn(_LOOK)
            if self._builds:
                since = time.monotonic()
            elif time.monotonic() - since > idle or not self._folder.is_dir():
                return

    def kill_all(self) -> None:
        """Kill every worker, every copy and whatever they left, and wait until they are gone."""
        for build in list(self._builds):
            self._leave(build)
        copies = self._kept.copies() if self._kept is not None else []
        for one in copies:
            os.kill(one.process, signal.SIGKILL)
        for one in copies:
            self._drop(one)

    def _turn(self, patience: float | None) -> None:
        for key, _ in self._events.select(patience):
            if self._events.get_map().get(key.fd) is key:  # not forgotten by what came before it
                key.data()

    def _watch(self, source: Any, then: Callable[[], None]) -> None:
        self._events.register(source, selectors.EVENT_READ, then)

    def _accept(self, entry: socket.socket) -> None:
        with contextlib.suppress(ConnectionError):  # it has left already
            self._greet(entry.accept()[0])

    def _greet(self, connection: socket.socket) -> None:
        build = _Build(connection)
        self._builds.append(build)
        self._watch(connection, lambda: self._obey(build))
        self._tell(build, self._greeting)

    def _leave(self, build: _Build) -> None:
        self._events.unregister(build.socket)
        workers = list(build.workers.values())
        for one in workers:
            os.kill(one.process, signal.SIGKILL)
        for one in workers:
            self._reap(one)
        self._builds.remove(build)
        build.socket.close()

    def _obey(self, build: _Build) -> None:
        data, descriptors = _received(build.socket)
        if not data:
            self._leave(build)
            return
        order = json.loads(data)
        if "fork" in order:
            self._start(build, order, descriptors)
        elif "copy" in order:
            self._copy(build, order)
        elif "stop" in order:
            self._ending = True
        elif "where" in order and order["where"] in build.workers:
            os.kill(build.workers[order["where"]].process, signal.SIGUSR1)
        elif "kill" in order and order["kill"] in build.workers:
            self._kill(build.workers[order["kill"]], order.get("drop", False))

    def _kill(self, one: _Worker, drop: bool) -> None:
        os.kill(one.process, signal.SIGKILL)
        if drop and one.origin in one.lineage.copies:
            self._drop(one.origin)

    def _start(self, build: _Build, order: dict[str, Any], descriptors: list[int]) -> None:
        job, topic, chain = order["fork"], order["topic"], order["chain"]
        one = None
        if self._kept is not None and not order["fresh"] and (origin := self._kept.find(chain)) is not None:
            one = self._go_on(build, job, chain, origin, descriptors)
        if one is None:
            one = self._fork(build, job, topic, chain, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        build.workers[job] = one
        self._watch(one.descriptor, lambda: self._reap(one))
        origin = one.origin
        memo = {"after": origin.after, "memo": origin.memo} if origin else {"after": 0, "memo": None}
        self._tell(build, json.dumps({"forked": job, **memo}).encode())

    def _fork(self, build: _Build, job: int, topic: str, chain: list[str], descriptors: list[int]) -> _Worker:
        self._count += 1
        folder = self._folder / f"topic-{self._count}"
        folder.mkdir()
        ours, theirs = line_pair() if self._kept is not None else (None, None)
        process = os.fork()
        if process == 0:
            worker.main([*descriptors, *([theirs.fileno()] if theirs else [])], folder)
        if theirs is not None:
            theirs.close()
        lineage = Lineage(topic, folder)
        one = _Worker(build, job, process, os.pidfd_open(process), lineage, ours, frozenset(), chain, None)
        if ours is not None:
            self._watch(ours, lambda: self._meet(one))
        return one

    def _go_on(self, build: _Build, job: int, chain: list[str], origin: Copy, descriptors: list[int]) -> _Worker | None:
        """Let a process go on from a copy."""
        self._events.unregister(origin.lineage.listener)
        found = go_on(origin, descriptors, self._known())
        self._watch_calls(origin.lineage)
        if found is None:
            self._drop(origin)
            self._kill_orphans()  # else one that is late would answer the build beside another
            return None
        process, line = found
        origin.lineage.busy = True
        origin.used = time.monotonic()
        descriptor = os.pidfd_open(process)
        threads = threads_of(process)
        return _Worker(build, job, process, descriptor, origin.lineage, line, threads, chain, origin)

    def _meet(self, one: _Worker) -> None:
        """Take over the decisions on a worker's system calls, then see how it is before its first cell."""
        assert one.line is not None
        descriptor = received_descriptor(one.line)
        if descriptor >= 0 and one.lineage.listener < 0:
            one.lineage.listener = descriptor
            self._watch_calls(one.lineage)
            return
        self._events.unregister(one.line)
        one.threads = threads_of(one.process)
        with contextlib.suppress(OSError):
            one.line.send(b"{}")

    def _watch_calls(self, lineage: Lineage) -> None:
        def decide() -> None:
            judge(lineage.listener)

        self._watch(lineage.listener, decide)

    def _copy(self, build: _Build, order: dict[str, Any]) -> None:
        one, after = build.workers.get(order["copy"]), order["after"]
        if one is None or one.line is None or self._kept is None:
            return
        lineage = one.lineage
        if lineage.listener >= 0:
            self._events.unregister(lineage.listener)
        made = copy(lineage, one.process, one.line, one.threads, self._known())
        if lineage.listener >= 0:
            self._watch_calls(lineage)
        why = made if isinstance(made, str) else ""
        if not isinstance(made, str):
            process, line = made
            descriptor = os.pidfd_open(process)
            state, memo = one.chain[after - 1], order["memo"]
            fresh = Copy(process, descriptor, line, lineage, state, after, memo, order["seconds"])
            self._watch(descriptor, lambda: self._drop(fresh))  # it should not end by itself
            for old in self._kept.with_state(state):
                self._drop(old)
            lineage.copies.append(fresh)
            self._kept.add(lineage)
        self._tell(build, json.dumps({"copied": order["copy"], "after": after, "why": why}).encode())

    def _reap(self, one: _Worker) -> None:
        del one.build.workers[one.job]
        with contextlib.suppress(KeyError):
            self._events.unregister(one.descriptor)
        os.close(one.descriptor)
        if one.line is not None:
            with contextlib.suppress(KeyError):
                self._events.unregister(one.line)
            one.line.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.process, signal.SIGKILL)
        status = os.waitpid(one.process, 0)[1]
        self._kill_orphans()
        one.lineage.busy = False
        self._close_if_unused(one.lineage)
        self._tell(one.build, json.dumps({"ended": one.job, "status": status}).encode())
        if self._kept is not None:
            for unwanted in self._kept.unwanted(one.lineage.topic, one.chain, one.origin):
                self._drop(unwanted)

    def _drop(self, unwanted: Copy) -> None:
        """End a copy."""
        self._events.unregister(unwanted.descriptor)
        os.close(unwanted.descriptor)
        unwanted.line.close()
        os.kill(unwanted.process, signal.SIGKILL)
        os.waitpid(unwanted.process, 0)
        unwanted.lineage.copies.remove(unwanted)
        self._close_if_unused(unwanted.lineage)

    def _close_if_unused(self, lineage: Lineage) -> None:
        if lineage.busy or lineage.copies:
            return
        if lineage.listener >= 0:
            self._events.unregister(lineage.listener)
        lineage.close()
        remove(lineage.folder)
        if self._kept is not None:
            self._kept.forget(lineage)

    def _known(self) -> set[int]:
        workers = {one.process for build in self._builds for one in build.workers.values()}
        copies = {one.process for one in self._kept.copies()} if self._kept is not None else set()
        return workers | copies

    def _kill_orphans(self) -> None:
        """Kill what a worker started, where that could not be denied: processes without a parent come to us."""
        while unknown := set(children_of(os.getpid())) - self._known():
            for child in unknown:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)

    def _tell(self, build: _Build, message: bytes) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            build.socket.send(message)


def _received(build: socket.socket) -> tuple[bytes, list[int]]:
    """Return an order, empty when there will be none."""
    for _ in range(2):  # who leaves without having read all says so before what it said last
        with contextlib.suppress(ConnectionResetError):
            data, descriptors, _, _ = socket.recv_fds(build, _LONGEST, 3)
            return data, descriptors
    return b"", []


def _end(number: int, frame: object) -> NoReturn:
    raise SystemExit


if __name__ == "__main__":
    main()
