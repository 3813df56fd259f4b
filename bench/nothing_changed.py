"""How long a build takes when nothing has changed, side by side with Python's own start: medians of alternating runs.

Run after a build: .venv/bin/python bench/nothing_changed.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "python starts": [sys.executable, "-c", "pass"],
    "nothing changed": [sys.executable, "-m", "pipeline.cli", "build", "--json"],
}
RUNS = 15


def main() -> None:
    """Print both medians in seconds, their difference and their ratio."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            started = time.perf_counter()
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            seconds[name].append(time.perf_counter() - started)
            if name == "nothing changed" and '"fresh": false' not in done.stdout:
                sys.exit("something had changed: run `marovi build` first")
    start, build = (statistics.median(seconds[name]) for name in COMMANDS)
    for name, values in seconds.items():
        print(f"{name}: {statistics.median(values):.3f} s (from {min(values):.3f} to {max(values):.3f})")
    print(f"a build with nothing changed adds {build - start:.3f} s: {build / start:.1f} times Python's own start")


if __name__ == "__main__":
    main()
