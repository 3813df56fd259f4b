"""The fork of the waiting process that has been asked for a command: it runs it as if it had been started for it."""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.config import load
from pipeline.errors import MaroviError
from pipeline.waiting.channel import receive_request
from pipeline.waiting.described import interpreter, surroundings, variables
from pipeline.waiting.loaded import Loaded

if TYPE_CHECKING:
    from pipeline.waiting.channel import Request

_PATIENCE = 5.0  # seconds for a request, which comes at once
_FLUSHED_BADLY = 120  # Python's own exit code for a stream that cannot be flushed at the end


def attend(connection: socket.socket, root: Path, seconds: float, loaded: Loaded) -> NoReturn:
    """Take a request, and do it or say that somebody else has to; `seconds` is how long the process waits."""
    connection.settimeout(_PATIENCE)
    try:
        connection.sendall(b"ready\n")
        received = receive_request(connection)
        if received is None:
            os._exit(0)
        request, descriptors = received
        if not _is_current(root, seconds, loaded):
            os.kill(os.getppid(), signal.SIGTERM)
            connection.sendall(b"aside\n")
            os._exit(0)
        if not _is_alike(request):
            connection.sendall(b"aside\n")
            os._exit(0)
        if not request["arguments"]:
            connection.sendall(b"yes\n")
            os._exit(0)
        _become(request, descriptors)
        connection.sendall(f"run {os.getpid()}\n".encode())
    except (OSError, ValueError, EOFError, TypeError, KeyError):
        os._exit(1)  # who asks hears no answer, and helps himself
    connection.close()
    _end(_exit_code())


def _is_current(root: Path, seconds: float, loaded: Loaded) -> bool:
    """Whether the process that waits may still do so."""
    try:
        config = load(root)
    except MaroviError:
        return False
    return config.keep == seconds and loaded.holds()


def _is_alike(request: Request) -> bool:
    """Whether the process that asks would find itself where this one is."""
    return (
        request["interpreter"] == interpreter()
        and variables(request["environment"]) == variables(os.environb)
        and request["surroundings"] == surroundings()
    )


def _become(request: Request, descriptors: list[int]) -> None:
    """Take the place of the process that asks."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    *streams, folder = descriptors
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    os.fchdir(folder)
    for descriptor in descriptors:
        os.close(descriptor)
    os.environ.clear()
    os.environb.update(request["environment"])
    made = [_stream(number, *form) for number, form in enumerate(request["streams"])]
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__ = made  # type: ignore[misc]
    sys.argv = request["arguments"]
    gc.enable()


def _stream(number: int, encoding: str, errors: str | None, by_lines: bool, at_once: bool) -> io.TextIOWrapper:
    """One of the standard streams, as Python makes it at its start."""
    binary: Any = open(number, "wb" if number else "rb", 0 if number and at_once else -1, closefd=False)  # noqa: SIM115
    (binary if isinstance(binary, io.FileIO) else binary.raw).name = ("<stdin>", "<stdout>", "<stderr>")[number]
    newline = "\n" if number else None
    return io.TextIOWrapper(binary, encoding, errors, newline, line_buffering=by_lines, write_through=at_once)


def _exit_code() -> int:
    """Run the command, and tell its exit code as Python does."""
    from pipeline.cli import main

    try:
        return main(sys.argv[1:], is_served=True)
    except SystemExit as left:
        if left.code is None or isinstance(left.code, int):
            return left.code or 0
        print(left.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    return 1


def _end(code: int) -> NoReturn:
    """Leave as Python does, without taking all modules apart, which takes longer than some builds."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _FLUSHED_BADLY
        with contextlib.suppress(OSError):
            print(f"Exception ignored in: {sys.stdout!r}\n{type(error).__name__}: {error}", file=sys.stderr)
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(code & 0xFF)
