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
from pipeline.run import confine, landlock, namespaces, readable, seccomp
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
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # the change of user has made /proc/self the superuser's
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
    code = "print(namespaces.leave_network(), told(environment), told(connect), os.getuid() == user)"
    assert outcome(code, open_folder, user) == "True PermissionError OSError True"


@users
def test_mounts_make_all_files_read_only_but_a_folder_of_limited_size(open_folder: Path, user: int | None) -> None:
    code = """
outside = folder.parent / f"outside-{user}"
outside.touch()
os.chdir(folder)
print(namespaces.leave_network() and namespaces.seal_files(folder))
print(told(lambda: outside.write_text("x")), told(lambda: outside.chmod(0o777)), told(lambda: os.utime(outside)))
print(told(lambda: Path("here").write_text("x") and None), told(lambda: Path("/dev/null").write_text("") and None))
stats = os.statvfs(".")
print(stats.f_blocks * stats.f_frsize == namespaces.FOLDER_BYTES, stats.f_files < 100_000)
"""
    open_folder.parent.chmod(0o777)
    assert outcome(code, open_folder, user).splitlines() == ["True", "OSError OSError OSError", "yes yes", "True True"]
    assert list(open_folder.iterdir()) == []


@users
def test_landlock_hides_environments_and_all_files_but_those_named(open_folder: Path, user: int | None) -> None:
    # a superuser who still has CAP_PERFMON may read memory in spite of it
    code = """
confine.drop_capabilities()
no_new_privileges()
(folder / "readable").mkdir()
(folder / "readable" / "a").write_text("x")
(folder / "secret").write_text("x")
(folder / "own").mkdir()
own = folder / "own"
version = landlock.restrict(writable=[own], readable=[folder / "readable", Path("/missing")], usable=readable.DEVICES)
print(version > 0, told(environment), told(connect) == ("yes" if version < 4 else "PermissionError"))
print(told(lambda: (own / "a").write_text("x") and None), told(lambda: Path("/var/tmp/marovi-b").write_text("x")))
print(told(lambda: (own / "a").rename("/var/tmp/marovi-c")), told(lambda: Path("/dev/null").write_text("") and None))
print(told(lambda: (folder / "readable" / "a").read_text() and None), told(lambda: (folder / "secret").read_text()))
print(told(lambda: (folder / "readable" / "a").write_text("y")), told(lambda: os.listdir(folder)))
print(told(lambda: os.link(folder / "secret", own / "b")), told(lambda: os.mkfifo(own / "c")))
print(told(lambda: os.execv("/bin/true", ["true"])))
"""
    assert outcome(code, open_folder, user).splitlines() == [
        "True PermissionError True",
        "yes PermissionError",
        "PermissionError yes",
        "yes PermissionError",
        "PermissionError PermissionError",
        "OSError PermissionError",
        "PermissionError",
    ]


@users
def test_the_filter_denies_processes_signals_and_sockets_but_not_threads(open_folder: Path, user: int | None) -> None:
    code = """
no_new_privileges()
print(seccomp.filter_calls(attributes=True), told(connect), told(os.fork), told(lambda: subprocess.run(["true"])))
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


@users
def test_without_read_only_mounts_the_filter_denies_changing_what_files_are(
    open_folder: Path, user: int | None
) -> None:
    code = """
no_new_privileges()
file = folder / "file"
file.touch()
print(told(lambda: file.chmod(0o600)), told(lambda: os.utime(file)), seccomp.filter_calls(attributes=False))
print(told(lambda: file.chmod(0o777)), told(lambda: os.utime(file)), told(lambda: os.truncate(file, 0)))
print(told(lambda: os.setxattr(file, "user.a", b"b")), told(lambda: os.chown(file, user, user)))
"""
    assert outcome(code, open_folder, user).splitlines() == [
        "yes yes True",
        "PermissionError PermissionError PermissionError",
        "PermissionError PermissionError",
    ]


def test_what_is_active_is_said_in_words(open_folder: Path) -> None:
    code = "held = confine.confine(folder, 2**30, 'cpu'); print(*held.active, sep='\\n'); assert held.lacking == ()"
    families = [line.partition(" (")[0] for line in outcome(code, open_folder).splitlines()]
    assert families == ["network", "processes", "files", "memory", "time", "output", "folder"]


@pytest.mark.parametrize(
    ("without", "lacking"),
    [
        ({"filter_calls": False}, ["start processes (no seccomp)", "local services"]),
        ({"filter_calls": False, "leave_network": False}, ["start processes", "reach the network", "change rights"]),
        ({"restrict": 0}, ["cells can read whatever"]),
        ({"restrict": 0, "seal_files": False}, ["cells can read and write whatever"]),
    ],
)
def test_what_is_lacking_is_said_in_words(open_folder: Path, without: dict[str, object], lacking: list[str]) -> None:
    code = f"""
for name, value in {without!r}.items():
    setattr(confine, name, lambda *arguments, value=value, **named: value)
print(*confine.confine(folder, 2**30, "cpu").lacking, sep="\\n")
"""
    said = outcome(code, open_folder).splitlines()
    assert len(said) == len(lacking)
    assert all(part in sentence for part, sentence in zip(lacking, said, strict=True))


def test_a_folder_in_memory_that_is_not_limited_is_said(open_folder: Path) -> None:
    code = """
confine.seal_files = lambda folder: False
where = Path(f"/dev/shm/marovi-test-{os.getpid()}/topic")
where.mkdir(parents=True)
try:
    print(*confine.confine(where, 2**30, "cpu").lacking)
finally:
    os.chdir("/")
    print(where.parent)
"""
    *said, where = outcome(code, open_folder).splitlines()
    (Path(where) / "topic").rmdir()
    Path(where).rmdir()
    assert said == ["cells can fill /dev/shm, which is in memory (no namespaces)"]
