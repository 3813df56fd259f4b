"""A worker: a forked process that runs the cells of one topic and tells the build what came out, cell by cell."""

from __future__ import annotations

import ctypes
import faulthandler
import fcntl
import io
import os
import re
import resource
import signal
import socket
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from pipeline.run.cells import Namespace
from pipeline.run.confine import confine, open_memory_reserve
from pipeline.run.faults import fault_at, fault_of
from pipeline.run.forking import FAILED, LINE, Copies
from pipeline.run.messages import receive, send
from pipeline.run.record import CellWork, FaultRecord, WarningRecord, Work
from pipeline.run.recorder import TopicRecorder
from pipeline.run.threads import ThreadWatch
from pipeline.run.watch import WATCH

_RESERVE = 8 * 2**20  # bytes, given back to the system when a cell fails
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


def work(descriptors: Sequence[int], folder: Path) -> None:
    """Run one topic in `folder`.

    `descriptors` are a socket to the build, where cells print output and errors, and, where copies of this process
    are to be kept, a line to the server.

    Leaves this process unfit for anything else: the caller ends it.
    """
    build, line = _take_over(descriptors)
    orders = receive(build)
    job: Work = orders["work"]
    os.chdir(folder)
    os.environ["HOME"] = os.environ["MPLCONFIGDIR"] = os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    WATCH.ignore(folder)
    from runtime import devices, recording, seeding

    with WATCH.apart():
        give = _handing(line) if line else None
        held = confine(folder, job["memory"], os.environ["MAROVI_DEVICE"], [Path(job["folder"])], give)
    seeding.prepare()  # not before: it starts threads, and those that were there would not be held
    device = devices.enter(job["memory"])
    own = {"device": device, "active": held.active, "lacking": held.lacking}
    send(build, {"kind": "ready", "pid": os.getpid(), **own})
    if job["sandboxed"] and held.lacking:
        return  # the build says why
    topic = _Topic(build, job, own, Copies(line, folder) if line else None)
    recording.set_recorder(topic.recorder)
    faults = topic.run()
    for name, figure in topic.recorder.figures.items():
        send(build, {"kind": "figure", "name": name, "figure": figure})
    values, checks = topic.recorder.values, topic.recorder.checks
    done = {"values": values, "checks": checks, "faults": faults, "peak_bytes": topic.peak(), "needs": WATCH.needs()}
    send(build, {"kind": "done", **done})


class _Topic:
    """The cells of one topic on their way through this process."""

    def __init__(self, build: socket.socket, job: Work, own: dict[str, Any], copies: Copies | None) -> None:
        self._build = build
        self._job = job
        self._own = own
        self._copies = copies
        self._outputs: dict[str, Any] = {}  # by cell, as the build recorded them
        self._peak = 0  # bytes that this process's forebears held at most
        self._namespace = Namespace(job["file"], job["cells"])
        self._threads = ThreadWatch(self._namespace.cells, job["cells"][0])
        self._libc = ctypes.CDLL(None)
        self._reserve = bytes(_RESERVE)
        self.recorder = TopicRecorder(job)

    def run(self) -> list[FaultRecord]:
        """Run cell after cell up to the first that fails; return what is wrong."""
        position = 0
        while position < len(self._job["cells"]):
            cell = self._job["cells"][position]
            self.recorder.cell = self._threads.cell = cell
            send(self._build, {"kind": "cell", "cell": cell["label"]})
            started = time.perf_counter()
            value, caught, faults = self._run_cell(cell)
            ran = {"value": value, "warnings": caught, "seconds": time.perf_counter() - started}
            obstacle = self._copies.obstacle() if self._copies and not (faults or self.recorder.faults) else FAILED
            send(self._build, {"kind": "ran", "cell": cell["label"], **ran, "obstacle": obstacle})
            answer = receive(self._build)  # the build has read what this cell printed
            if faults:
                return [*faults, *self.recorder.faults]
            self._outputs[cell["label"]] = answer.get("output")
            position += 1
            if answer.get("copy") and self._copies is not None:
                self._peak = self.peak()
                if self._copies.take():
                    self._go_on()
        return [*self.recorder.faults, *self._threads.left()]

    def peak(self) -> int:
        """Return the most memory that this topic has held, in bytes."""
        return max(self._peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)

    def _go_on(self) -> None:
        """Go on from a copy, for another build: the cells up to here are the same, but may stand elsewhere."""
        self._job = receive(self._build)["work"]
        self._namespace.place(self._job["cells"])
        known = {"outputs": self._outputs, "needs": WATCH.needs()}
        send(self._build, {"kind": "ready", "pid": os.getpid(), **self._own, **known})
        receive(self._build)  # nothing that the cells used has changed

    def _run_cell(self, cell: CellWork) -> tuple[str, list[WarningRecord], list[FaultRecord]]:
        value = ""
        faults: list[FaultRecord] = []
        sys.stdout, sys.stderr = _printing(1), _printing(2)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            try:
                value = self._namespace.run(cell)
            except BaseException as error:
                self._reserve = b""  # without this not even the next call might have the memory it needs
                open_memory_reserve()
                faults.append(fault_of(error, cell, self._namespace.cells))
                error.__traceback__ = None
                self._namespace.clear()
            faults += self._threads.look()
        self._libc.fflush(None)
        if _ADDRESS.search(value):
            faults.append(
                fault_at(
                    cell,
                    f"ends with a value that prints a memory address, another one in each run: {value[:80]}",
                    "end its last line with a semicolon, or print what is meant",
                    "address",
                )
            )
            value = ""
        return value[: self._job["output"] + 1], [self._warning(message) for message in caught], faults

    def _warning(self, message: warnings.WarningMessage) -> WarningRecord:
        text = f"{message.category.__name__}: {message.message}"
        cell = self._namespace.cells.get(message.filename)
        if cell is None:
            return WarningRecord(line=None, text=text)
        return WarningRecord(line=message.lineno - 1, text=text, cell=cell["label"])


def _take_over(descriptors: Sequence[int]) -> tuple[socket.socket, socket.socket | None]:
    """Keep the given descriptors and no other one of the server's; end up in a session of our own.

    Returns the socket to the build and the line to the server, if there is one.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    kept = [os.dup(number) for number in descriptors]
    numbers = (3, 1, 2, LINE)[: len(kept)]
    above = max(LINE, *kept) + 1
    copies = [fcntl.fcntl(copy, fcntl.F_DUPFD, above) for copy in kept]  # out of the way of each other
    for number, copy in zip(numbers, copies, strict=True):
        os.dup2(copy, number, inheritable=False)
    os.closerange(max(numbers) + 1, max(1024, *copies) + 1)
    faulthandler.enable(2)
    # the build asks with it where a topic hangs; it answers even inside a loop in C
    faulthandler.register(signal.SIGUSR1, file=2, all_threads=False)
    return socket.socket(fileno=3), socket.socket(fileno=LINE) if LINE in numbers else None


def _handing(line: socket.socket) -> Callable[[int], None]:
    """Return what hands a descriptor to the server."""

    def hand(descriptor: int) -> None:
        socket.send_fds(line, [b"{}"], [descriptor])
        os.close(descriptor)

    return hand


def _printing(descriptor: int) -> TextIO:
    """Return a text file that writes through at once, so that its order with what C code prints is kept."""
    raw: Any = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)


def main(descriptors: Sequence[int], folder: Path) -> NoReturn:
    """Do the work and end this process, whatever happens."""
    status = 70
    try:
        work(descriptors, folder)
        status = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)
