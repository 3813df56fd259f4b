"""What a cell may read: Python and its libraries, and what they look up of the system. No sources, no settings."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

_SYSTEM = (
    *("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/share", "/usr/local/lib", "/usr/local/share"),
    *("/lib", "/lib32", "/lib64", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/fonts", "/etc/os-release", "/etc/mime.types"),
    *("/etc/passwd", "/etc/group", "/etc/nsswitch.conf"),  # names of users; no passwords for decades
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version", "/proc/filesystems", "/proc/loadavg"),
    *("/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/osrelease", "/sys/devices/system"),
)
DEVICES = (Path("/dev/null"), Path("/dev/zero"), Path("/dev/full"), Path("/dev/random"), Path("/dev/urandom"))
# A driver reads about its devices, and asks which libraries its process has.
_FOR_A_GPU = ("/proc", "/sys", "/usr/local/cuda", "/etc/nvidia", "/etc/OpenCL", "/run/nvidia-persistenced")
_PACKAGES = ("pipeline", "runtime")
_OF_A_PROJECT = (".git", "pyproject.toml", "articles", ".marovi")


def readable(gpu: bool) -> list[Path]:
    """Return files and folders; some may not exist here."""
    system = [*_SYSTEM, *(_FOR_A_GPU if gpu else ())]
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if gpu else []
    return [*map(Path, system), *map(Path, filter(None, libraries)), *_python(), *_packages()]


def _python() -> Iterator[Path]:
    """Yield where Python is installed and what it imports from, but not a project's own folder."""
    for name in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix} - {"/usr", "/usr/local", "/"}:
        yield Path(name)
    for name in sys.path:
        if name and not _is_private(Path(name)):
            yield Path(name)


def _packages() -> Iterator[Path]:
    """Yield the folders of our packages, which may lie in the middle of a project."""
    for name in _PACKAGES:
        spec = find_spec(name)
        yield from map(Path, (spec.submodule_search_locations or ()) if spec else ())


def _is_private(folder: Path) -> bool:
    """Whether a folder on the path holds more than libraries: a project, somebody's home, what is above that."""
    homes = [Path.cwd()]
    with suppress(KeyError):  # a user without a name
        homes.append(Path(pwd.getpwuid(os.getuid()).pw_dir))
    if any(folder == home or folder in home.parents for home in homes):
        return True
    return any((folder / name).exists() for name in _OF_A_PROJECT)
