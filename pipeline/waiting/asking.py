"""What `marovi` does first: have the process that waits for this project run the command, if there is one that may.

Only `build` is asked for: other commands take long for other reasons, or hold passwords of wikis. Imports count here:
this is paid by each run of each command.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket
    from types import FrameType

    from pipeline.waiting.channel import Request


class _Silent(Exception):
    """The process that waits is gone, or does not answer."""


def answered(arguments: list[str]) -> int | None:
    """Have a command run by the process that waits, and return its exit code; None where it is still to be run.

    Ends this process by the signal that ended the command, where one did.
    """
    folder = _folder(arguments) if sys.platform == "linux" else None
    if folder is None or not os.path.exists(f"{folder}/socket"):
        return None
    from pipeline.waiting.channel import connected

    try:
        connection = connected(folder)
    except PermissionError:
        return None
    if connection is None:
        return None
    with connection:
        return _Asked(connection).outcome()


def would_be_done(connection: socket) -> bool:
    """Whether the process that waits would run commands of this one."""
    said = _lines(connection)
    try:
        if next(said) == ["ready"]:
            _send(connection, [])
            return next(said) == ["yes"]
        return False
    except (OSError, _Silent):
        return False


def _folder(arguments: list[str]) -> str | None:
    """Where a process that could be asked would wait; None for what nobody is asked."""
    root, rest = None, arguments
    if arguments[:1] == ["--root"]:
        root, rest = "".join(arguments[1:2]), arguments[2:]
    elif arguments and arguments[0].startswith("--root="):
        root, rest = arguments[0].removeprefix("--root="), arguments[1:]
    if rest[:1] != ["build"] or "--no-keep" in rest or root == "":
        return None
    try:
        folder = os.path.realpath(root) if root else os.getcwd()
    except OSError:
        return None
    while not (os.path.isdir(f"{folder}/articles") and os.path.isfile(f"{folder}/pyproject.toml")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return f"{folder}/.marovi/waiting"


class _Asked:
    """A command that another process runs, and the signals on their way there."""

    def __init__(self, connection: socket) -> None:
        import signal

        self._connection = connection
        self._process = 0  # its leader's number is also that of its group
        self._held: list[int] = []  # signals that came before there was somebody to have them
        self._passed_on = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP)
        self._before = {number: signal.getsignal(number) for number in self._passed_on}

    def outcome(self) -> int | None:
        """The exit code, None where the command did not run, or not to its end because who ran it was killed."""
        import signal

        for passed, before in self._before.items():
            if before is not signal.SIG_IGN:
                signal.signal(passed, self._pass_on)
        try:
            kind, number = self._verdict()
        except (OSError, ValueError, _Silent):
            kind, number = "aside", 0
        if kind == "exit":
            return number
        self._process = 0
        for known, before in self._before.items():
            signal.signal(known, before)
        if kind == "signal":
            if number != signal.SIGKILL:
                signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        for held in self._held:
            os.kill(os.getpid(), held)
        return None

    def _verdict(self) -> tuple[str, int]:
        """How it ended. Raises OSError, ValueError, _Silent."""
        for words in _lines(self._connection):
            if words[0] == "ready":
                # not before: descriptors that nobody takes stay open, and who reads our output waits for its end
                _send(self._connection, sys.argv)
                continue
            kind, number = words[0], int(words[1]) if len(words) > 1 else 0
            if kind != "run":
                return (kind, number) if self._process else ("aside", 0)  # what ended before it began was not ours
            self._connection.settimeout(None)
            self._process = number
            while self._held:
                self._pass_on(self._held.pop(0), None)
        raise _Silent

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        """Do to the process that runs the command what was done to this one."""
        import signal

        if not self._process:
            self._held.append(number)
            return
        try:
            if number == signal.SIGTSTP:
                os.killpg(self._process, signal.SIGSTOP)
                os.kill(os.getpid(), signal.SIGSTOP)  # until somebody has this one go on
                os.killpg(self._process, signal.SIGCONT)
            elif number == signal.SIGTERM:
                os.kill(self._process, number)
            else:
                os.killpg(self._process, number)  # as a terminal does
        except ProcessLookupError:
            pass  # it has ended, as we are about to hear


def _send(connection: socket, arguments: list[str]) -> None:
    """Send all that this process is. Raises OSError where something of it cannot be handed over."""
    from pipeline.waiting.channel import send_request
    from pipeline.waiting.described import interpreter, surroundings

    streams = [sys.__stdin__, sys.__stdout__, sys.__stderr__]
    if None in streams:
        raise OSError("a stream is closed")
    folder = os.open(".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        request: Request = {
            "arguments": arguments,
            "environment": dict(os.environb),
            "streams": [(one.encoding, one.errors, one.line_buffering, one.write_through) for one in streams if one],
            "interpreter": interpreter(),
            "surroundings": surroundings(),
        }
        send_request(connection, request, [0, 1, 2, folder])
    finally:
        os.close(folder)


def _lines(connection: socket) -> Iterator[list[str]]:
    """What the other process says, in words, line by line. Raises OSError; _Silent when it says no more."""
    rest = b""
    while True:
        while b"\n" not in rest:
            piece = connection.recv(256)
            if not piece:
                raise _Silent
            rest += piece
        line, _, rest = rest.partition(b"\n")
        yield line.decode().split() or [""]
