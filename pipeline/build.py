"""One build: read, run, verify, check and render everything into build/, or leave build/ as it was."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.errors import ConfigurationError, Problem, SourceError, Where
from pipeline.fingerprint import fingerprint_of_inputs, fingerprint_of_outputs

if TYPE_CHECKING:
    from pipeline.read.article import Article
    from pipeline.run.results import Results
    from pipeline.run.settings import Progress

STATE = "build.json"


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


def build(
    config: Config,
    *,
    accept: bool = False,
    reproduce: bool = True,
    device: str = "cpu",
    executor: str = "",
    require_sandbox: bool = False,
    progress: Callable[[Progress], None] = lambda event: None,
) -> Outcome:
    """Bring build/ up to date with the sources.

    Raises SourceError with every problem found; build/ and results.json are then as they were before.
    """
    inputs = fingerprint_of_inputs(config, reproduce, device)
    if not accept and (known := _last(config, inputs)) is not None:
        return known
    for name in ("wiki", "page", "site", "messages"):
        if not (config.root / "templates" / name).is_dir():
            raise ConfigurationError(f"the folder templates/{name} is missing", "take it from the project's repository")
    from pipeline.check import check
    from pipeline.read import read_all

    sources, problems = read_all(config)
    _stop(problems)
    problems = (*problems, *check(sources))
    _stop(problems)

    from pipeline.commits import clean_head, last_changes
    from pipeline.run import RunSettings, run
    from pipeline.verify import accept_results, recorded, verify

    articles = tuple(sources.articles.values())
    settings = RunSettings.of(
        config, reproduce=reproduce, device=device, executor=executor, require_sandbox=require_sandbox
    )
    report = run(articles, settings, progress)
    problems = (*problems, *report.problems)
    results = report.results
    for article in articles:
        if article.slug in results:
            problems = (*problems, *verify(article, results[article.slug], against_accepted=not accept))
    if not accept:
        problems = (*problems, *_missing_results(config, articles))
    changed = [] if accept else [row for article in articles for row in _changed(article, results)]
    _stop(problems, changed)

    from jinja2 import TemplateError

    from pipeline.render import render
    from pipeline.render.adopted import as_taken_over
    from pipeline.render.hubs.drawing import drawn
    from pipeline.render.manifest import write
    from pipeline.render.site import render_site
    from pipeline.taken_over import read_taken_over

    commits = last_changes(config.root, [article.folder for article in articles])
    shown = {article.slug: recorded(article, results[article.slug]) for article in articles}
    pictures = drawn(sources, config.state / "pictures")
    rendered, models = render(sources, shown, commits, pictures)
    rendered = as_taken_over(rendered, models, sources, read_taken_over(config.root))
    with _replacing(config.build, config.state) as folder:
        write(replace(rendered, commit=clean_head(config.root, ("articles", "templates"))), folder)
        try:
            render_site(sources, models, folder / "site", pictures)
        except TemplateError as error:
            where = Where(f"templates/site/{getattr(error, 'name', None) or ''}", getattr(error, "lineno", None) or 1)
            raise SourceError([Problem(where, str(error.message), "mend the template", "template")]) from error
        for article in articles if accept else ():
            accept_results(article, shown[article.slug])
    lines = tuple(
        TopicLine(
            slug,
            one.level,
            len(one.glued),
            len(one.figures),
            len(one.checks),
            one.seconds,
            one.peak_bytes,
            one.cached,
        )
        for slug, one in sorted(results.items())
    )
    outcome = Outcome(
        fresh=True,
        pages=len(rendered.pages),
        files=len(rendered.files),
        topics=lines,
        warnings=tuple(sorted(set(problems))),
        unprotected=report.unprotected,
        sandbox=report.sandbox,
    )
    _remember(config, inputs, (reproduce, device), outcome)
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


def _missing_results(config: Config, articles: Iterable[Article]) -> tuple[Problem, ...]:
    """Without the results.json that git has, changed digits would go unnoticed."""
    from pipeline.commits import tracked

    paths = [article.folder / "results.json" for article in articles]
    names = [path.relative_to(config.root).as_posix() for path in paths if not path.exists()]
    return tuple(
        Problem(Where(name), "was deleted, and git has it", "restore it, or run `marovi build --accept`", "digits")
        for name in sorted(tracked(config.root, names))
    )


def _stop(problems: tuple[Problem, ...], changed: Sequence[tuple[str, ...]] = ()) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise SourceError(problems, [("topic", "what", "accepted", "now"), *changed] if changed else ())


def _changed(article: Article, results: Mapping[str, Results]) -> list[tuple[str, ...]]:
    """What a topic's results.json says otherwise, as rows of a table: topic, what, accepted, now."""
    from pipeline.verify import difference_rows, differences

    if article.slug not in results:
        return []
    try:
        rows = difference_rows(differences(article, results[article.slug]))
    except ValueError:  # a damaged results.json is a problem of its own
        return []
    return [(article.slug, *row) for row in rows[1:]]


class _replacing:
    """A folder to write in that takes the place of `target` when all went well, and leaves no trace otherwise."""

    def __init__(self, target: Path, staging: Path) -> None:
        self.target, self.staging = target, staging

    def __enter__(self) -> Path:
        self.staging.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.target.name}-", dir=self.staging))
        self.folder.chmod(0o755)
        return self.folder

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None and self.target.exists():
            old = self.folder.with_name(self.folder.name + "-old")
            self.target.replace(old)
            self.folder.replace(self.target)
            shutil.rmtree(old)
        elif kind is None:
            self.folder.replace(self.target)
        else:
            shutil.rmtree(self.folder)


def _last(config: Config, inputs: str) -> Outcome | None:
    """The last build's outcome when neither its inputs nor what it wrote have changed since."""
    try:
        state = json.loads((config.state / STATE).read_text())
        if state["inputs"] != inputs or state["outputs"] != _outputs(config):
            return None
        known: Mapping[str, int] = state
        topics = tuple(TopicLine(**line) for line in state["topics"])
        warnings = tuple(Problem(**{**item, "where": Where(**item["where"])}) for item in state["warnings"])
        return Outcome(False, known["pages"], known["files"], topics, warnings, tuple(state["unprotected"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(config: Config, inputs: str, settings: tuple[object, ...], outcome: Outcome) -> None:
    path = config.state / STATE
    state = {
        "inputs": inputs,
        "settings": settings,
        "outputs": _outputs(config),
        "pages": outcome.pages,
        "files": outcome.files,
        "topics": [asdict(line) for line in outcome.topics],
        "unprotected": outcome.unprotected,
        "warnings": [asdict(problem) for problem in outcome.warnings],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(state, indent=1) + "\n")
    temporary.replace(path)


def _outputs(config: Config) -> str:
    """What the build wrote, and the results it was held against."""
    accepted = sorted((config.root / "articles").glob("**/results.json"))
    stats = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in accepted]
    return fingerprint_of_outputs(config.build) + "".join(stats)
