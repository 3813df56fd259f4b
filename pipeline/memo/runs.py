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
from pipeline.memo.sources import written
from pipeline.read.article import Article
from pipeline.run import cache
from pipeline.run.cache import RESULTS
from pipeline.run.outcome import Ran
from pipeline.run.results import RunReport
from pipeline.run.settings import Progress, RunSettings

FOUNDATION: Key = ("foundation",)
HELD: Key = ("held",)  # slug -> what must still be so for its results to hold


@dataclass(frozen=True, slots=True)
class Held:
    """What must still be so for a topic's results to hold."""

    key: str
    folder: Path
    needs: Mapping[str, str]
    second_needs: Mapping[str, str] | None  # None where there was no second run
    cells: int


class Runs:
    """The topics of one build, between the memo and the cache."""

    def __init__(self, memo: Memo, settings: RunSettings) -> None:
        self._memo, self._settings = memo, settings
        self._present = cache.present(settings)
        self._known: dict[tuple[int, int], tuple[Mapping[str, str], Mapping[str, str], bool]] = {}  # by ids of needs
        memo.put(FOUNDATION, cache.foundation(settings))

    def due(self, progress: Callable[[Progress], None]) -> tuple[Article, ...]:
        """Return the topics whose results are not known to hold; of the others, tell that they need no run."""
        found, held = [], self._held()
        for slug, key in run_keys(self._memo).items():
            one = held.get(slug)
            if one is not None and one.key == key and self._holds(one):
                progress(Progress(slug, "cached", total=one.cells))
            else:
                found.append(self._memo.given.sources.articles[slug])
        return tuple(found)

    def take(self, due: Sequence[Article], report: RunReport) -> None:
        """Keep what the runs gave; of a topic that failed nothing is known any more."""
        if not due:
            return
        held = dict(self._held())
        alike = {_content(needs): needs for one in held.values() for needs in (one.needs, one.second_needs) if needs}
        for article in due:
            slug = article.slug
            entry = report.entries.get(slug)
            held.pop(slug, None)
            if entry is not None:
                if not self._settings.reproduce:
                    entry = replace(entry, second=None, second_needs={})
                # most topics need the same: what is the same object is kept once, and looked at once
                needs, second = (
                    alike.setdefault(_content(one), one) for one in (dict(entry.needs), dict(entry.second_needs))
                )
                again = second if entry.second is not None else None
                held[slug] = Held(run_key(self._memo, slug), entry.folder, needs, again, len(article.code))
            self._memo.put(ran(slug), Ran(entry, entry.second) if entry else None)
        self._memo.put(HELD, held)

    def _held(self) -> Mapping[str, Held]:
        held: Mapping[str, Held] = self._memo.held(HELD) or {}
        return held

    def _are(self, first: Mapping[str, str], second: Mapping[str, str]) -> bool:
        """Whether the needs of two runs are as they were; looked at once for all topics with the same ones."""
        ids = id(first), id(second)
        if ids not in self._known:
            self._known[ids] = (first, second, self._present.hold({**first, **second}))
        return self._known[ids][2]

    def _holds(self, held: Held) -> bool:
        if self._settings.reproduce != (held.second_needs is not None):
            return False
        if not self._are(held.needs, held.needs if held.second_needs is None else held.second_needs):
            return False
        if held.cells:
            with suppress(OSError):
                os.utime(held.folder / RESULTS)  # used now: the oldest are the first to go
                return True
            return False
        return True


def _content(needs: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(needs.items())


@query
def run_keys(memo: Memo) -> Mapping[str, str]:
    """Slug -> what the cache knows its results by."""
    return {slug: run_key(memo, slug) for slug in written(memo)}


@query
def run_key(memo: Memo, slug: str) -> str:
    """What the cache knows a topic's results by."""
    article = memo.given.sources.articles[slug]
    return cache.key_of(article, languages(memo, slug, ARTICLE), memo.ask(FOUNDATION))
