"""What an edit in the last cell costs: the whole topic against going on from a copy, side by side in one run.

Of each topic the last cell is given another comment, again and again, and both runs of it are made, by servers that
have loaded everything: once from the first cell on, under settings that no copy fits, and once from the copy before the
last cell. Printed are the medians in seconds of the whole topic, of the edit, of the last cell alone, what the edit
costs above that, and the ratio; then the memory of the servers and of the copies. Only an idle machine gives good
figures: the load is printed as well.

    .venv/bin/python bench/last_cell.py [--runs 5] [TOPIC ...]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.config import load  # noqa: E402
from pipeline.read import read  # noqa: E402
from pipeline.read.article import Article  # noqa: E402
from pipeline.run import RunReport, RunSettings, run  # noqa: E402
from pipeline.run.keeper import stop_kept  # noqa: E402
from pipeline.run.processes import own_bytes  # noqa: E402
from pipeline.run.settings import Keep  # noqa: E402

TOPICS = ("softmax-function", "gradient-descent", "convolutional-neural-networks", "dropout", "transfer-learning")
TARGET = 0.3  # seconds above the cell's own time


def main() -> None:
    """Print a line a topic and what is held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("topic", nargs="*", default=TOPICS)
    options = parser.parse_args()
    articles = read(load(ROOT)).articles
    unknown = [slug for slug in options.topic if slug not in articles]
    if unknown:
        sys.exit(f"there is no topic {unknown[0]!r}")
    folder = Path(tempfile.mkdtemp(prefix="marovi-bench-"))
    try:
        compare([articles[slug] for slug in options.topic], folder, options.runs)
    finally:
        for name in ("keep", "fresh"):
            stop_kept(folder / name)
        while any(list((folder / name).glob("*-*")) for name in ("keep", "fresh")):
            time.sleep(0.1)
        shutil.rmtree(folder)


def compare(articles: Sequence[Article], folder: Path, runs: int) -> None:
    """Alternate between both ways, so that a busy moment of the machine hits both."""
    settings = replace(RunSettings.of(load(ROOT)), cache=folder / "cache", root=None, time_limit=600)
    keeping = replace(settings, keep=Keep(folder / "keep", 600, 2**31))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'topic':32} {'cells':>5} {'whole':>8} {'edit':>8} {'cell':>8} {'above':>8} {'ratio':>6}")
    for article in articles:
        timed(article, keeping, folder)  # the copies are made
        fresh, edits, cells = [], [], []
        for number in range(runs):
            edited = with_comment(article, number)
            seconds, report = timed(edited, keeping, folder)
            edits.append(seconds)
            if not report.notes:
                sys.exit(f"{article.slug} did not go on from a copy")
            cells.append(report.results[article.slug].outputs[article.cells[-1].label].seconds)
            # under another name, for its own copies not to take the place of those that are used
            seconds, _ = timed(replace(edited, slug=f"{article.slug}-{number}"), unseen(keeping, number), folder)
            fresh.append(seconds)
        whole, edit, cell = (statistics.median(values) for values in (fresh, edits, cells))
        above = edit - cell
        mark = "" if above <= TARGET else f" (above {TARGET} s)"
        print(
            f"{article.slug:32} {len(article.cells):5} {whole:8.3f} {edit:8.3f} {cell:8.3f} {above:8.3f} "
            f"{whole / edit:6.1f}{mark}"
        )
    for server in sorted((folder / "keep").glob("*-*")):
        processes = of_server(server)
        sizes = [own_bytes(process) / 2**20 for process in processes]
        name, copies = server.name.partition("-")[0], f"{len(sizes) - 1} copies {sum(sizes[1:]):.0f} MiB"
        print(f"{name} runs: server {sizes[0]:.0f} MiB, {copies}")


def timed(article: Article, settings: RunSettings, folder: Path) -> tuple[float, RunReport]:
    """Run a topic as if its results were not known; return the seconds that took."""
    shutil.rmtree(folder / "cache" / "results", ignore_errors=True)
    started = time.perf_counter()
    report = run([article], settings)
    seconds = time.perf_counter() - started
    errors = [problem for problem in report.problems if problem.severity == "error"]
    if errors:
        sys.exit(str(errors[0]))
    return seconds, report


def with_comment(article: Article, number: int) -> Article:
    """Return the topic with another comment at the end of its last cell."""
    last = article.cells[-1]
    edited = replace(last, source=f"{last.source}\n# edit {number}")
    blocks = tuple(edited if block is last else block for block in article.source.document.blocks)
    source = replace(article.source, document=replace(article.source.document, blocks=blocks))
    return replace(article, source=source, versions={**article.versions, source.language: source})


def unseen(settings: RunSettings, number: int) -> RunSettings:
    """Return settings under which no copy of another run can be gone on from."""
    return replace(settings, output_limit=settings.output_limit + 1 + number)


def of_server(folder: Path) -> list[int]:
    """Return the process of a server and those it has forked, the server first."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return sorted(found)


if __name__ == "__main__":
    main()
