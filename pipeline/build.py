"""One build: read, run, verify, check and render everything into build/, or leave build/ as it was.

What nothing changed is remembered from the last build (pipeline/memo), so that a build costs what was changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.errors import ConfigurationError, Problem, SourceError, Where
from pipeline.fingerprint import Mark, fingerprint_of_code, fingerprint_of_inputs, fingerprint_of_outputs, outputs

if TYPE_CHECKING:
    from pipeline.memo.building import BuildMemo
    from pipeline.memo.engine import Memo
    from pipeline.read.article import Article
    from pipeline.render.page import Rendered
    from pipeline.run.results import RunReport
    from pipeline.run.settings import Progress, RunSettings

STATE = "build.json"
MEMO = "memo"


@dataclass(frozen=True, slots=True)
class TopicLine:
    """What a build says of one topic."""

    slug: str
    level: str
    values: int
    figures: int
    checks: int
    seconds: float
    peak_bytes: int
    cached: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build gave; `fresh` is False when nothing had changed since the last one."""

    fresh: bool
    pages: int
    files: int
    topics: tuple[TopicLine, ...]
    warnings: tuple[Problem, ...] = field(default=())
    unprotected: tuple[str, ...] = field(default=())  # protections from cells that this machine does not have
    sandbox: tuple[str, ...] = field(default=())  # those that held the cells that ran
    notes: tuple[str, ...] = field(default=())  # which cells did not run again, and why not more


def build(
    config: Config,
    *,
    accept: bool = False,
    reproduce: bool = True,
    device: str = "cpu",
    executor: str = "",
    require_sandbox: bool = False,
    keep: bool = False,
    progress: Callable[[Progress], None] = lambda event: None,
) -> Outcome:
    """Bring build/ up to date with the sources; with `keep` processes that ran cells wait for the next build.

    Raises SourceError with every problem found; build/ and results.json are then as they were before.
    """
    inputs = fingerprint_of_inputs(config, reproduce, device)
    if not accept and (known := _last(config, inputs)) is not None:
        return known
    for name in ("wiki", "page", "site", "messages"):
        if not (config.root / "templates" / name).is_dir():
            raise ConfigurationError(f"the folder templates/{name} is missing", "take it from the project's repository")
    from pipeline.run import RunSettings

    settings = RunSettings.of(
        config, reproduce=reproduce, device=device, executor=executor, require_sandbox=require_sandbox, keep=keep
    )
    with remembering(config) as memo:
        made = _Build(config, memo, settings, accept)
        outcome = made.made(progress)
    _remember(config, inputs, (reproduce, device), outcome, made.written)
    return outcome


