"""Each protection by itself, so that one still holds where the kernel lacks another."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

NOBODY = 65534

ROOT = os.getuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="only the superuser has capabilities to lose or can become nobody")

PRELUDE = f"""
import os, socket, sys, threading, subprocess, ctypes
sys.path[:0] = [{str(Path(__file__).parents[2])!r}]
from pathlib import Path
from pipeline.run import confine, landlock, seccomp
def told(action):
    try:
        return action() or "yes"
    except (OSError, MemoryError) as error:
        return type(error).__name__
target, port, folder, user = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
environment = lambda: Path(f"/proc/{{target}}/environ").read_bytes() and None
def connect():
    with socket.socket() as client:
        client.connect(("127.0.0.1", port))
os.setgid(user), os.setuid(user)
no_new_privileges = lambda: ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
"""


def outcome(code: str, folder: Path, user: int | None = None) -> str:
    """What a process of `user` prints that runs `code` next to another process of that user."""
    user = os.getuid() if user is None else user
    folder.chmod(0o777)
    target = subprocess.Popen(["sleep", "60"], user=user, group=user if ROOT else None, env={"SECRET": "1"})
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            arguments = [str(target.pid), str(port), str(folder), str(user)]
            command = [sys.executable, "-c", PRELUDE + code, *arguments]
            done = subprocess.run(command, capture_output=True, text=True)
    finally:
        target.kill()
        target.wait()
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder that every user may write in."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder == Path("/tmp") or not os.access(folder, os.W_OK):
            break
        folder.chmod(0o755)
    inside = tmp_path / "inside"
    inside.mkdir()
    return inside


users = pytest.mark.parametrize("user", [None, pytest.param(NOBODY, marks=needs_root)])


@users
def test_without_protection_a_process_reaches_all_of_it(open_folder: Path, user: int | None) -> None:
    assert outcome("print(told(environment), told(connect))", open_folder, user) == "yes yes"


@users
def test_namespaces_hide_environments_and_network(open_folder: Path, user: int | None) -> None:
    code = "print(confine.enter_own_namespaces(), told(environment), told(connect), os.getuid() == user)"
    assert outcome(code, open_folder, user) == "True PermissionError OSError True"


@users
def test_landlock_hides_environments_and_write_protects_all_but_one_folder(open_folder: Path, user: int | None) -> None:
    # a superuser who still has CAP_PERFMON may read memory in spite of it
    code = """
confine.drop_capabilities()
no_new_privileges()
print(landlock.allow_writing_only([folder]), told(environment), told(connect))
print(told(lambda: (folder / "a").write_text("x") and None), told(lambda: Path("/var/tmp/marovi-b").write_text("x")))
print(told(lambda: (folder / "a").rename("/var/tmp/marovi-c")), told(lambda: Path("/dev/null").write_text("") and None))
print(Path("/etc/hostname").exists() and told(lambda: Path("/etc/passwd").read_text() and None))
"""
    assert outcome(code, open_folder, user).splitlines() == [
        "True PermissionError yes",
        "yes PermissionError",
        "PermissionError yes",
        "yes",
    ]


@users
def test_the_filter_denies_processes_signals_and_sockets_but_not_threads(open_folder: Path, user: int | None) -> None:
    code = """
no_new_privileges()
print(seccomp.deny_processes_and_network(), told(connect), told(os.fork), told(lambda: subprocess.run(["true"])))
print(told(lambda: os.kill(target, 0)), told(lambda: os.kill(os.getpid(), 0)), told(lambda: os.pidfd_open(target)))
print(told(lambda: socket.socket(socket.AF_UNIX)), told(lambda: [end.close() for end in socket.socketpair()] and None))
print(told(lambda: os.execv("/bin/true", ["true"])), told(lambda: os.posix_spawn("/bin/true", ["true"], {})))
threading.Thread(target=lambda: print("thread")).start()
"""
    assert outcome(code, open_folder, user).splitlines() == [
        "True PermissionError PermissionError PermissionError",
        "PermissionError yes PermissionError",
        "PermissionError yes",
        "PermissionError PermissionError",
        "thread",
    ]


@needs_root
def test_without_capabilities_the_superuser_cannot_read_its_own_other_processes(open_folder: Path) -> None:
    code = "confine.drop_capabilities(); print(told(environment), told(connect))"
    assert outcome(code, open_folder) == "PermissionError yes"


def test_memory_is_limited_above_what_is_held_and_a_reserve_can_be_opened(open_folder: Path) -> None:
    code = """
held = bytearray(50 * 2**20)
confine.limit_memory(40 * 2**20)
print(told(lambda: bytearray(30 * 2**20) and None), told(lambda: bytearray(60 * 2**20) and None))
confine.open_memory_reserve()
print(told(lambda: bytearray(60 * 2**20) and None))
"""
    assert outcome(code, open_folder).splitlines() == ["yes MemoryError", "yes"]


@needs_root
def test_a_fork_bomb_stops_where_forks_cannot_be_told_from_threads(open_folder: Path) -> None:
    code = """
confine.limit_tasks()
count = 0
pipe = os.pipe()
try:
    while count < 1000:
        if os.fork() == 0:
            os.close(pipe[1]); os.read(pipe[0], 1); os._exit(0)
        count += 1
except BlockingIOError:
    pass
os.close(pipe[1])
print(0 < count < 100)
"""
    assert outcome(code, open_folder, NOBODY) == "True"


def test_what_is_lacking_is_said_in_words(open_folder: Path) -> None:
    code = """
for module, name in ((confine, "allow_writing_only"), (confine, "deny_processes_and_network")):
    setattr(module, name, lambda *arguments: False)
confine.enter_own_namespaces = lambda: False
print(len(confine.confine(folder, 2**30, "cpu")))
"""
    assert int(outcome(code, open_folder)) >= 3
