"""How much memory and time a plan takes as a wiki grows: a build of 1,000 and of 10,000 topics in three languages.

.venv/bin/python bench/plan.py                 each page with 20,000 signs of text
.venv/bin/python bench/plan.py --signs 4000

Each size is written to disk as a build writes it, then read and planned in a process of its own, against what a wiki
holds of it. Exits with 1 above 500 MiB, or when a page of the largest plan takes more than one and a quarter times
what a page of the smallest takes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.deploy.live import Live, LivePage
from pipeline.deploy.plan import plan
from pipeline.deploy.stamp import Stamp
from pipeline.render import manifest
from pipeline.render.page import Page, Rendered

TOPICS = (1_000, 10_000)
LANGUAGES = ("en", "es", "zh")
REPEATS = 5
MOST_MEMORY = 500.0  # MiB
STEEPEST = 1.25
BOT = "MaroviBot"
FILLER = "The same words, again and again, make a page long. "


def pages(topics: int, signs: int) -> Iterator[Page]:
    """The pages of a build, one at a time."""
    for topic in range(topics):
        for language in LANGUAGES:
            title = f"Topic {topic:05}" + ("" if language == "en" else f"/{language}")
            start = f"'''{title}''' ({language}). "
            text = (start + FILLER * (signs // len(FILLER) + 1))[:signs]
            yield Page(title, "topic", text, language, f"articles/topic-{topic:05}/{language}.md")


def write(topics: int, signs: int, folder: Path) -> None:
    """Write a build without holding it: in parts, whose manifests are put together."""
    entries = []
    for number in range(0, topics, 100):
        part = folder / str(number)
        chosen = [page for page in pages(min(topics, number + 100), signs) if int(page.title[6:11]) >= number]
        manifest.write(Rendered(tuple(chosen), ()), part)
        for entry in json.loads((part / manifest.MANIFEST).read_text())["pages"]:
            entries.append(entry | {"path": f"{number}/{entry['path']}"})
    whole = json.loads((folder / "0" / manifest.MANIFEST).read_text()) | {"pages": entries}
    (folder / manifest.MANIFEST).write_text(json.dumps(whole))


def wiki_of(rendered: Rendered) -> Live:
    """A wiki where most pages are as wanted: of each hundred topics some are new, old, renamed, edited."""
    live, orphans = {}, []
    stamp = Stamp("3f2a91c07b5d", "abc1234")
    for number, page in enumerate(rendered.pages, 1):
        case = int(page.title[6:11]) % 100
        comment = stamp.summary(page.source, 10 * number - 1)
        common = {"timestamp": "2026-11-21T00:00:00Z", "language": page.language, "page_id": number}
        there = LivePage(page.title, 10 * number, 10 * number - 1, page.sha1, BOT, comment, **common)  # type: ignore[arg-type]
        other = hashlib.sha1(page.title.encode()).hexdigest()
        if case < 5:
            there = LivePage(page.title)
        elif case < 10:
            orphans.append(LivePage(f"Old {page.title}", 10 * number, 10 * number - 1, other, BOT, comment))
            there = LivePage(page.title)
        elif case < 30:
            there = LivePage(page.title, 10 * number, 10 * number - 1, other, BOT, comment, **common)  # type: ignore[arg-type]
        elif case < 33:
            there = LivePage(page.title, 10 * number, 10 * number - 1, other, "Reader", "", **common)  # type: ignore[arg-type]
        live[page.title] = there
    return Live(live, {}, tuple(orphans))


def measure(folder: Path) -> dict[str, float]:
    """Seconds of reading a build and of planning it, and the most memory that this process ever held, in MiB."""
    reading, planning = [], []
    for _ in range(REPEATS):
        started = time.process_time()
        rendered = manifest.read(folder)
        read = time.process_time()
        live = wiki_of(rendered)
        answered = time.process_time()
        made = plan(rendered, live, BOT)
        planning.append(time.process_time() - answered)
        reading.append(read - started)
        counts = {action: len(made.having(action)) for action in ("create", "move", "update", "conflict", "unchanged")}
        assert counts["move"] and counts["conflict"] and sum(counts.values()) == len(rendered.pages)
        found = len(rendered.pages)
        del rendered, live, made
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    middle = {"reading": statistics.median(reading), "planning": statistics.median(planning)}
    return {"pages": found, "peak": peak, **middle}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--signs", type=int, default=20_000, help="of each page's text")
    options.add_argument("--measure", type=Path, metavar="FOLDER", help="measure this build, and print JSON")
    words = options.parse_args()
    if words.measure is not None:
        print(json.dumps(measure(words.measure)))
        return 0
    found = []
    for topics in TOPICS:
        with tempfile.TemporaryDirectory(prefix="marovi-plan-") as name:
            write(topics, words.signs, Path(name))
            command = [sys.executable, __file__, "--measure", name]
            one = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        found.append(one)
        each = {part: 1e6 * one[part] / one["pages"] for part in ("reading", "planning")}
        print(
            f"{one['pages']:6} pages of {words.signs} signs: {one['reading'] + one['planning']:.2f} s, "
            f"{each['reading']:.1f} µs a page to read the build and {each['planning']:.1f} µs to plan it; "
            f"{one['peak']:.0f} MiB at most"
        )
    small, large = ((one["reading"] + one["planning"]) / one["pages"] for one in found)
    print(f"a page takes {large / small:.2f} times as long in the largest plan as in the smallest (at most {STEEPEST})")
    return 1 if found[-1]["peak"] > MOST_MEMORY or large / small > STEEPEST else 0


if __name__ == "__main__":
    sys.exit(main())
