"""How long a command takes, what happened to it, and on which machine."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class CommandFailed(Exception):
    """A command of the benchmark ended with an error; the message ends with what it said last."""


def seconds_of(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> float:
    """Seconds from the start of `command` in `folder` to its end. Raises CommandFailed."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        ended = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        seconds = time.perf_counter() - started
        if ended.returncode:
            said.seek(0)
            tail = said.read()[-2000:].decode(errors="replace")
            raise CommandFailed(f"{' '.join(command)} ended with {ended.returncode}:\n{tail}")
    return seconds


def machine() -> str:
    """Processor, cores, system and Python, in a phrase."""
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.machine()
