"""What a worker gives up before the first cell runs: rights, network, other processes, files, memory without end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.run.landlock import restrict
from pipeline.run.namespaces import leave_network, seal_files
from pipeline.run.readable import DEVICES, readable
from pipeline.run.seccomp import filter_calls

LARGEST_FILE = 256 * 2**20  # bytes
OPEN_FILES = 512
MEMORY_IN_RESERVE = 64 * 2**20  # bytes a worker may take to report that a cell ran out of memory
_TASKS_WITHOUT_FILTER = 64  # processes and threads, where they cannot be told apart

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION = 0x20080522


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds a worker, in a few words each, and what this machine does not have, in a sentence each."""

    active: tuple[str, ...]
    lacking: tuple[str, ...]


def confine(
    folder: Path,
    memory: int,
    device: str,
    reads: Sequence[Path] = (),
    give: Callable[[int], None] | None = None,
) -> Confinement:
    """Limit this process to `memory` bytes above what it holds, to writing in `folder`, and to itself.

    It may read Python, its libraries and `reads`. Moves to `folder`. The process must have one thread; what it starts
    or forks later is held by the same. `give` is for who is to be asked whether it may fork, see filter_calls.
    """
    gpu = device != "cpu"
    if not gpu:
        limit_memory(memory)  # a GPU's driver maps far more than it uses; there the build watches what is held
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    # not 0: only with 1 does the kernel leave a program of the system that collects dumps alone, see core(5)
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    os.chdir(folder)
    apart = leave_network()
    sealed = apart and seal_files(folder)
    drop_capabilities()
    die_with_parent()  # after the change of rights, which would undo it
    ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    filtered = filter_calls(attributes=sealed, gpu=gpu, give=give)
    if not filtered:
        limit_tasks()
    os.open("/proc/self", os.O_PATH | os.O_CLOEXEC)  # stays open: the kernel forgets what is allowed in it otherwise
    landlock = restrict(
        writable=[folder],
        readable=[*readable(gpu), *reads, Path("/proc/self")],
        usable=[Path("/dev")] if gpu else DEVICES,  # a GPU is reached by writing to its device files
        gpu=gpu,
    )
    return Confinement(
        tuple(_active(apart, sealed, landlock, filtered)), tuple(_lacking(folder, apart, sealed, landlock, filtered))
    )


def _active(apart: bool, sealed: bool, landlock: int, filtered: bool) -> list[str]:
    namespace, calls = ["namespace"] * apart, ["seccomp"] * filtered
    files = [f"Landlock {landlock}"] * bool(landlock) + ["read-only mounts"] * sealed
    families = {"network": [*calls, *namespace], "processes": calls, "files": files}
    held = [f"{family} ({', '.join(by)})" for family, by in families.items() if by]
    return [*held, "memory", "time", "output", f"folder ({'tmpfs' if sealed else 'watched'})"]


def _lacking(folder: Path, apart: bool, sealed: bool, landlock: int, filtered: bool) -> list[str]:
    lacking = []
    if not filtered:
        lacking.append("cells can start processes (no seccomp), which end with the topic")
        if apart:
            lacking.append("cells can reach local services through their sockets (no seccomp)")
        else:
            lacking.append("cells can reach the network (neither seccomp nor namespaces)")
        if not sealed:
            lacking.append("cells can change rights and times of this user's files (neither seccomp nor namespaces)")
    if not landlock:
        what = "read" if sealed else "read and write"
        lacking.append(f"cells can {what} whatever this user can (no Landlock)")
        if not apart and os.getuid() != 0:
            lacking.append("cells can read the environment of this user's processes (neither Landlock nor namespaces)")
    if not sealed and _is_in_memory(folder):
        lacking.append(f"cells can fill {folder.parent.parent}, which is in memory (no namespaces)")
    return lacking


def _is_in_memory(folder: Path) -> bool:
    """Whether what is written there goes unnoticed by the count of bytes written that the kernel keeps."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    above = [(len(fields[1]), fields[2]) for fields in mounts if folder.is_relative_to(fields[1])]
    return bool(above) and max(above)[1] in ("tmpfs", "ramfs")


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
