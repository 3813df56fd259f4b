"""A checkout can bring files of any name along: what a stranger put in `.marovi` leads nowhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import started
from tests.waiting.house import House, is_alive, until

# In the way of any daemon of the same user.
DAEMON = """
import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
while True:
    listener.accept()[0].close()
"""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that has nothing to do with us, in a folder of its own, and its socket."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with started([sys.executable, "-c", DAEMON, str(folder / "socket")]) as process:
        until((folder / "socket").exists)
        yield process, folder / "socket"


def test_a_planted_log_overwrites_no_file(house: House, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    house.folder.mkdir(mode=0o700)
    (house.folder / "log").symlink_to(precious)
    assert house.run("build", "--keep").code == 0
    assert precious.read_text() == "kept"


def test_a_planted_socket_has_nobody_elses_process_ended(
    house: House, daemon: tuple[subprocess.Popen[str], Path]
) -> None:
    process, socket = daemon
    house.folder.mkdir(mode=0o700)
    (house.folder / "socket").symlink_to(socket)
    house.run("stop")
    assert is_alive(process.pid)
    assert house.wait() != process.pid
    assert is_alive(process.pid)


def test_a_planted_folder_has_nobody_elses_process_ended_and_nothing_put_there(
    house: House, daemon: tuple[subprocess.Popen[str], Path]
) -> None:
    process, socket = daemon
    house.folder.symlink_to(socket.parent)
    house.run("stop")
    assert house.run("build", "--keep").code == 0
    assert is_alive(process.pid) and [path.name for path in socket.parent.iterdir()] == ["socket"]