def require_current(config: Config) -> None:
    """Raise ConfigurationError when build/ was made here and the sources have moved on since.

    A build that was made elsewhere and brought here, as in CI, has nothing to be held against.
    """
    try:
        state = json.loads((config.state / STATE).read_text())
        settings, inputs = state["settings"], state["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if fingerprint_of_inputs(config, *settings) != inputs:
        raise ConfigurationError("build/ is older than the sources", "run `marovi build`")


@contextmanager
def remembering(config: Config) -> Iterator[BuildMemo]:
    """The memo of this project, kept when the build ends, however it ends: what was found out stays true."""
    from pipeline.memo.given import memo_of
    from pipeline.memo.store import DamagedError, locked

    with locked(config.state / MEMO, fingerprint_of_code(config)) as store:
        memo = memo_of(config, store)
        try:
            yield memo
        except DamagedError as error:
            store.forget()
            raise ConfigurationError("what .marovi kept of the last build is damaged", "run it again") from error
        except BaseException:
            memo.save()
            raise
        memo.save()


class _Build:
    """The stages of one build, each of them asked of the memo."""

    def __init__(self, config: Config, memo: Memo, settings: RunSettings, accept: bool) -> None:
        self.config, self.memo, self.settings, self.accept = config, memo, settings, accept
        self.problems: set[Problem] = set()
        self.written: Mapping[str, Mark] = {}  # the files of build/ as this build left them

    def made(self, progress: Callable[[Progress], None]) -> Outcome:
        from pipeline.memo.judging import problems_of_reading, problems_of_structure
        from pipeline.memo.results import all_summed_up

        self._stop(problems_of_reading(self.memo))
        self._stop(problems_of_structure(self.memo))
        report, cached = self._run(progress)
        self._verify(report)
        rendered = self._render()
        return Outcome(
            True,
            len(rendered.pages),
            len(rendered.files),
            tuple(TopicLine(slug, *line, slug in cached) for slug, line in all_summed_up(self.memo).items()),
            tuple(sorted(self.problems)),
            report.unprotected,
            report.sandbox,
            report.notes,
        )

    @property
    def _folders(self) -> Mapping[str, str]:
        from pipeline.memo import reading, sources

        folders = reading.topics(self.memo)[0]
        return {slug: folders[slug] for slug in sources.written(self.memo)}

    @property
    def _articles(self) -> Mapping[str, Article]:
        return self.memo.given.sources.articles

    def _run(self, progress: Callable[[Progress], None]) -> tuple[RunReport, set[str]]:
        """Run the topics whose results are not known to hold; say also which ones needed no run."""
        from pipeline.memo.runs import Runs
        from pipeline.run import run

        runs = Runs(self.memo, self.settings)
        due = runs.due(progress)
        report = run(due, self.settings, progress)
        runs.take(due, report)
        ran = {one.slug for one in due if one.slug not in report.results or not report.results[one.slug].cached}
        return report, set(self._articles) - ran

    def _verify(self, report: RunReport) -> None:
        from pipeline.memo import results

        found = {*report.problems, *results.all_problems(self.memo)}
        changed: Sequence[tuple[str, ...]] = ()
        if not self.accept:
            digits, changed = results.all_problems_of_digits(self.memo)
            found |= {*digits, *_missing_results(self.config, self._folders.values())}
        self._stop(found, changed)

    def _render(self) -> Rendered:
        from pipeline.memo import git, pages, results, site
        from pipeline.memo.output import bring_up_to_date
        from pipeline.render import ordered
        from pipeline.render.adopted import as_taken_over
        from pipeline.taken_over import read_taken_over
        from pipeline.verify import accept_results

        memo, articles = self.memo, self._articles
        with _template_errors():
            rendered = ordered(pages.pages(memo), tuple(pages.files(memo)), pages.newest(memo))
            taken_over = read_taken_over(self.config.root)
            models = pages.models_called(memo, {title for record in taken_over.values() for title in record})
            rendered = as_taken_over(rendered, models, memo.given.sources, taken_over)
            self._stop(site.formula_problems(memo))
            files = tuple(site.site(memo, rendered.files))
        self.written = bring_up_to_date(memo, replace(rendered, commit=git.clean_head(memo)), files)
        for slug in articles if self.accept else ():
            accept_results(articles[slug], results.shown(memo, slug))
        return rendered

    def _stop(self, problems: Iterable[Problem], changed: Sequence[tuple[str, ...]] = ()) -> None:
        """Add problems to those found, and stop when one of them is an error."""
        self.problems.update(problems)
        if any(problem.severity == "error" for problem in self.problems):
            rows = [("topic", "what", "accepted", "now"), *changed] if changed else ()
            raise SourceError(tuple(sorted(self.problems)), rows)


@contextmanager
def _template_errors() -> Iterator[None]:
    """Say where a template of the site is wrong."""
    from jinja2 import TemplateError

    from pipeline.render.html.site import template_problem

    try:
        yield
    except TemplateError as error:
        raise SourceError([template_problem(error)]) from error


def _missing_results(config: Config, folders: Iterable[str]) -> tuple[Problem, ...]:
    """Without the results.json that git has, changed digits would go unnoticed."""
    from pipeline.commits import tracked

    names = [f"{folder}/results.json" for folder in folders]
    names = [name for name in names if not (config.root / name).exists()]
    return tuple(
        Problem(Where(name), "was deleted, and git has it", "restore it, or run `marovi build --accept`", "digits")
        for name in sorted(tracked(config.root, names))
    )


def _last(config: Config, inputs: str) -> Outcome | None:
    """The last build's outcome when neither its inputs nor what it wrote have changed since."""
    try:
        state = json.loads((config.state / STATE).read_text())
        if state["inputs"] != inputs or state["outputs"] != _outputs(config, dict(outputs(config.build))):
            return None
        known: Mapping[str, int] = state
        topics = tuple(TopicLine(**line) for line in state["topics"])
        warnings = tuple(Problem(**{**item, "where": Where(**item["where"])}) for item in state["warnings"])
        return Outcome(False, known["pages"], known["files"], topics, warnings, tuple(state["unprotected"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(
    config: Config, inputs: str, settings: tuple[object, ...], outcome: Outcome, written: Mapping[str, Mark]
) -> None:
    path, names = config.state / STATE, [one.name for one in fields(TopicLine)]
    state = {
        "inputs": inputs,
        "settings": settings,
        "outputs": _outputs(config, written),
        "pages": outcome.pages,
        "files": outcome.files,
        "topics": [{name: getattr(line, name) for name in names} for line in outcome.topics],
        "unprotected": outcome.unprotected,
        "warnings": [asdict(problem) for problem in outcome.warnings],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(state, indent=1) + "\n")
    temporary.replace(path)


def _outputs(config: Config, files: Mapping[str, Mark]) -> str:
    """What the build wrote, and the results it was held against."""
    accepted = sorted((config.root / "articles").glob("**/results.json"))
    stats = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in accepted]
    return fingerprint_of_outputs(files) + "".join(stats)
