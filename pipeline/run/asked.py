"""System calls of a confined process that another process decides on, see seccomp_unotify(2)."""

from __future__ import annotations

import errno
import fcntl
import select
import struct
from dataclasses import dataclass

_RECEIVE, _ANSWER = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND
_QUESTION = struct.Struct("=QIIiIQ6Q")  # struct seccomp_notif with struct seccomp_data in it
_REPLY = struct.Struct("=QqiI")  # struct seccomp_notif_resp
_CONTINUE = 1


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that waits. Its arguments are those it will be made with: they are in registers by now."""

    id: int
    thread: int
    number: int
    arguments: tuple[int, ...]


def next_call(listener: int) -> Call | None:
    """Return the call that waits; None when the process that made it is gone."""
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    if not any(state & select.POLLIN for _, state in waiting.poll(0)):
        return None  # all who could call are gone: some kernels would wait for them for ever
    question = bytearray(_QUESTION.size)
    try:
        fcntl.ioctl(listener, _RECEIVE, question, True)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise
    id, thread, _, number, _, _, *arguments = _QUESTION.unpack(question)
    return Call(id, thread, number, tuple(arguments))


def answer(listener: int, call: Call, allowed: bool) -> None:
    """Let a call go on, or fail with EPERM."""
    reply = _REPLY.pack(call.id, 0, 0 if allowed else -errno.EPERM, _CONTINUE if allowed else 0)
    try:
        fcntl.ioctl(listener, _ANSWER, reply)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EINPROGRESS):  # it is gone, or was interrupted and asks again
            raise
