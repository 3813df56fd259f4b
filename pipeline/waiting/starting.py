"""Begin a process that waits for the next build, and end it.

It gets an environment that is put together for it, without anything that is not read before a command runs: a password
in the environment of one build is not there for the next.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import signal
import sys
import time
from pathlib import Path

from pipeline.config import Config
from pipeline.waiting.asking import would_be_done
from pipeline.waiting.channel import FOLDER, connected, peer
from pipeline.waiting.described import variables

_LOG = "log"
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
_CODE = Path(__file__).parents[2]


def let_wait(config: Config) -> None:
    """Start a process that waits for the next build from here, where none does."""
    folder = config.root / FOLDER
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):  # a build is no worse for it that the next one takes longer
        there = connected(str(folder))
        if there is not None:
            with there:
                if would_be_done(there):
                    return
        if folder.is_symlink():  # not of our making
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _start(config, folder)


def stop_waiting(root: Path) -> int:
    """Have the process that waits end once what it runs has ended, and return how many there were."""
    with contextlib.suppress(OSError):
        there = connected(str(root / FOLDER))
        if there is not None:
            with there:
                os.kill(peer(there)[0], signal.SIGTERM)
                return 1
    return 0


def _start(config: Config, folder: Path) -> None:
    orders = {
        "root": str(config.root),
        "seconds": config.keep,
        "begun": time.time_ns(),
        "path": list(sys.path),
        "variables": variables(os.environb),
    }
    reading, writing = os.pipe()
    try:
        os.write(writing, marshal.dumps(orders))
    finally:
        os.close(writing)
    environment = {
        **variables(os.environb),
        b"PATH": os.environb.get(b"PATH", os.defpath.encode()),
        b"PYTHONPATH": os.pathsep.join([str(_CODE), *filter(None, sys.path)]).encode(),
    }
    try:
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-m", "pipeline.waiting.server"],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, reading, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(folder / _LOG), _WRITING, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
    finally:
        os.close(reading)
