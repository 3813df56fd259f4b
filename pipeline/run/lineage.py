"""A worker and the copies of it, as the server sees them: how a copy is made, how a process goes on from one.

Cells run in the same process that asks to be copied, so nothing it says is taken for granted: it may fork only while
the server waits for just that, twice (see pipeline.run.forking), who came of it the kernel says, and a copy is
stopped as long as nobody goes on from it.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import struct
import time
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.run.asked import answer, next_call
from pipeline.run.calls import JUDGED
from pipeline.run.processes import children_of, held_apart, parent_of, process_of, threads_of

PATIENCE = 10.0  # seconds a process gets to fork
_TO_BE_GONE = 0.2  # seconds

_CLONE = JUDGED["clone"]
_AS_FORK_DOES = 0x01200011  # CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD
_INT = struct.Struct("=i")
_CREDENTIALS = struct.Struct("=iII")  # struct ucred


@dataclass(eq=False, slots=True)
class Copy:
    """A process that waits at the end of a cell."""

    process: int
    descriptor: int  # of the process
    line: socket.socket
    lineage: Lineage
    state: str  # digest of what led here
    after: int  # cells
    memo: Any  # what the build wants to know when a process goes on from here
    seconds: float  # that the cells since the copy before took
    used: float = field(default_factory=time.monotonic)  # when it was made or last gone on from
    bytes: int = 0


@dataclass(eq=False, slots=True)
class Lineage:
    """What came from one worker. All of it has the same folder, so that only one process of it runs at a time."""

    topic: str
    folder: Path
    listener: int = -1  # for its system calls that we decide on
    busy: bool = True  # one of its processes runs
    spoiled: bool = False  # what it said last may still lie in its line
    copies: list[Copy] = field(default_factory=list)

    def close(self) -> None:
        """Let go of it; its processes are gone."""
        if self.listener >= 0:
            os.close(self.listener)
            self.listener = -1


def line_pair() -> tuple[socket.socket, socket.socket]:
    """Return our end and theirs of the line to a process; what comes over ours says who sent it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def received_descriptor(line: socket.socket) -> int:
    """Return the descriptor that was sent, -1 when there is none."""
    try:
        _, ancillary, _, _ = line.recvmsg(4096, socket.CMSG_SPACE(_CREDENTIALS.size) + socket.CMSG_SPACE(_INT.size))
    except OSError:
        return -1
    sent = [content for level, kind, content in ancillary if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)]
    return int(_INT.unpack(sent[0][: _INT.size])[0]) if sent else -1


def judge(listener: int, forking: Container[int] = ()) -> int:
    """Answer one call: a process may signal and limit itself, and those in `forking` may fork.

    Returns how many forks were allowed.
    """
    call = next_call(listener)
    if call is None:
        return 0
    forks = call.number in _CLONE
    if forks:
        allowed = call.arguments[0] == _AS_FORK_DOES and call.thread in forking
    else:
        allowed = call.arguments[0] & 0xFFFFFFFF == process_of(call.thread)
    answer(listener, call, allowed)
    return int(forks and allowed)


def copy(
    lineage: Lineage, worker: int, line: socket.socket, threads: frozenset[int], known: Container[int]
) -> tuple[int, socket.socket] | str:
    """Have a worker copied that waits for it. Returns the copy, stopped, and the line to it, or why there is none.

    `threads` are those it began with, `known` the processes that cannot be the copy.
    """
    if lineage.listener < 0:
        why = "this kernel has no way to let it fork and nobody else"
    else:
        why = "it could not be forked before" if lineage.spoiled else held_apart(worker)
    if why:
        with contextlib.suppress(OSError):
            line.send(b"{}")
        return why
    ours, theirs = line_pair()
    with theirs, contextlib.suppress(OSError):
        socket.send_fds(line, [b"{}"], [theirs.fileno()])
    said = _converse(lineage.listener, worker, [line, ours])
    left = said is not None and _left(worker, threads)
    with contextlib.suppress(OSError):
        line.send(b"{}")
    process = said[1][1] if said is not None and said[0][0].get("copied") is True else 0
    if not _is_new(process, known):
        ours.close()
        lineage.spoiled = True
        return "it could not be forked"
    stop(process)
    if children_of(worker):
        lineage.spoiled = True
        os.kill(worker, signal.SIGKILL)  # a cell that made its way to a fork; the server then kills what it forked
    if left:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        ours.close()
        return left
    return process, ours


def go_on(copy: Copy, descriptors: list[int], known: Container[int]) -> tuple[int, socket.socket] | None:
    """Fork a process that goes on from a copy, with these descriptors; None when it cannot be done."""
    ours, theirs = line_pair()
    os.kill(copy.process, signal.SIGCONT)
    with theirs, contextlib.suppress(OSError):
        socket.send_fds(copy.line, [b"{}"], [*descriptors, theirs.fileno()])
    said = _converse(copy.lineage.listener, copy.process, [copy.line, ours])
    stop(copy.process)
    process = said[1][1] if said is not None and said[0][0].get("continued") is True else 0
    if not _is_new(process, known):
        ours.close()
        return None
    return process, ours


def stop(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGSTOP)


def _left(worker: int, threads: frozenset[int]) -> str:
    """Say what a process has besides itself that a fork would lose; threads that have ended are gone in a moment."""
    if children_of(worker):
        return "it has started a process"
    end = time.monotonic() + _TO_BE_GONE
    while not threads_of(worker) <= threads:
        if time.monotonic() > end:
            return "a thread still runs"
        time.sleep(0.001)
    return ""


def _is_new(process: int, known: Container[int]) -> bool:
    return process != 0 and process not in known and parent_of(process) == os.getpid()


def _converse(listener: int, process: int, lines: list[socket.socket]) -> list[tuple[dict[str, Any], int]] | None:
    """Let a process fork as it should, until a message with its sender came over each line; None when none will."""
    heard: dict[socket.socket, tuple[dict[str, Any], int]] = {}
    forks = 0
    end = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as events:
        events.register(listener, selectors.EVENT_READ)
        for line in lines:
            events.register(line, selectors.EVENT_READ)
        while len(heard) < len(lines):
            ready = events.select(end - time.monotonic())
            if not ready:
                return None
            for key, _ in ready:
                if not isinstance(key.fileobj, socket.socket):
                    # first the process itself, then the one in between: the only child that it can have
                    forks += judge(listener, ([process], children_of(process), ())[forks])
                    continue
                message = _heard(key.fileobj)
                if message is None or key.fileobj in heard:
                    return None
                heard[key.fileobj] = message
    return [heard[line] for line in lines]


def _heard(line: socket.socket) -> tuple[dict[str, Any], int] | None:
    try:
        data, ancillary, _, _ = line.recvmsg(4096, socket.CMSG_SPACE(_CREDENTIALS.size))
        message = json.loads(data) if data else None
    except (OSError, RecursionError, ValueError):
        return None
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and isinstance(message, dict):
            return message, _CREDENTIALS.unpack(content[: _CREDENTIALS.size])[0]
    return None
