"""What is done to the command is done to the process that runs it, and the other way round."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.waiting.house import PLENTY, House, at_work, is_alive, state, until

LONG = 300.0  # seconds that the cell sleeps: what ends before that was ended


@contextmanager
def running(house: House, *words: str, **options: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A build in the middle of a cell, and the process that does it."""
    server = house.wait()
    house.slow_down(LONG)
    with house.start("build", "--once", *words, **options) as process:
        child = until(lambda: at_work(server))
        yield process, child
    until(lambda: not is_alive(child))
    assert house.waiting() == server


def test_ctrl_c_ends_a_build_as_it_always_did(house: House) -> None:
    with running(house) as (process, _):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PLENTY)
    assert (process.returncode, out, err.splitlines()[-1]) == (130, "", "interrupted")
    assert "Traceback" not in err


def test_ctrl_c_on_a_terminal(house: House) -> None:
    ours, theirs = pty.openpty()

    def at_a_terminal() -> None:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    with running(house, **streams, preexec_fn=at_a_terminal) as (process, _):
        os.close(theirs)
        os.write(ours, b"\x03")
        shown = b""
        while b"interrupted" not in shown:
            shown += os.read(ours, 65536)
        assert process.wait(PLENTY) == 130
    assert b"Traceback" not in shown
    os.close(ours)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL])
def test_who_is_ended_by_a_signal_ends_by_it(house: House, number: signal.Signals) -> None:
    with running(house) as (process, _):
        process.send_signal(number)
        _, err = process.communicate(timeout=PLENTY)
    assert process.returncode == -number
    assert "Traceback" not in err


def test_the_signal_that_ended_the_build_ends_the_command(house: House) -> None:
    with running(house) as (process, child):
        os.kill(child, signal.SIGKILL)
        process.communicate(timeout=PLENTY)
    assert process.returncode == -signal.SIGKILL


def test_a_build_that_is_stopped_goes_on_later(house: House) -> None:
    server = house.wait()
    house.slow_down(2.0)
    with house.start("build", "--once") as process:
        child = until(lambda: at_work(server))
        process.send_signal(signal.SIGTSTP)
        until(lambda: state(process.pid) == "T" and state(child) == "T")
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=PLENTY)
    assert process.returncode == 0 and "Wrote" in out, err


def test_a_build_whose_process_is_killed_is_made_without_it(house: House) -> None:
    server = house.wait()
    house.slow_down(2.0)
    with house.start("build", "--once") as process:
        child = until(lambda: at_work(server))
        os.kill(server, signal.SIGKILL)
        out, err = process.communicate(timeout=PLENTY)
    assert not is_alive(child)
    assert process.returncode == 0 and out.count("Wrote") == 1, err


def test_the_process_ends_after_the_build_that_it_runs(house: House) -> None:
    server = house.wait()
    house.slow_down(2.0)
    with house.start("build", "--once") as process:
        until(lambda: at_work(server))
        assert "Ended" in house.run("stop").out
        until(lambda: not (house.folder / "socket").exists())
        out, err = process.communicate(timeout=PLENTY)
    assert process.returncode == 0 and "Wrote" in out, err
    until(lambda: not is_alive(server))
