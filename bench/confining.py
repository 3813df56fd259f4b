"""What it costs a worker to be confined, in milliseconds: python -m bench.confining

A process like the server's forks workers one after another; each is timed from fork to end, once with confinement and
once without, in turn, so that both see the same machine. The parts are timed inside the worker.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.run import confine

ROUNDS = 100
PARTS = ("limit_memory", "leave_network", "seal_files", "drop_capabilities", "filter_calls", "readable", "restrict")


def main() -> None:
    import torch  # noqa: F401 (what a fork costs grows with the memory of who forks)

    seconds: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for confined in (True, False):
            for name, value in _one(confined).items():
                seconds.setdefault(name, []).append(value)
    for name, values in seconds.items():
        print(f"{name:<20} {1000 * statistics.median(values):7.2f} ms  (fastest {1000 * min(values):.2f})")


def _one(confined: bool) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="marovi-bench-"))
    reader, writer = os.pipe()
    started = time.perf_counter()
    process = os.fork()
    if process == 0:
        os.close(reader)
        parts = dict.fromkeys(PARTS, 0.0) if confined else {}
        with _timed(parts):
            began = time.perf_counter()
            if confined:
                held = confine.confine(folder, 2**30, "cpu")
                parts["confine, in all"] = time.perf_counter() - began
                assert not held.lacking, held.lacking
        os.write(writer, json.dumps(parts).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        parts = json.loads(pipe.read() or b"{}")
    assert os.waitpid(process, 0)[1] == 0
    parts["worker, confined" if confined else "worker, free"] = time.perf_counter() - started
    shutil.rmtree(folder)
    return dict(parts)


@contextlib.contextmanager
def _timed(parts: dict[str, float]) -> Iterator[None]:
    for name in parts:
        setattr(confine, name, _timing(name, getattr(confine, name), parts))
    yield


def _timing(name: str, function: Any, parts: dict[str, float]) -> Any:
    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            parts[name] += time.perf_counter() - began

    return timed


if __name__ == "__main__":
    main()
