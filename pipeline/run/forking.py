"""Copies of a worker: each waits at the end of a cell, and forks a process that runs what comes after it.

A copy is made by the C library's fork and not by Python's, which would run handlers that change what cells see: the
module random seeds itself anew. It must become a child of the server, or it would end with the process it is a copy
of; so it is forked by a process in between that ends at once. Descriptors 0 to 4 of a worker are nothing, output,
errors, the socket to the build and the line to the server.

What is not part of a process would not be copied. Where there is such a thing, no copy is made: see `Copies.obstacle`.
"""

from __future__ import annotations

import _thread
import ctypes
import fcntl
import json
import os
import resource
import shutil
import signal
import socket
import stat
import sys
import threading
import time
from pathlib import Path
from typing import Any

from pipeline.run.confine import die_with_parent

LINE = 4
FAILED = "it failed"  # the obstacle that needs no words
AGAIN = 71  # exit status of a process that is asked for what a fresh one would have answered otherwise

_TO_BE_ADOPTED = 5.0  # seconds
_PAUSE_HARD = 2  # omp_pause_hard of omp.h
_CLOCKS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)


class Copies:
    """Makes copies of this process when the server says so. To be made before the first cell."""

    def __init__(self, line: socket.socket, folder: Path) -> None:
        self._line = line
        self._folder = folder
        self._mode = stat.S_IMODE(folder.stat().st_mode)
        self._server = os.getppid()
        self._libc = ctypes.PyDLL(None)
        self._own = frozenset(_descriptors())
        self._proc = _OwnProc()
        self._say(ready=True)
        _received(line)  # it has seen which threads there are

    def obstacle(self) -> str:
        """Say why no copy of this process would be like it, "" when there is no reason; the server knows some more."""
        if threading.active_count() > 1 or _thread._count():
            return "a thread still runs"
        if any(signal.getitimer(clock)[0] for clock in _CLOCKS):
            return "a timer is set"
        if signal.getsignal(signal.SIGCONT) is not signal.SIG_DFL or signal.sigpending():
            return "a signal waits, or the one that wakes a copy has a handler"
        if names := os.listdir(self._folder):  # noqa: PTH208 (a cell may have changed what Path does)
            return f"the file {names[0]!r} is in its folder"
        for number in self._opened():
            if not _is_file_to_read(number):
                return "something is open that is no file to be read"
        return ""

    def take(self) -> bool:
        """Make a copy of this process. Returns False in this one, and True in each that goes on from the copy."""
        given = _received(self._line)
        if not given:
            return False  # the server knows why not
        (line,) = given
        places = {number: os.lseek(number, 0, os.SEEK_CUR) for number in self._opened() if number != line}
        _end_threads_of_openmp()
        made = self._fork()
        if made is None:
            self._wait(line, places)
            return True
        os.close(line)
        self._say(copied=made)
        _received(self._line)  # it has looked at what is left of this process
        return False

    def _wait(self, line: int, places: dict[int, int]) -> None:
        """Be the copy. Returns only in the processes that go on from here."""
        for number in (1, 2, 3):
            os.dup2(0, number, inheritable=False)
        _move(line, LINE)
        self._say(here=True)
        while True:
            given = _received(self._line)
            made = self._fork()
            if made is None:
                break
            for number in given:
                os.close(number)
            self._say(continued=made)
        for number, own in zip(given, (3, 1, 2, LINE), strict=True):
            _move(number, own)
        self._proc.is_like_a_fresh_one()
        for number, place in places.items():
            _open_again(number, place)
        _empty(self._folder, self._mode)
        self._say(here=True)
        self._proc.is_another()

    def _fork(self) -> bool | None:
        """Fork a child of the server. Returns None in it, and here whether that went well."""
        between = self._libc.fork()
        if between == 0:
            forked = self._libc.fork()
            if forked != 0:
                os._exit(forked < 0)
            self._be_adopted()
            return None
        return between > 0 and os.waitpid(between, 0)[1] == 0

    def _be_adopted(self) -> None:
        os.setsid()
        end = time.monotonic() + _TO_BE_ADOPTED
        while os.getppid() != self._server:
            if time.monotonic() > end:
                os._exit(1)
            time.sleep(0.0005)
        die_with_parent()

    def _opened(self) -> list[int]:
        return [number for number in _descriptors() if number not in self._own]

    def _say(self, **message: Any) -> None:
        try:
            self._line.send(json.dumps(message).encode())
        except OSError:
            os._exit(1)  # the server has given this process up


