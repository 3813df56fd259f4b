"""What a worker gives up before the first cell runs: rights, network, other processes, files, memory without end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
from pathlib import Path

from pipeline.run.landlock import allow_writing_only
from pipeline.run.seccomp import deny_processes_and_network

LARGEST_FILE = 256 * 2**20  # bytes
MEMORY_IN_RESERVE = 64 * 2**20  # bytes a worker may take to report that a cell ran out of memory
_TASKS_WITHOUT_FILTER = 64  # processes and threads, where they cannot be told apart

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CAPABILITY_VERSION = 0x20080522


def confine(folder: Path, memory: int, device: str) -> list[str]:
    """Limit this process to `memory` bytes above what it holds, to writing in `folder`, and to itself.

    Returns what could not be had on this machine, one sentence each. The process must have one thread.
    """
    lacking = []
    if device == "cpu":
        limit_memory(memory)  # a GPU's driver maps far more than it uses; there the build watches what is held
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    apart = enter_own_namespaces()
    drop_capabilities()
    die_with_parent()  # after the change of rights, which would undo it
    ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # a GPU is reached by writing to its device files
    landlocked = allow_writing_only([folder] if device == "cpu" else [folder, Path("/dev")])
    filtered = deny_processes_and_network()
    if not filtered:
        limit_tasks()
        lacking.append("cells can start processes (no seccomp), which end with the topic")
        if not apart:
            lacking.append("cells can reach the network (neither seccomp nor namespaces)")
    if not landlocked:
        lacking.append("cells can write wherever this user can (no Landlock)")
        if not apart and os.getuid() != 0:
            lacking.append("cells can read the environment of this user's processes (neither Landlock nor namespaces)")
    return lacking


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however that ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def limit_memory(above: int) -> None:
    """Let allocations fail, which Python says as MemoryError, once the data is larger than now by `above` bytes.

    RLIMIT_DATA counts private writable memory. RLIMIT_AS would count every mapped library and reserved address too,
    of which torch has many gigabytes.
    """
    limit = data_bytes() + above
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit + MEMORY_IN_RESERVE))


def open_memory_reserve() -> None:
    """Make room to report an error of a cell that took all the memory it may have."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def data_bytes() -> int:
    """Return the private writable memory of this process in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/self/status has no VmData")


def enter_own_namespaces() -> bool:
    """Move to a user and a network namespace with nothing in them; False where the system does not allow it."""
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        pass  # without the maps files belong to nobody by name; access to them is the same
    return True


def drop_capabilities() -> None:
    """Give up every capability: the superuser, too, cannot look into processes that still have theirs."""
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, bytes(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset failed")


def limit_tasks() -> None:
    """Stop a fork bomb where single forks cannot be denied; without effect for the superuser."""
    tasks = 0
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it ended in the meantime
            if process.name.isdigit() and process.stat().st_uid == os.getuid():
                tasks += sum(1 for _ in (process / "task").iterdir())
    limit = tasks + _TASKS_WITHOUT_FILTER
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
