"""The server process: imports the heavy libraries once and forks a fresh worker for each topic it is given.

It is our own and not multiprocessing's forkserver, because that one inherits the environment of the process that
starts it, secrets included, and cannot be given another hash seed. It is started as
`python -m pipeline.run.server CONTROL FOLDER`, with a socket's number and a folder of its own, and has one thread,
so that forking is safe.

Over the socket come `{"fork": n}` with three descriptors for the worker, `{"where": n}` and `{"kill": n}`; back go
`{"ready": environment}` and `{"ended": n, "status": s}`. When the socket closes, the server kills its workers,
removes its folder and ends: a killed build leaves nothing behind.
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
from pathlib import Path

from pipeline.run import worker
from pipeline.run.removal import remove
from pipeline.run.watch import WATCH

_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    folder = Path(sys.argv[2])
    # Ctrl-C is for the build, which then closes the socket
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = _Server(control, folder)
    try:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        control.send(json.dumps({"ready": preload()}).encode())
        server.serve()
    finally:
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
    seeding.prepare()
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


class _Server:
    def __init__(self, control: socket.socket, folder: Path) -> None:
        self._control = control
        self._folder = folder
        self._events = selectors.DefaultSelector()
        self._workers: dict[int, tuple[int, int]] = {}  # job -> process and its descriptor

    def serve(self) -> None:
        """Take orders until the build closes the socket."""
        self._events.register(self._control, selectors.EVENT_READ)
        while True:
            for event, _ in self._events.select():
                if event.fileobj is not self._control:
                    self._reap(event.data)
                elif not self._obey():
                    return

    def kill_all(self) -> None:
        """Kill every worker and whatever they left, and wait until they are gone."""
        for job in list(self._workers):
            self._kill(job, signal.SIGKILL)
            self._reap(job)

    def _obey(self) -> bool:
        """Carry out one order; False when there will be no more."""
        data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 3)
        if not data:
            return False
        order = json.loads(data)
        if "fork" in order:
            self._fork(order["fork"], descriptors)
        elif "where" in order:
            self._kill(order["where"], signal.SIGUSR1)
        elif "kill" in order:
            self._kill(order["kill"], signal.SIGKILL)
        return True

    def _fork(self, job: int, descriptors: list[int]) -> None:
        folder = self._folder / f"topic-{job}"
        folder.mkdir()
        process = os.fork()
        if process == 0:
            worker.main(descriptors, folder)
        for descriptor in descriptors:
            os.close(descriptor)
        descriptor = os.pidfd_open(process)
        self._workers[job] = (process, descriptor)
        self._events.register(descriptor, selectors.EVENT_READ, job)

    def _kill(self, job: int, number: signal.Signals) -> None:
        if job in self._workers:
            signal.pidfd_send_signal(self._workers[job][1], number)

    def _reap(self, job: int) -> None:
        process, descriptor = self._workers.pop(job)
        self._events.unregister(descriptor)
        os.close(descriptor)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        status = os.waitpid(process, 0)[1]
        self._kill_orphans()
        remove(self._folder / f"topic-{job}")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._control.send(json.dumps({"ended": job, "status": status}).encode())

    def _kill_orphans(self) -> None:
        """Kill what a worker started, where that could not be denied: processes without a parent come to us."""
        known = {process for process, _ in self._workers.values()}
        try:
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        except FileNotFoundError:
            return
        for child in map(int, children):
            if child not in known:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


if __name__ == "__main__":
    main()
