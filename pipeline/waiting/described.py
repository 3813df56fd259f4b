"""What a process is like, for all that a command could notice: two that are alike can run it in each other's place.

Whoever asks imports it before anything else of ours, so it takes only what Python has loaded by then.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Variables that Python, the C library or a module looks at before a command runs: tests/waiting holds this to account.
_NAMES = frozenset((b"HOME", b"LANG", b"LANGUAGE", b"TZ", b"TZDIR", b"GLIBC_TUNABLES"))
_BEGINNINGS = (b"PYTHON", b"_PYTHON", b"LC_", b"LD_", b"MALLOC_")

_STATUS = ("Umask:", "Uid:", "Gid:", "Groups:", "Cap", "NoNewPrivs:", "Seccomp", "Cpus_allowed:", "Mems_allowed:")
_MASKS = ("SigBlk:", "SigIgn:")
_LIBRARY = 0b11 << 31  # signals 32 and 33, which the C library keeps to itself and posix_spawn has ignored
_SPACES = ("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts")


def variables(environment: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Those environment variables that count before a command runs."""
    return {name: value for name, value in environment.items() if name in _NAMES or name.startswith(_BEGINNINGS)}


def interpreter() -> list[object]:
    """Which Python this is, where it looks for modules, and how it was told to run."""
    flags = {name: getattr(sys.flags, name) for name in dir(sys.flags) if not name.startswith(("_", "n_"))}
    kept = sorted((name, value) for name, value in flags.items() if not callable(value) and name != "safe_path")
    options = sorted(map(str, sys._xoptions.items()))
    return [sys.version, sys.executable, sys.prefix, list(sys.path), kept, options, list(sys.warnoptions)]


def surroundings() -> list[object]:
    """Rights, limits, namespaces, processors and what is done to signals. Raises OSError where there is no /proc."""
    lines = _read("status").splitlines()
    status = [line for line in lines if line.startswith(_STATUS)]
    masks = [int(line.split()[1], 16) & ~_LIBRARY for line in lines if line.startswith(_MASKS)]
    spaces = [os.readlink(f"/proc/self/ns/{name}") for name in _SPACES if os.path.lexists(f"/proc/self/ns/{name}")]
    root = os.stat("/")
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    return [status, masks, spaces, _label(), _read("limits"), _read("cgroup"), nice, root.st_dev, root.st_ino]


def _label() -> str:
    """What a security module holds this process to."""
    try:
        return _read("attr/current")
    except OSError:  # there is none
        return ""


def _read(name: str) -> str:
    with open(f"/proc/self/{name}", encoding="utf-8", errors="surrogateescape") as file:
        return file.read()
