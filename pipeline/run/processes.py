"""What the kernel says of a process, as far as the server of workers needs to know."""

from __future__ import annotations

import re
from pathlib import Path

_SHARED = re.compile(r"^[0-9a-f]+-[0-9a-f]+ [r-](?P<write>[w-])[x-]s \S+ \S+ \S+ *(?P<path>.*)$", re.MULTILINE)


def parent_of(process: int) -> int:
    """Return the parent of a process or of one of its threads, 0 when it is gone."""
    return _number(process, "PPid")


def process_of(thread: int) -> int:
    """Return the process that a thread belongs to, 0 when it is gone."""
    return _number(thread, "Tgid")


def children_of(process: int) -> list[int]:
    """Return the children of a process's first thread."""
    return [int(child) for child in _read(process, f"task/{process}/children").split()]


def threads_of(process: int) -> frozenset[int]:
    try:
        return frozenset(int(path.name) for path in Path(f"/proc/{process}/task").iterdir())
    except OSError:
        return frozenset()


def held_apart(process: int) -> str:
    """Name something that a fork of this process would share with it or would not have, "" when there is none."""
    for shared in _SHARED.finditer(_read(process, "maps")):
        if shared["write"] == "w" or shared["path"].endswith("(deleted)"):
            return "it shares memory with what is forked from it"
    if _read(process, "timers"):
        return "a timer is set"
    if children_of(process):
        return "it has started a process"
    return ""


def own_bytes(process: int) -> int:
    """Return the memory of a process, what several have in common divided among them; 0 when it is gone."""
    found = re.search(r"^Pss_Anon: +(\d+) kB", _read(process, "smaps_rollup"), re.MULTILINE)
    tables = _number(process, "VmPTE")
    return (int(found[1]) if found else 0) * 1024 + tables * 1024


def _number(process: int, name: str) -> int:
    found = re.search(rf"^{name}:\s*(\d+)", _read(process, "status"), re.MULTILINE)
    return int(found[1]) if found else 0


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
