"""Which topics must run: those whose cells, labels, libraries or files are not those of the results that are known."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.memo.engine import Key, Memo, query
from pipeline.memo.reading import ARTICLE, languages
from pipeline.memo.results import ran
from pipeline.read.article import Article
from pipeline.run import cache
from pipeline.run.cache import RESULTS, Entry
from pipeline.run.outcome import Ran
from pipeline.run.results import RunReport
from pipeline.run.settings import Progress, RunSettings

FOUNDATION: Key = ("foundation",)


@dataclass(frozen=True, slots=True)
class Held:
    """What must still be so for a topic's results to hold."""

    key: str
    folder: Path
    needs: Mapping[str, str]
    second_needs: Mapping[str, str] | None  # None where there was no second run


class Runs:
    """The topics of one build, between the memo and the cache."""

    def __init__(self, memo: Memo, settings: RunSettings) -> None:
        self._memo, self._settings = memo, settings
        self._present = cache.present(settings)
        memo.put(FOUNDATION, cache.foundation(settings))

    def due(self, progress: Callable[[Progress], None]) -> tuple[Article, ...]:
        """Return the topics whose results are not known to hold; of the others, tell that they need no run."""
        found = []
        for slug, article in self._memo.given.sources.articles.items():
            if self._holds(slug):
                progress(Progress(slug, "cached", total=len(article.code)))
            else:
                found.append(article)
        return tuple(found)

    def take(self, due: Sequence[Article], report: RunReport) -> None:
        """Keep what the runs gave; of a topic that failed nothing is known any more."""
        for article in due:
            slug = article.slug
            entry = report.entries.get(slug)
            if entry is not None and not self._settings.reproduce:
                entry = replace(entry, second=None, second_needs={})
            held = _held(run_key(self._memo, slug), entry) if entry else None
            self._memo.put(_held_as(slug), held)
            self._memo.put(ran(slug), Ran(entry, entry.second) if entry else None)

    def _holds(self, slug: str) -> bool:
        held: Held | None = self._memo.held(_held_as(slug))
        if held is None or held.key != run_key(self._memo, slug):
            return False
        if self._settings.reproduce != (held.second_needs is not None):
            return False
        if not self._present.hold({**held.needs, **(held.second_needs or {})}):
            return False
        if self._memo.given.sources.articles[slug].code:
            with suppress(OSError):
                os.utime(held.folder / RESULTS)  # used now: the oldest are the first to go
                return True
            return False
        return True


def _held(key: str, entry: Entry) -> Held:
    return Held(key, entry.folder, entry.needs, entry.second_needs if entry.second is not None else None)


def _held_as(slug: str) -> Key:
    return ("held", slug)


@query
def run_key(memo: Memo, slug: str) -> str:
    """What the cache knows a topic's results by."""
    article = memo.given.sources.articles[slug]
    return cache.key_of(article, languages(memo, slug, ARTICLE), memo.ask(FOUNDATION))
