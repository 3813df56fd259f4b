"""Running the cells that changed, beside everything else: what somebody looks at first, the second runs last.

A topic is shown as soon as its first run is through; that its numbers come out the same again is found out afterwards.
Processes that ran cells stay (`marovi stop`), so that a run begins with the first cell that changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from pipeline.config import Config
from pipeline.errors import MaroviError, Problem, Where
from pipeline.memo.engine import Memo
from pipeline.memo.judging import problems_of_reading
from pipeline.memo.results import ran
from pipeline.memo.runs import Runs, run_key, run_keys
from pipeline.memo.sources import whole, written
from pipeline.preview.topic_state import Running, Work
from pipeline.read.article import Article
from pipeline.run import Progress, RunReport, RunSettings, eviction, run
from pipeline.run.schedule import GivenUpError

BETWEEN = 0.03  # seconds between two words on how far runs have come


@dataclass(slots=True)
class _Job:
    """A run that is under way."""

    slug: str
    key: str
    again: bool  # only the second run is missing
    is_given_up: bool = False
    is_under_way: bool = False  # the process that runs it has been told to
    running: Running = field(default_factory=Running)


class Cells:
    """The runs of one project. `lock` guards the memo and all that is in here; `tell` is called without it."""

    def __init__(
        self,
        settings: RunSettings,
        lock: threading.RLock,
        wanted: Callable[[], Collection[str]],
        tell: Callable[[], None],
        say: Callable[[Exception], str],
    ) -> None:
        """`wanted` gives the slugs of the topics that somebody looks at, `say` puts a fault of ours in words."""
        self._settings = settings
        self._lock = lock
        self._wanted = wanted
        self._tell = tell
        self._say = say
        self._something = threading.Condition(lock)
        self._begun = threading.Condition(lock)
        self._keys: Mapping[str, str] = {}  # slug -> the key of its cells when `look` was last there
        self._has_stored = False  # since the cache was last held against its limit
        self._memo: Memo | None = None
        self._due: dict[str, str] = {}  # slug -> the key that its results are to have
        self._shown: dict[str, str] = {}  # slug -> the key of the first run that is shown
        self._failed: dict[str, tuple[str, tuple[Problem, ...]]] = {}
        self._jobs: dict[str, _Job] = {}
        self._is_ending = False
        self._threads = [threading.Thread(target=self._go_on, daemon=True) for _ in range(max(settings.workers, 1))]
        self._news = threading.Event()
        self._teller = threading.Thread(target=self._tell_news, daemon=True)

    def start(self) -> None:
        for thread in (*self._threads, self._teller):
            thread.start()

    def stop(self) -> None:
        """Give up what runs, and wait until it has ended."""
        with self._lock:
            self._is_ending = True
            for job in self._jobs.values():
                job.is_given_up = True
            self._something.notify_all()
        self._news.set()
        for thread in (*self._threads, self._teller):
            thread.join()

    def keep_within(self, config: Config) -> None:
        """Run from now on under the limits of a configuration that was changed. The lock is held."""
        self._settings = self._settings.within(config)

    def look(self, memo: Memo) -> None:
        """Find out which topics must run, after anything has changed; the lock is held."""
        self._memo = memo
        runs = Runs(memo, self._settings)
        articles = memo.given.sources.articles
        self._due = {}
        self._keys = run_keys(memo)
        broken = {problem.where.file for problem in problems_of_reading(memo) if problem.severity == "error"}
        for article in runs.due(lambda event: None):
            key = run_key(memo, article.slug)
            if memo.held(ran(article.slug)) is None:
                memo.put(ran(article.slug), None)  # pages of other topics may look at it
            if article.source.file not in broken and self._failed.get(article.slug, ("",))[0] != key:
                self._due[article.slug] = key
        self._failed = {
            slug: (key, problems)
            for slug, (key, problems) in self._failed.items()
            if slug in articles and run_key(memo, slug) == key
        }
        for job in self._jobs.values():
            if self._due.get(job.slug) != job.key or (job.again and any(map(self._is_first, self._due))):
                job.is_given_up = True
        self.make_room()
        self._something.notify_all()

    def begin_early(self, memo: Memo, seconds: float) -> None:
        """Have cells that somebody waits for begin before anything is said of the change to them. The lock is held,
        and let go of until they run, not longer than for so long."""
        if memo is not self._memo:  # the settings are others, and so may everything be
            return
        open_ones = set(self._wanted()).intersection(written(memo))
        changed = {slug for slug in open_ones if run_key(memo, slug) != self._keys.get(slug)}
        if changed:
            self.look(memo)
            self._begun.wait_for(lambda: all(self._is_under_way(slug) for slug in self._due.keys() & changed), seconds)

    def _is_under_way(self, slug: str) -> bool:
        job = self._jobs.get(slug)
        return job is not None and (job.is_under_way or job.is_given_up)

    def make_room(self) -> None:
        """Where somebody waits for cells and all places are taken, give up a run that nobody waits for: it goes on
        later, from the cell that it had come to. The lock is held."""
        running = [job for job in self._jobs.values() if not job.is_given_up]
        if len(running) < len(self._threads):
            return
        wanted = self._wanted()
        if any(slug in wanted and slug not in self._jobs and self._is_first(slug) for slug in self._due):
            unwanted = [job for job in running if job.slug not in wanted]
            for job in unwanted[-1:]:
                job.is_given_up = True

    @property
    def are_running(self) -> bool:
        """Whether cells run now."""
        return bool(self._jobs)

    def tidy(self) -> None:
        """Keep the cache within its limit: not while somebody waits for what was put there."""
        has_stored, self._has_stored = self._has_stored, False
        if has_stored and self._settings.cache_limit is not None:
            eviction.evict(self._settings.cache, self._settings.cache_limit)

    def run_again(self) -> None:
        """Try those that failed once more: what they stumbled over may be mended. The lock is held."""
        self._failed.clear()

    @property
    def work(self) -> Mapping[str, Work]:
        """How the topics stand that are not done; the lock is held."""
        found = {slug: Work(is_stale=self._is_first(slug)) for slug in self._due}
        found |= {slug: Work(problems=problems) for slug, (_, problems) in self._failed.items()}
        for slug, job in self._jobs.items():
            if not job.is_given_up:
                found[slug] = Work(is_stale=not job.again, running=job.running)
        return found

    def _is_first(self, slug: str) -> bool:
        """Whether what is shown of a topic is older than its sources; otherwise only its second run is missing."""
        return self._shown.get(slug) != self._due[slug]

    def _go_on(self) -> None:
        while True:
            with self._lock:
                while not self._is_ending and (job := self._next()) is None:
                    self._something.wait()
                if self._is_ending:
                    return
                assert self._memo is not None and job is not None
                memo, article = self._memo, whole(self._memo.given.sources.articles[job.slug])
                self._jobs[job.slug] = job
            self._run(memo, article, job)
            self._tell()
            with self._lock:
                self._something.notify_all()  # not before: what runs next would keep what came from being seen

    def _next(self) -> _Job | None:
        free = [slug for slug in self._due if slug not in self._jobs]
        if not free:
            return None
        wanted = self._wanted()
        slug = min(free, key=lambda slug: (not self._is_first(slug), slug not in wanted))
        if not self._is_first(slug) and any(not job.again for job in self._jobs.values()):
            return None  # second runs have time, and two of them at once would be in the way of the next edit
        again = not self._is_first(slug)
        return _Job(slug, self._due[slug], again, running=Running(again=again))

    def _run(self, memo: Memo, article: Article, job: _Job) -> None:
        reproduce = self._settings.reproduce and job.again
        settings = replace(
            self._settings, reproduce=reproduce, workers=1, cache_limit=None, give_up=lambda: job.is_given_up
        )
        report: RunReport | None = None
        problems: tuple[Problem, ...] = ()
        try:
            report = run((article,), settings, lambda event: self._note(job, event))
            if job.slug not in report.results:
                problems = report.problems
        except GivenUpError:
            pass
        except MaroviError as error:
            problems = (Problem(Where(article.source.file), error.message, error.remedy, "run"),)
        except Exception as error:  # a fault of ours: this thread has other topics to run
            said = f"the cells could not be run: {self._say(error)}"
            problems = (Problem(Where(article.source.file), said, "see the terminal", "run"),)
        with self._lock:
            del self._jobs[job.slug]
            self._begun.notify_all()
            if not job.is_given_up and self._memo is memo:
                self._take(memo, article, job, report, problems, settings)

    def _take(
        self,
        memo: Memo,
        article: Article,
        job: _Job,
        report: RunReport | None,
        problems: tuple[Problem, ...],
        settings: RunSettings,
    ) -> None:
        """Keep what a run gave. After one that failed, pages show what they showed, and what is wrong."""
        self._due.pop(job.slug, None)
        if report is None or problems:
            self._failed[job.slug] = (job.key, problems)
            return
        self._has_stored = True
        Runs(memo, settings).take((article,), report)
        self._shown[job.slug] = job.key
        if self._settings.reproduce and not job.again:
            self._due[job.slug] = job.key

    def _note(self, job: _Job, event: Progress) -> None:
        if event.stage == "started":
            with self._lock:
                job.is_under_way = True
                self._begun.notify_all()
        if event.stage in ("started", "cell"):
            job.running = Running(event.cell, event.number, event.total, event.seconds, job.again)
            self._news.set()

    def _tell_news(self) -> None:
        """Say how far runs have come: beside them, because cells can be quicker than what is said of them."""
        while self._news.wait() and not self._is_ending:
            self._news.clear()
            self._tell()
            time.sleep(BETWEEN)