class _OwnProc:
    """Ends a process that opens /proc/self once it goes on from a copy.

    A worker may read what is its own there, by a rule for the very folder of its process (Landlock); one that goes on
    from a copy is another process, for which no rule can be added any more.
    """

    def __init__(self) -> None:
        self._watched = False
        self._hooked = False

    def is_like_a_fresh_one(self) -> None:
        self._watched = False

    def is_another(self) -> None:
        self._watched = True
        if not self._hooked:
            self._hooked = True
            sys.addaudithook(self._noticed)

    def _noticed(self, event: str, args: tuple[Any, ...]) -> None:
        if not self._watched or event not in ("open", "os.listdir", "os.scandir"):
            return
        path = os.path.realpath(args[0]) if isinstance(args[0], (str, bytes, os.PathLike)) else b""
        if os.fsdecode(path).startswith(f"/proc/{os.getpid()}"):
            os._exit(AGAIN)


def _received(line: socket.socket) -> list[int]:
    """Wait for an order and return the descriptors that come with it; ends this process when there will be none."""
    try:
        data, descriptors, _, _ = socket.recv_fds(line, 4096, 4)
    except OSError:
        data, descriptors = b"", []
    if not data:
        os._exit(0)
    return descriptors


def _descriptors() -> list[int]:
    """Return the numbers of what is open, without asking /proc, which not every process here may."""
    found = []
    for number in range(resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
        try:
            fcntl.fcntl(number, fcntl.F_GETFD)
        except OSError:
            continue
        found.append(number)
    return found


def _is_file_to_read(number: int) -> bool:
    return (
        stat.S_ISREG(os.fstat(number).st_mode)
        and fcntl.fcntl(number, fcntl.F_GETFL) & (os.O_ACCMODE | os.O_PATH) == os.O_RDONLY
    )


def _open_again(number: int, place: int) -> None:
    """Give a file a place of its own to read from: what was forked shares the one it has, and others have moved it."""
    inheritable = os.get_inheritable(number)
    again = os.open(f"/proc/self/fd/{number}", os.O_RDONLY)
    os.lseek(again, place, os.SEEK_SET)
    os.dup2(again, number, inheritable=inheritable)
    os.close(again)


def _move(number: int, to: int) -> None:
    os.dup2(number, to, inheritable=False)
    os.close(number)


def _empty(folder: Path, mode: int) -> None:
    """Remove what processes that went on from the same copy have left."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if stat.S_IMODE(folder.stat().st_mode) != mode:
        folder.chmod(mode)


def _end_threads_of_openmp() -> None:
    """End the threads that wait for the next parallel part, which a fork would lose; the next part starts new ones."""
    for library in _OPENMP:
        threads = library.omp_get_max_threads()
        library.omp_pause_resource_all(_PAUSE_HARD)
        library.omp_set_num_threads(threads)  # pausing may forget how many there are to be


_OPENMP: list[ctypes.CDLL] = []


def prepare() -> None:
    """Find the OpenMP libraries that torch has loaded; to be called once, before anything is forked."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        path = line.partition("/")[2]
        if "omp" in Path(path).name.split(".")[0] and path not in {library._name[1:] for library in _OPENMP}:
            library = ctypes.CDLL(f"/{path}")
            if hasattr(library, "omp_pause_resource_all"):
                _OPENMP.append(library)
