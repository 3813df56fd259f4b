"""The process that waits: it imports what a build needs, listens, and forks a process for each command.

Started as `python -m pipeline.waiting.server`, with its orders on standard input (pipeline.waiting.starting). It has
one thread, so that forking is safe, and knows nothing of the project but where it is. It ends after some time in which
nobody asked, when its socket is no longer there, and on SIGTERM; what it has forked comes to its end.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import marshal
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_LOOK = 5.0  # seconds between two looks whether the socket is still there
_libc = ctypes.CDLL(None)


def main() -> None:
    orders = marshal.loads(_all_of(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    sys.path[:] = orders["path"]
    # what made this process find our code is nothing that those who ask have
    os.environ.pop("PYTHONPATH")
    os.environb.update(orders["variables"])
    Waiting(Path(orders["root"]), orders["begun"], orders["seconds"]).serve()


@dataclass(eq=False, slots=True)
class _Attending:
    """A process that was forked for somebody, whose connection closes when he needs it no more."""

    process: int
    ending: int  # a descriptor that can be read when it has ended
    connection: socket.socket
    has_ended: bool = False


class Waiting:
    """The process that waits for commands in the project at `root`."""

    def __init__(self, root: Path, begun: int, seconds: float) -> None:
        from pipeline.config import load
        from pipeline.waiting.loaded import Loaded
        from pipeline.waiting.preload import preload

        self._root, self._seconds = root, seconds
        self._folder = root / ".marovi" / "waiting"
        config = load(root)
        preload(config.languages)
        self._loaded = Loaded(begun)
        self._attending: dict[int, _Attending] = {}  # by the descriptors that are watched
        self._poll = select.poll()
        gc.collect()
        gc.freeze()  # collecting would only copy pages into every fork
        gc.disable()

    def serve(self) -> None:
        """Do what is asked until nobody asks any more."""
        if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
            raise RuntimeError("a process with several threads cannot be forked")
        told, tells = socket.socketpair()
        tells.setblocking(False)
        signal.set_wakeup_fd(tells.fileno())
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        listener = self._listen()
        inode = (self._folder / "socket").stat().st_ino
        self._poll.register(listener, select.POLLIN)
        self._poll.register(told, select.POLLIN)
        used = time.monotonic()
        while time.monotonic() - used < self._seconds and self._is_ours(inode):
            found = {descriptor for descriptor, _ in self._poll.poll(min(_LOOK, self._seconds) * 1000)}
            if told.fileno() in found:
                break
            for descriptor in found - {listener.fileno()}:
                self._look_at(descriptor)
            if listener.fileno() in found:  # last: it may give numbers that others had a moment ago
                self._accept(listener)
            if found or self._attending:
                used = time.monotonic()
        if self._is_ours(inode):
            (self._folder / "socket").unlink()
        self._poll.unregister(told)
        self._poll.unregister(listener)
        listener.close()
        while self._attending:
            for descriptor in {descriptor for descriptor, _ in self._poll.poll()}:
                self._look_at(descriptor)

    def _listen(self) -> socket.socket:
        """Put a socket where those who ask look for one, in one step, and have who waited there before end."""
        from pipeline.waiting.channel import connected, peer

        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        name = f"socket.{os.getpid()}"
        os.chdir(self._folder)
        listener.bind(name)
        listener.listen(64)
        listener.setblocking(False)
        before = connected(".")
        os.rename(name, "socket")  # noqa: PTH104
        if before is not None:  # it ends after its place is taken, and so takes away nothing but its own
            with before:
                os.kill(peer(before)[0], signal.SIGTERM)
        return listener

    def _is_ours(self, inode: int) -> bool:
        try:
            return (self._folder / "socket").stat().st_ino == inode
        except OSError:
            return False

    def _accept(self, listener: socket.socket) -> None:
        from pipeline.waiting.channel import peer

        try:
            connection, _ = listener.accept()
        except OSError:
            return  # who asked has gone
        if peer(connection)[1] != os.geteuid():
            connection.close()
            return
        connection.setblocking(True)
        waiting = os.getpid()
        process = os.fork()
        if process == 0:
            self._attend(connection, listener, waiting)
        one = _Attending(process, os.pidfd_open(process), connection)
        self._attending[one.ending] = self._attending[connection.fileno()] = one
        self._poll.register(one.ending, select.POLLIN)
        self._poll.register(connection, select.POLLRDHUP)

    def _attend(self, connection: socket.socket, listener: socket.socket, waiting: int) -> NoReturn:
        """In the fork: leave behind what is the waiting process's, and do what is asked."""
        from pipeline.waiting.attending import attend

        try:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != waiting:
                os._exit(1)
            signal.set_wakeup_fd(-1)
            listener.close()
            for descriptor, one in self._attending.items():
                if descriptor == one.ending:
                    os.close(descriptor)
                    one.connection.close()
            attend(connection, self._root, self._seconds, self._loaded)
        finally:
            os._exit(1)

    def _look_at(self, descriptor: int) -> None:
        """Tell who asked how his command ended, and end it where he is gone."""
        one = self._attending.get(descriptor)
        if one is None:
            return  # dealt with a moment ago
        if descriptor == one.ending:
            one.has_ended = True
            self._poll.unregister(descriptor)
            with contextlib.suppress(OSError):
                one.connection.sendall(_ending_of(one.process))
                one.connection.shutdown(socket.SHUT_WR)
            return
        # Its number stays taken until who asked is gone, so that he signals nobody else.
        if not one.has_ended:
            os.kill(one.process, signal.SIGKILL)
            self._poll.unregister(one.ending)
        self._poll.unregister(descriptor)
        os.waitpid(one.process, 0)
        del self._attending[one.ending], self._attending[descriptor]
        os.close(one.ending)
        one.connection.close()


def _ending_of(process: int) -> bytes:
    """How a process ended, which stays there."""
    ended = os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    if ended.si_code == os.CLD_EXITED:
        return f"exit {ended.si_status}\n".encode()
    return f"signal {ended.si_status}\n".encode()


def _all_of(descriptor: int) -> bytes:
    pieces = []
    while piece := os.read(descriptor, 65536):
        pieces.append(piece)
    return b"".join(pieces)


if __name__ == "__main__":
    main()
