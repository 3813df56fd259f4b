"""What a build costs as a project grows: 10, 100, 1,000 and 10,000 topics in three languages, side by side.

.venv/bin/python bench/growth.py                    all sizes: many minutes, some gigabytes in the temporary folder
.venv/bin/python bench/growth.py --sizes 10 100 1000
.venv/bin/python bench/growth.py --cells 1000       also really run so many topics, each with cells of its own

The projects are those of bench/synthetic.py. Each command is a process of its own, as a user would start it. Cells are
costly and the same at every size, so two kinds of projects are measured: one whose topics have cells of their own, for
what cells cost (up to --cells topics), and one whose topics share the cells of a few, whose results lie in the cache
because those few were really run, for all other costs. Exits with 1 when a topic costs more than STEEPEST times as
much in the largest project as in the one before it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from synthetic import KINDS, write  # noqa: E402

SIZES = (10, 100, 1_000, 10_000)
MOST_CELLS = 100
STEEPEST = 1.5
LARGEST_PAGE = 2 * 2**20  # bytes of wikitext a MediaWiki takes as it is installed ($wgMaxArticleSize)
REPEATS = 3
MAROVI = (sys.executable, "-m", "pipeline.cli")
READ = """
import pathlib, sys
from pipeline.collecting import collect_seldom
from pipeline.config import load
from pipeline.read import read
collect_seldom()
read(load(pathlib.Path(sys.argv[1])))
"""
NOTHING, PROSE = "nothing changed", "prose edit"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, seconds of processors, and the most memory in MiB, of a command with what it started.

    The seconds of processors hardly change when others use the machine, so growth is judged by them.
    """

    seconds: float
    processor: float
    peak: float  # of the largest of its processes


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="topics of each project")
    options.add_argument("--cells", type=int, default=MOST_CELLS, help="run cells of up to this many topics")
    options.add_argument("--repeat", type=int, default=REPEATS, help="builds after an edit, and with nothing changed")
    options.add_argument("--json", type=Path, metavar="FILE", help="also write the figures into this file")
    words = options.parse_args()
    sizes = sorted(set(words.sizes))
    costs: dict[str, dict[int, Cost]] = {}
    grown: list[str] = []
    with tempfile.TemporaryDirectory(prefix="marovi-growth-") as folder:
        primed = _primed(Path(folder) / "primed")
        for size in sizes:
            for name, cost in measure(Path(folder), primed, size, grown, cells=words.cells, repeat=words.repeat):
                costs.setdefault(name, {})[size] = cost
                print(
                    f"{size} topics: {name}: {cost.seconds:.2f} s ({cost.processor:.2f} s), {cost.peak:.0f} MiB",
                    file=sys.stderr,
                    flush=True,
                )
    show(costs, sizes)
    print(*grown, sep="\n")
    if words.json:
        figures = {
            name: {size: [cost.seconds, cost.processor, cost.peak] for size, cost in row.items()}
            for name, row in costs.items()
        }
        words.json.write_text(json.dumps(figures, indent=1) + "\n")
    steep = [name for name, row in costs.items() if (found := steepness(row)) is not None and found > STEEPEST]
    for name in steep:
        print(f"{name}: a topic costs {steepness(costs[name]):.1f} times as much in the largest project as before it")
    return 1 if steep else 0


def measure(
    folder: Path, primed: Path, size: int, grown: list[str], *, cells: int, repeat: int
) -> Iterator[tuple[str, Cost]]:
    """Measure each command on a project of this size; add to `grown` what the pages come to that list all topics."""
    root = folder / f"topics-{size}"
    write(root, size)
    shutil.copytree(primed, root / ".marovi" / "cache")
    yield "build, cells cached", timed(*MAROVI, "--root", root, "build", "--accept", "--json")
    grown += overgrown(root / "build" / "pages", size)
    yield NOTHING, median(timed(*MAROVI, "--root", root, "build", "--json") for _ in range(repeat))
    page = root / "articles" / f"topic-{size // 2:05}" / "en.md"
    yield "first edit", _after_edit(root, page, 0)  # the first build that holds the accepted results against others
    yield PROSE, median(_after_edit(root, page, number) for number in range(1, repeat + 1))
    page.write_text(page.read_text().replace("scores = np", "changed = True\nscores = np"))
    yield "code edit", timed(*MAROVI, "--root", root, "build", "--json")
    yield "read", timed(sys.executable, "-c", READ, root)
    yield "check", timed(*MAROVI, "--root", root, "check")
    shutil.rmtree(root)
    if size <= cells:
        root = folder / f"cells-{size}"
        write(root, size, distinct=True)
        yield "build, cells run", timed(*MAROVI, "--root", root, "build", "--accept", "--json")
        shutil.rmtree(root)


def overgrown(pages: Path, size: int) -> list[str]:
    """Say of the two largest pages at how many topics a wiki would refuse them, if they grow on as they have."""
    largest = sorted(pages.iterdir(), key=lambda page: page.stat().st_size)[-2:]
    return [
        f"{size:,} topics: {unquote(page.stem)} has {page.stat().st_size:,} bytes; a wiki takes "
        f"{LARGEST_PAGE:,}, reached at {LARGEST_PAGE * size // page.stat().st_size:,} topics"
        for page in largest
    ]


def timed(*command: object) -> Cost:
    """Run a command. A failure ends the benchmark with what it said."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, command))} failed:\n{said.read().decode()[-2000:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs: Iterable[Cost]) -> Cost:
    """The medians of the seconds, and the largest peak."""
    found = list(costs)
    return Cost(
        statistics.median(cost.seconds for cost in found),
        statistics.median(cost.processor for cost in found),
        max(cost.peak for cost in found),
    )


def steepness(row: dict[int, Cost]) -> float | None:
    """How much more a topic costs in the largest project than in the one before; None below 1,000 topics."""
    *_, before, largest = [0, *sorted(row)]
    if before == 0 or largest < 1_000:
        return None
    return (row[largest].processor / largest) / (row[before].processor / before)


def show(costs: dict[str, dict[int, Cost]], sizes: Sequence[int]) -> None:
    """Print for each command and size what it took, and what of it falls to a topic."""
    print(f"{'':20}{'topics':>8}{'clock':>10}{'processors':>12}{'a topic':>12}{'growth':>8}{'memory':>12}")
    for name, row in costs.items():
        for size in sizes:
            if size not in row:
                continue
            cost, smaller = row[size], [other for other in row if other < size]
            power = ""
            if smaller:
                before = max(smaller)
                power = f"n^{math.log(cost.processor / row[before].processor) / math.log(size / before):.2f}"
            told = f"{cost.seconds:>8.2f} s{cost.processor:>10.2f} s{1000 * cost.processor / size:>9.1f} ms{power:>8}"
            print(f"{name:20}{size:>8,}{told}{cost.peak:>8.0f} MiB")


def _primed(root: Path) -> Path:
    """Run the cells that the projects share, and return the cache with their results."""
    write(root, KINDS)
    timed(*MAROVI, "--root", root, "build", "--accept", "--json")
    return root / ".marovi" / "cache"


def _after_edit(root: Path, page: Path, number: int) -> Cost:
    page.write_text(f"{page.read_text()}\nOne more sentence, the {'next ' * number}last one.\n")
    return timed(*MAROVI, "--root", root, "build", "--json")


if __name__ == "__main__":
    sys.exit(main())
