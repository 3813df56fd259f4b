"""How much memory and time a plan takes as a wiki grows: 1,000, 3,333 and 10,000 topics in three languages.

.venv/bin/python bench/plan.py                 each page with 4,000 signs of text
.venv/bin/python bench/plan.py --signs 20000

Each size runs in a process of its own. Exits with 1 above 500 MiB, or when a page of the largest plan takes more than
one and a half times what a page of the smallest takes.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.deploy.changes import Plan
from pipeline.deploy.live import Live, LivePage
from pipeline.deploy.plan import plan
from pipeline.deploy.stamp import Stamp
from pipeline.render.page import Page, Rendered

TOPICS = (1_000, 3_333, 10_000)
LANGUAGES = ("en", "es", "zh")
REPEATS = 5
MOST_MEMORY = 500.0  # MiB
STEEPEST = 1.5
BOT = "MaroviBot"


def synthetic(topics: int, signs: int) -> tuple[Rendered, Live]:
    """Sources, and a wiki where most pages are as wanted: of each hundred topics some are new, old, renamed, edited."""
    pages, live, orphans = [], {}, []
    stamp = Stamp("3f2a91c07b5d", "abc1234")
    filler = "The same words, again and again, make a page long. "
    for topic in range(topics):
        for language in LANGUAGES:
            title = f"Topic {topic:05}" + ("" if language == "en" else f"/{language}")
            source = f"articles/topic-{topic:05}/{language}.md"
            start = f"'''{title}''' ({language}). "
            page = Page(
                title, "topic", start + (filler * (signs // len(filler) + 1))[: signs - len(start)], language, source
            )
            pages.append(page)
            number, case = 10 * len(pages), topic % 100
            comment = stamp.summary(source, number - 1)
            there = LivePage(title, number, number - 1, page.sha1, BOT, comment, "2026-11-21T00:00:00Z", language)
            if case < 5:
                there = LivePage(title)
            elif case < 10:
                orphans.append(LivePage(f"Old {title}", number, number - 1, "0" * 40, BOT, comment, language=language))
                there = LivePage(title)
            elif case < 30:
                there = LivePage(title, number, number - 1, "0" * 40, BOT, comment, "2026-11-21T00:00:00Z", language)
            elif case < 33:
                there = LivePage(title, number, number - 1, "1" * 40, "Reader", "", "2026-11-21T00:00:00Z", language)
            live[title] = there
    return Rendered(tuple(pages), ()), Live(live, {}, tuple(orphans))


def measure(topics: int, signs: int) -> dict[str, float]:
    """Seconds of one plan, the most memory that this process ever held, and the plan's own part of it, in MiB."""
    rendered, live = synthetic(topics, signs)
    seconds = []
    made: Plan | None = None
    for _ in range(REPEATS):
        made = None
        started = time.process_time()
        made = plan(rendered, live, BOT)
        seconds.append(time.process_time() - started)
    assert made is not None
    counts = {action: len(made.having(action)) for action in ("create", "move", "update", "conflict", "unchanged")}
    assert counts["move"] and counts["conflict"] and sum(counts.values()) == len(rendered.pages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tracemalloc.start()
    again = plan(rendered, live, BOT)
    part = tracemalloc.get_traced_memory()[1] / 2**20
    assert again == made
    return {"pages": len(rendered.pages), "seconds": statistics.median(seconds), "peak": peak, "plan": part}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--signs", type=int, default=4_000, help="of each page's text")
    options.add_argument("--topics", type=int, help="measure only this many, and print JSON")
    words = options.parse_args()
    if words.topics is not None:
        print(json.dumps(measure(words.topics, words.signs)))
        return 0
    found = []
    for topics in TOPICS:
        command = [sys.executable, __file__, "--topics", str(topics), "--signs", str(words.signs)]
        one = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        found.append(one)
        print(
            f"{one['pages']:6} pages of {words.signs} signs: {one['seconds']:.3f} s "
            f"({1e6 * one['seconds'] / one['pages']:.1f} µs a page), {one['peak']:.0f} MiB at most, "
            f"{one['plan']:.0f} of them for the plan itself"
        )
    steepness = found[-1]["seconds"] / found[-1]["pages"] / (found[0]["seconds"] / found[0]["pages"])
    print(f"a page takes {steepness:.2f} times as long in the largest plan as in the smallest (at most {STEEPEST})")
    return 1 if found[-1]["peak"] > MOST_MEMORY or steepness > STEEPEST else 0


if __name__ == "__main__":
    sys.exit(main())
