"""What a build shows a person: how the topics are getting on, and at the end what came of them."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from pipeline.build import Outcome
from pipeline.config import Config
from pipeline.run.settings import Progress
from pipeline.terminal import Line, paint, show_problems, table

if TYPE_CHECKING:
    # A build needs none of what speaks to wikis.
    from pipeline.deploy import Done


BAR = 20  # signs


class RunProgress(Line):
    """A callback for `build`: one line on a terminal that says which topics are at which cell."""

    def __init__(self, quiet: bool = False) -> None:
        super().__init__(quiet)
        self.running: dict[tuple[str, bool], Progress] = {}
        self.done = 0

    def __call__(self, event: Progress) -> None:
        key = (event.slug, event.again)
        if event.stage in ("started", "cell"):
            self.running[key] = event
        else:
            self.running.pop(key, None)
            self.done += 1
        now = [
            f"{slug}{' again' if again else ''} {one.cell or 'starts'} {one.number}/{one.total}"
            for (slug, again), one in sorted(self.running.items())
        ]
        self.show(f"{self.done} runs done · " + " · ".join(now))


def show_outcome(outcome: Outcome, config: Config, verbose: bool = False) -> None:
    """Print warnings, a table of the topics and what was written; `verbose` adds what held and what spared cells."""
    show_problems(outcome.warnings, root=config.root)
    for sentence in outcome.unprotected:
        print(f"note: {sentence}", file=sys.stderr)
    if verbose and outcome.fresh:
        print(f"sandbox: {', '.join(outcome.sandbox) or 'no cell had to run'}", file=sys.stderr)
        for sentence in outcome.notes:
            print(f"note: {sentence}", file=sys.stderr)
    rows = [["topic", "level", "values", "figures", "checks", "seconds", "memory"]]
    for topic in outcome.topics:
        seconds = f"{topic.seconds:.1f}" + (" (cached)" if topic.cached else "")
        memory = f"{topic.peak_bytes / 2**20:.0f} MiB"
        counts = [str(topic.values), str(topic.figures), str(topic.checks)]
        rows.append([topic.slug, topic.level, *counts, seconds, memory])
    if outcome.fresh:
        print(table(rows, right=frozenset({2, 3, 4, 6})))
    written = f"{outcome.pages} pages and {outcome.files} files in {config.build.relative_to(config.root)}/"
    if outcome.fresh:
        print(paint(f"Wrote {written}", "green", sys.stdout))
    else:
        print(f"Nothing has changed since the last build: {written}")


class DeployProgress(Line):
    """A callback for `deploy`: a bar, counts and the time left, on one line of a terminal."""

    def __init__(self, quiet: bool = False) -> None:
        super().__init__(quiet)
        self.started = time.monotonic()

    def __call__(self, done: Done, number: int, total: int) -> None:
        left = (time.monotonic() - self.started) / number * (total - number)
        filled = BAR * number // total
        bar = "█" * filled + "░" * (BAR - filled)
        self.show(f"{bar} {number}/{total} · about {left:.0f} s left · {done.outcome} {done.title}")
