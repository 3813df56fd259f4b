"""Servers that outlive a build: found, started when there is none, ended when they are outdated or somebody says so.

Each lies in a folder of its own below `.marovi/keep/`, named by everything that what it has loaded depends on, with the
socket that builds connect to, what it printed, and the folders of its workers.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.run.identity import identity
from pipeline.run.launch import Server, environment
from pipeline.run.removal import remove
from pipeline.run.settings import Keep

_SOCKET, _LOG, _LOCK = "socket", "log", "lock"
_PEER = struct.Struct("=iII")  # struct ucred: process, user, group
_started: list[int] = []  # servers that are our children


class KeptServerLostError(RunError):
    """A kept server has ended or does not answer: what it was to do can be done by another one."""


class KeptServer(Server):
    """A connection to a server that other builds use as well, before and after this one."""

    keeps = True

    def __init__(self, control: socket.socket, folder: Path, expected: str) -> None:
        super().__init__(control)
        self._folder = folder
        self._expected = expected

    def receive(self) -> dict[str, Any]:
        message = super().receive()
        if "ready" in message and message["identity"] != self._expected:
            self._send({"stop": True})
            raise KeptServerLostError("the kept process has other code than this one")
        return message

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._control.close()

    def lost(self) -> RunError:
        try:
            said = (self._folder / _LOG).read_text(errors="replace").strip().splitlines()
        except OSError:
            said = []
        return KeptServerLostError("the kept process that runs cells is gone" + (f": {said[-1]}" if said else ""))


def reach(keep: Keep, cache: Path, device: str, again: bool, hash_seed: int, threads: int) -> KeptServer:
    """Connect to the kept server for first runs, or with `again` for second ones; start it where there is none.

    One of other code, libraries or environment is told to end. Raises KeptServerLostError when that cannot be done.
    """
    slot = "second" if again else "first"
    code = identity()
    surroundings = environment(Path(), cache, device, hash_seed, threads)
    digest = hashlib.sha256(repr((code, sorted(surroundings.items()), keep.seconds, keep.bytes)).encode()).hexdigest()
    folder = keep.folder / f"{slot}-{digest[:16]}"
    try:
        keep.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(keep.folder / _LOCK):
            for other in keep.folder.glob(f"{slot}-*"):
                if other != folder:
                    _retire(other)
            control = _connected(folder)
            if control is None:
                _start(folder, environment(folder, cache, device, hash_seed, threads), keep)
                control = _connected(folder)
    except OSError as error:
        raise KeptServerLostError(f"no process can be kept in {keep.folder}: {error}") from error
    if control is None:
        raise KeptServerLostError("the kept process that runs cells does not start")
    return KeptServer(control, folder, code)


def stop_kept(keep: Path) -> int:
    """End all servers kept in a folder once no build uses them, and return how many there were."""
    if not keep.is_dir():
        return 0
    with _locked(keep / _LOCK):
        return sum([_retire(folder) for folder in keep.glob("*-*")])


def _retire(folder: Path) -> bool:
    """Tell a server to end; what is left of a dead one is removed, and False returned."""
    control = _connected(folder)
    if control is None:
        remove(folder)
        return False
    with control, contextlib.suppress(OSError):
        control.send(b'{"stop": true}')
    return True


def _start(folder: Path, environment: dict[str, str], keep: Keep) -> None:
    """Start a server; it may be connected to at once, and answers when it has loaded everything."""
    remove(folder)
    folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as entry:
        with _address(folder) as address:
            entry.bind(address)
        entry.listen(64)
        command = [sys.executable, "-P", "-m", "pipeline.run.server", "3", str(folder), str(keep.seconds)]
        _reap()
        _started.append(
            os.posix_spawn(
                sys.executable,
                [*command, str(keep.bytes)],
                environment,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDWR, 0),
                    (os.POSIX_SPAWN_OPEN, 1, str(folder / _LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
                    (os.POSIX_SPAWN_DUP2, 1, 2),
                    (os.POSIX_SPAWN_DUP2, entry.fileno(), 3),
                ],
                setsid=True,
            )
        )


def _reap() -> None:
    """Let go of servers that have ended, where this process has lived longer than they."""
    for process in list(_started):
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(process, os.WNOHANG) == (0, 0):
                continue
        _started.remove(process)


def _connected(folder: Path) -> socket.socket | None:
    """Connect to a server of this user; None when there is none."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        with _address(folder) as address:
            control.connect(address)
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        control.close()
        return None
    _, user, _ = _PEER.unpack(control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    if user != os.getuid():
        control.close()
        raise PermissionError(f"{folder} belongs to another user's process")
    return control


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """Give a path of the socket in a folder that is short enough for one, wherever the folder is."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{_SOCKET}"
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go of when this process ends, however it does."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
