"""What a process holds and has written, as the kernel counts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

THREADS = 256  # that a topic may have at once: each is a stack in the kernel, which no limit on memory counts
_HELD = ("VmRSS:", "VmSwap:", "VmPTE:")  # pages in memory, pages put aside, and the tables of them


@dataclass(frozen=True, slots=True)
class Usage:
    held: int  # bytes of memory
    threads: int
    written: int  # bytes on their way to a disk


def usage_of(process: int) -> Usage:
    """Return what a process uses; nothing when it has ended."""
    try:
        status = _numbers(process, "status")
    except (FileNotFoundError, ProcessLookupError):
        return Usage(0, 0, 0)
    try:
        written = _numbers(process, "io")
    except (FileNotFoundError, ProcessLookupError, PermissionError):  # the kernel does not count, or it has ended
        written = {}
    return Usage(
        held=1024 * sum(status.get(name, 0) for name in _HELD),
        threads=status.get("Threads:", 0),
        written=written.get("write_bytes:", 0) - written.get("cancelled_write_bytes:", 0),
    )


def _numbers(process: int, file: str) -> dict[str, int]:
    lines = [line.split() for line in Path(f"/proc/{process}/{file}").read_text(errors="replace").splitlines()]
    return {fields[0]: int(fields[1]) for fields in lines if len(fields) > 1 and fields[1].isdigit()}
