"""The command `marovi pull`: read the wiki, trace what people changed, print the patch or write it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import pull
from pipeline.config import Config
from pipeline.deploy import CONFLICTS, Drift, Target, find_drift
from pipeline.errors import MaroviError, SourceError, suggest
from pipeline.pull.seen import remember, revision_of, settled
from pipeline.read.article import Sources
from pipeline.run.results import Results
from pipeline.taken_over import FILE, on_wiki, read_taken_over, with_revision, write_taken_over

STATE = "build.json"


def run(config: Config, target: Target, options: Any) -> int:
    """Exit code 0 when everything is in the sources or the patch, 3 when something is left to the author."""
    from pipeline.read import read
    from pipeline.render import manifest

    rendered = manifest.read(config.build)
    drifts = _wanted(find_drift(target, rendered), options.title, [page.title for page in rendered.pages])
    if options.resolved:
        return _resolve(config, target, drifts, options.title)
    sources = read(config)
    found = pull.pull(drifts, sources, _results(config, sources, drifts))
    remember(config.state, target.url, drifts)
    report = pull.show_pulled(found.pulls)
    if options.write:
        _write(config.root, target.name, drifts, found)
    if options.json:
        print(pull.pulled_json(found))
    elif options.write:
        print(report)
    else:
        print(report, file=sys.stderr)
        print(found.patch, end="")
    return 0 if all(page.is_whole for page in found.pulls) else CONFLICTS


def _wanted(drifts: Sequence[Drift], titles: Sequence[str], known: Sequence[str]) -> tuple[Drift, ...]:
    for title in titles:
        if title not in known:
            raise MaroviError(f"the sources make no page {title!r}", suggest(title, known))
    return tuple(drift for drift in drifts if not titles or drift.title in titles)


def _results(config: Config, sources: Sources, drifts: Sequence[Drift]) -> Mapping[str, Results]:
    """What the last build computed, for the topics whose pages were edited."""
    from pipeline.run import RunSettings, run
    from pipeline.titles import topic_page
    from pipeline.verify import recorded

    titles = {drift.title for drift in drifts}
    articles = tuple(
        article
        for article in sources.articles.values()
        if titles & {
            topic_page(page.title, language, sources.languages[0])
            for page in article.pages
            for language in page.versions
        }
    )  # fmt: skip
    report = run(articles, RunSettings.of(config, reproduce=False, device=_device(config)))
    if any(problem.severity == "error" for problem in report.problems):
        raise SourceError(report.problems)
    return {article.slug: recorded(article, report.results[article.slug]) for article in articles}


def _device(config: Config) -> str:
    try:
        return str(json.loads((config.state / STATE).read_text())["settings"][1])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return "cpu"


def _write(root: Path, wiki: str, drifts: Sequence[Drift], found: pull.Pulled) -> None:
    """Change the sources, and note the revisions whose every word is in them now."""
    pull.write(root, found.before, found.after)
    record = read_taken_over(root)
    before = record
    for drift, page in zip(drifts, found.pulls, strict=True):
        revision = revision_of(drift)
        if page.is_whole and revision is not None:
            record = with_revision(record, wiki, drift.title, revision)
    if record != before:
        write_taken_over(root, record)


def _resolve(config: Config, target: Target, drifts: Sequence[Drift], titles: Sequence[str]) -> int:
    """Note that the author settled the edits of these pages by hand."""
    if not titles:
        raise MaroviError("--resolved without a title", "name the pages whose edits you settled")
    record = read_taken_over(config.root)
    found = {drift.title: drift for drift in drifts}
    for title in titles:
        if title not in found:
            raise MaroviError(f"nobody edited {title!r} since the bot wrote it", "there is nothing to settle")
        record = with_revision(record, target.name, title, settled(config.state, target.url, found[title]))
    write_taken_over(config.root, record)
    for title in titles:
        revision = on_wiki(record, target.name)[title].revision
        print(f"{title}: revision {revision} is settled; commit {FILE.as_posix()} with the sources")
    return 0
