"""Run the cells of topics in processes of their own, a second time under other conditions, and keep what they gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.run.results import RunReport
from pipeline.run.settings import Progress, RunSettings, silent

if TYPE_CHECKING:
    from pipeline.read.article import Article

__all__ = ["Progress", "RunReport", "RunSettings", "run", "silent"]


def run(articles: Sequence[Article], settings: RunSettings, progress: Callable[[Progress], None] = silent) -> RunReport:
    """Give the results of each topic, from the cache where nothing they depend on has changed.

    A topic that fails is a problem, and the others go on. Raises RunError when the machinery breaks. An interrupt
    ends every process that was started; topics that had finished stay in the cache.
    """
    # The processes that run cells import parts of this package, and need nothing of what is done around them.
    from pipeline.run.topics import run_topics

    return run_topics(articles, settings, progress)
