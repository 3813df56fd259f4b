"""Where the time of a build goes: cold, after an edit of prose, after an edit in a last cell, with nothing changed.

.venv/bin/python bench/profile_build.py                sixteen small topics
.venv/bin/python bench/profile_build.py --articles     the repository's own articles
.venv/bin/python bench/profile_build.py --once         without the second run of each topic
.venv/bin/python bench/profile_build.py --imported     of the edits, what is left where a process waits (--keep)

Looks a thousand times a second at what the build's own process is doing, and counts by the part of the pipeline that
asked for it. Waiting for the processes that run cells counts as running.
"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

INTERVAL = 0.001  # seconds between two looks
IMPORTED = "--imported"
START, IMPORTS, REST = "interpreter start", "imports", "the rest"
PARTS = {
    "read": "reading",
    "check": "checks of the sources",
    "translate": "checks of the sources",
    "run": "running cells, cache",
    "verify": "verifying results",
    "render": "rendering",
    "fingerprint.py": "what has changed",
    "commits.py": "git",
    "report.py": "progress and report",
    "terminal.py": "progress and report",
}
WRITING = {"manifest.py": "writing", "site.py": "the preview's pages"}


def part_of(files: list[str]) -> str:
    """The part of a build that a stack belongs to; `files` are those of its frames, the outermost first."""
    for name in files:
        if name.startswith("<frozen importlib"):
            return IMPORTS
        parts = Path(name).parts
        if "pipeline" not in parts:
            continue
        inside = parts[len(parts) - parts[::-1].index("pipeline") :]
        if inside[0] == "render" and inside[-1] in WRITING:
            return WRITING[inside[-1]]
        if inside[0] in PARTS:
            return PARTS[inside[0]]
    return REST


class Watch(threading.Thread):
    """Looks at the main thread until it is told to end; `seen` has the seconds of each part."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, float] = collections.defaultdict(float)
        self._main = threading.main_thread().ident
        self._ended = threading.Event()

    def run(self) -> None:
        last = time.perf_counter()
        while not self._ended.wait(INTERVAL):
            frame = sys._current_frames().get(self._main or 0)
            now = time.perf_counter()
            self.seen[part_of(list(_files(frame))[::-1])] += now - last
            last = now

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()


def _files(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def _child(started: float, root: str, *options: str) -> None:
    """One build in this process; prints the seconds of each part as JSON. `started` is when it was asked for."""
    if IMPORTED in options:  # as the process that waits has everything imported
        from pipeline.config import load
        from pipeline.waiting.preload import preload

        preload(load(Path(root)).languages)
        started = time.monotonic()
    watch = Watch()
    watch.seen[START] = time.monotonic() - started
    watch.start()
    from pipeline.cli import main

    code = main(["--root", root, "build", "--json", *(option for option in options if option != IMPORTED)])
    watch.end()
    if code:
        sys.exit(code)
    print("\n" + json.dumps([time.monotonic() - started, watch.seen]))


def profile(root: Path, options: list[str]) -> tuple[float, dict[str, float]]:
    """Seconds of a whole build of the project at `root`, or of what a waiting process does, and of each part of it."""
    started = time.monotonic()
    command = [sys.executable, __file__, "--child", repr(started), str(root), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    seconds = time.monotonic() - started
    if done.returncode:
        sys.exit(f"the build failed:\n{done.stdout}")
    inside, parts = json.loads(done.stdout.splitlines()[-1])
    return (inside if IMPORTED in options else seconds), parts


def main() -> None:
    """Print a table of each kind of build."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--articles", action="store_true", help="the repository's own articles")
    words.add_argument("--once", action="store_true", help="run each topic once")
    words.add_argument(IMPORTED, action="store_true", help="leave out what a waiting process has done before")
    options = words.parse_args()
    from bench.compare.edits import EDITS
    from bench.compare.executing import write_project
    from bench.compare.topics import read_topics

    flags = ["--once"] if options.once else []
    warm = [*flags, IMPORTED] if options.imported else flags
    with tempfile.TemporaryDirectory(prefix="marovi-profile-") as name:
        root = Path(name) / "project"
        write_project(ROOT, root, "articles" if options.articles else "small")
        topics = read_topics(root / "articles")
        one = topics[len(topics) // 2]
        print(f"{len(topics)} topics; the edits are of {one.slug}")
        _show("cold", *profile(root, flags))
        for state in ("prose", "last cell"):
            edited = replace(one, text=EDITS[state](one.text, 0))
            (root / "articles" / one.slug / "en.md").write_text(edited.text, encoding="utf-8")
            _show(f"edit: {state}", *profile(root, warm))
        _show("nothing changed", *profile(root, warm))


def _show(name: str, seconds: float, parts: dict[str, float]) -> None:
    print(f"\n{name}: {seconds:.2f} s")
    for part, took in sorted(parts.items(), key=lambda item: -item[1]):
        print(f"  {took:7.3f} s  {took / seconds:4.0%}  {part}")
    left = seconds - sum(parts.values())
    print(f"  {left:7.3f} s  {left / seconds:4.0%}  the process's end")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(float(sys.argv[2]), *sys.argv[3:])
    else:
        main()
