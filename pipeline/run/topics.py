"""Topics between the cache and their runs: what is known is taken, what is not is run, and what came of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.errors import Problem, Where
from pipeline.read.article import Article
from pipeline.run import cache, distributed, eviction, schedule
from pipeline.run.cache import Entry
from pipeline.run.convert import results_of
from pipeline.run.needs import Present
from pipeline.run.orders import work_of
from pipeline.run.problems import label_problems, problem_of
from pipeline.run.record import Record
from pipeline.run.reproduce import differences
from pipeline.run.results import Results, RunReport
from pipeline.run.schedule import Finished, Task
from pipeline.run.settings import Progress, RunSettings, silent

if TYPE_CHECKING:
    from pipeline.run.shared_cache import SharedCache


def run_topics(
    articles: Sequence[Article], settings: RunSettings, progress: Callable[[Progress], None] = silent
) -> RunReport:
    """Give the results of each topic, as `pipeline.run.run` says."""
    local = distributed.scheduler_of(settings.executor) is None
    if not articles:
        return RunReport({}, (), (), (), (), {})
    execute = schedule.execute if local else distributed.execute
    foundation = cache.foundation(settings)
    present = cache.present(settings)
    topics = [_Topic(article, settings, foundation, present) for article in articles]
    shared = _shared(settings)
    found: dict[str, Entry] = {}
    if shared is not None:
        missing = [topic for topic in topics if topic.entry is None]
        found = shared.fetch({topic.key for topic in missing}, settings.cache, present)
        for topic in missing:
            if topic.key in found:
                topic.take_over(found[topic.key])
    tasks = [task for topic in topics for task in topic.tasks()]
    by_slug = {topic.article.slug: topic for topic in topics}
    for topic in topics:
        if not topic.tasks():
            progress(Progress(topic.article.slug, "cached", total=len(topic.article.cells)))
    lacking: set[str] = set()
    active: dict[str, None] = {}  # in order
    notes: list[str] = []
    if tasks:
        for finished in execute(tasks, settings, progress):
            lacking.update(finished.lacking)
            active.update(dict.fromkeys(finished.active))
            notes += finished.notes
            by_slug[finished.task.slug].take(finished)
    results = {topic.article.slug: results for topic in topics if (results := topic.results()) is not None}
    problems = [problem for topic in topics for problem in topic.problems()]
    if shared is not None:
        ran = {task.slug for task in tasks} & set(results)
        shared.offer({topic.key: topic.entry for topic in topics if topic.article.slug in ran and topic.entry})
        if shared.warning:
            remedy = "look at shared_cache and its credentials"
            problems.append(Problem(Where("pyproject.toml"), shared.warning, remedy, "shared-cache", "warning"))
    if (tasks or found) and settings.cache_limit is not None:
        used = [topic.entry.folder for topic in topics if topic.entry]
        eviction.evict(settings.cache, settings.cache_limit, used)
    entries = {topic.article.slug: topic.entry for topic in topics if topic.article.slug in results and topic.entry}
    found_wrong = tuple(sorted(set(problems)))
    return RunReport(results, found_wrong, tuple(sorted(lacking)), tuple(active), tuple(notes), entries)


def _shared(settings: RunSettings) -> SharedCache | None:
    if not settings.shared_cache:
        return None
    from pipeline.run.shared_cache import SharedCache

    return SharedCache.of(settings)


class _Topic:
    """One topic between the cache and its runs."""

    def __init__(self, article: Article, settings: RunSettings, foundation: str, present: Present) -> None:
        self.article = article
        self._present = present
        self._settings = settings
        self._languages = tuple(code for code in settings.languages if code in article.versions)
        self.key = cache.key_of(article, self._languages, foundation)
        self.entry: Entry | None = (
            cache.load(settings.cache, self.key, present) if article.cells else cache.empty(settings, self.key, present)
        )
        self._cached = self.entry is not None
        self._second = self.entry.second if self.entry else None
        self._faults: dict[bool, list[Problem]] = {}

    def take_over(self, entry: Entry) -> None:
        """Take what somebody else has computed."""
        self.entry, self._second, self._cached = entry, entry.second, True

    def tasks(self) -> list[Task]:
        """Return the runs that are still to be made."""
        first = self.entry is None
        second = self._settings.reproduce and self._second is None
        return [
            Task(self.article.slug, work_of(self.article, self._settings, draw=not again), again)
            for again, due in ((False, first), (True, second))
            if due
        ]

    def take(self, finished: Finished) -> None:
        """Keep what came of a run, in the cache too, so that an interrupt later on does not lose it."""
        again = finished.task.again
        if isinstance(finished.outcome, list):
            self._faults[again] = [problem_of(fault, self.article, again) for fault in finished.outcome]
        elif again:
            self._second = finished.outcome
            if self.entry is not None:
                self.entry = cache.add_second(self.entry, self.key, self._second, self._present)
        else:
            self._store(finished.outcome, finished.pictures)

    def problems(self) -> list[Problem]:
        """Return what is wrong; what the first run says goes before what only the second one has."""
        if self.entry is None:
            return self._faults.get(False, [])
        found = list(label_problems(self.article, self.entry.record))
        if self._settings.reproduce:
            found += self._faults.get(True, [])
            if self._second is not None:
                found += differences(self.article, self.entry.record, self._second)
        return found

    def results(self) -> Results | None:
        """Return the results, or None when the topic has an error."""
        if self.entry is None or any(problem.severity == "error" for problem in self.problems()):
            return None
        second = self._second
        reproduced = second is not None and not differences(self.article, self.entry.record, second)
        return results_of(self.article, self.entry, reproduced=reproduced, cached=self._cached)

    def _store(self, record: Record, pictures: dict[tuple[str, str], bytes]) -> None:
        self.entry = cache.store(self._settings.cache, self.key, record, self._second, pictures, self._present)
