"""How long a deploy of 150 changed pages takes, against a bare loop of the same saves: medians of alternating runs.

.venv/bin/python bench/deploy.py               150 pages, five times each
.venv/bin/python bench/deploy.py --pages 50 --repeats 3

Both save the same texts on the same real wiki; the loop knows nothing of what stands there. Exits with 1 when the
deploy takes more than 1.3 times as long.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.deploy import deploy
from pipeline.deploy.target import parse
from pipeline.render.page import Page, Rendered
from pipeline.wiki import LocalWiki, down, up
from tests.wiki.people import log_in

MEMORY = Path("/dev/shm")  # a wiki waits for the disk at each save, and hides how long everything else takes
TARGET = 1.3


def pages(name: str, count: int, version: int) -> list[Page]:
    def text(number: int) -> str:
        paragraphs = [f"Paragraph {paragraph} of [[{name} {number}]] says ''something''." for paragraph in range(60)]
        return "\n\n".join([f"'''{name} {number}''', version {version}.", *paragraphs])

    return [
        Page(f"{name} {number:03}", "topic", text(number), "", f"articles/{number}/en.md") for number in range(count)
    ]


def deployed(wiki: LocalWiki, count: int, version: int) -> float:
    """Seconds from nothing to the end of a deployment: login, plan, saves, and the look at what was stored."""
    rendered = Rendered(tuple(pages("Deployed", count, version)), ())
    started = time.perf_counter()
    done = deploy(parse(wiki.url, wiki.bot_user, wiki.bot_password), rendered, commit="abc1234")
    seconds = time.perf_counter() - started
    saved = done.having("updated" if version else "created")
    assert len(saved) == count and not done.stopped, done
    return seconds


def looped(wiki: LocalWiki, count: int, version: int) -> float:
    """Seconds of a login and a loop of saves with nothing around them."""
    wanted = pages("Looped", count, version)
    started = time.perf_counter()
    site = log_in(wiki, wiki.bot_user)
    token = site.get_token("csrf")
    for page in wanted:
        answer = site.api("edit", "POST", title=page.title, text=page.text, summary=page.source, bot=1, token=token)
        assert answer["edit"]["result"] == "Success", answer
    return time.perf_counter() - started


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=150)
    options.add_argument("--repeats", type=int, default=5)
    words = options.parse_args()
    ways = {"a deploy": deployed, "a bare loop": looped}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory(prefix="marovi-bench-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder = Path(name) / "wiki"
        try:
            wiki = up(folder)
            for version in range(words.repeats + 1):
                order = list(ways) if version % 2 else list(reversed(ways))
                for way in order:
                    took = ways[way](wiki, words.pages, version)
                    if version:  # the first time the pages are made
                        seconds[way].append(took)
        finally:
            down(folder)
    for way, values in seconds.items():
        middle = statistics.median(values)
        print(f"{way} of {words.pages} changed pages: {middle:.2f} s ({min(values):.2f} to {max(values):.2f})")
    ratio = statistics.median(seconds["a deploy"]) / statistics.median(seconds["a bare loop"])
    print(f"a deploy takes {ratio:.2f} times as long as a bare loop of the same saves (at most {TARGET})")
    return 1 if ratio > TARGET else 0


if __name__ == "__main__":
    sys.exit(main())
