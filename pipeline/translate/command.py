"""`marovi translate` and `marovi stamp`: files are read and written here, and nothing is overwritten in silence."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import MaroviError, Problem, SourceError, suggest
from pipeline.pull.names import known
from pipeline.read import read_all
from pipeline.read.article import Article, Sources
from pipeline.translate.carry import Carry
from pipeline.translate.history import State, state_of, states, traced
from pipeline.translate.marks import marks
from pipeline.translate.refresh import Refreshed, begun, refreshed
from pipeline.translate.stamping import stamp, stamps_of
from pipeline.translate.text import take_apart

LABEL = re.compile(r'as "(.*)": …$', re.DOTALL)  # how a run names a text that lacks a label


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a topic in one translation: its source, the file as it is and as it should be."""

    article: Article
    source: State
    source_text: str
    path: Path
    file: str
    before: str | None  # None for a file that is not there yet
    result: Refreshed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `marovi translate` did with one file."""

    file: str
    done: str  # "begun" | "refreshed" | "unchanged"
    marked: Mapping[str, int]
    untraced: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def translate(config: Config, slug: str, language: str) -> tuple[Outcome, ...]:
    """Begin or refresh a topic's translation and that of its summary. Raises MaroviError before anything is written."""
    pages, note = pages_of(config, slug, language)
    outcomes = []
    for page in pages:
        done = "unchanged" if page.result.text == page.before else "begun" if page.before is None else "refreshed"
        if done != "unchanged":
            keep(config, page)
            save(page.path, page.result.text)
        notes = (note,) if note and not page.article.parent else ()
        outcomes.append(Outcome(page.file, done, dict(page.result.marked), page.result.untraced, notes))
    return tuple(outcomes)


def pages_of(config: Config, slug: str, language: str) -> tuple[list[Page], str]:
    """A topic's article and summary with their translation as it should be; and a note, "" for none.

    Raises MaroviError for an unknown topic or language, SourceError where the source itself cannot be read.
    """
    sources, problems = read_all(config)
    article = topic_of(config, sources, slug, language, problems)
    labels = _Labels(config, article, language)
    return [_page(config, sources, one, language, labels) for one in article.pages], labels.note


def topic_of(config: Config, sources: Sources, slug: str, language: str, problems: Sequence[Problem]) -> Article:
    """The topic to translate, if it and the language can be."""
    if language not in config.languages[1:]:
        raise MaroviError(
            f"{language!r} is no language to translate into",
            suggest(language, config.languages[1:]) or "add it to `languages` in pyproject.toml",
        )
    article = sources.articles.get(slug)
    source = f"/{slug}/{config.source_language}.md"
    own = [one for one in problems if one.severity == "error" and one.where.file.endswith(source)]
    if own:
        raise SourceError(own)
    if article is None:
        raise MaroviError(f"there is no topic {slug!r}", suggest(slug, sources.articles))
    return article


def _page(config: Config, sources: Sources, article: Article, language: str, labels: _Labels) -> Page:
    summary = bool(article.parent)
    file = str(Path(article.source.file).with_name(f"{language}.md"))
    path = config.root / file
    ours, theirs = known(sources, config.source_language), known(sources, language)
    source_text = (config.root / article.source.file).read_text(encoding="utf-8")
    source = state_of(source_text, ours, summary)
    if source is None:
        raise MaroviError(f"{article.source.file}: cannot be read", "run `marovi check`")
    carry = Carry(sources, language, ours, theirs)
    if not path.exists():
        drawn = () if summary else labels() or ()
        return Page(article, source, source_text, path, file, None, begun(source, source_text, carry, drawn, summary))
    text = path.read_text(encoding="utf-8")
    wanted = {name: one.known for name, one in stamps_of(take_apart(text).head).items()}
    history = itertools.chain(
        [source], _kept(config, article, ours), states(config.root, article.source.file, ours, summary)
    )
    traces = traced(history, wanted)
    try:
        result = refreshed(source, source_text, text, traces, carry, labels, summary)
    except MaroviError as error:
        raise MaroviError(f"{file}: {error.message}", error.remedy) from error
    return Page(article, source, source_text, path, file, text, result)


def keep(config: Config, page: Page) -> None:
    """Keep the source's text that the marks lead to, which may never be committed as it stands."""
    folder = _folder(config, page.article)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(page.source_text.encode()).hexdigest()[:16]
    save(folder / f"{digest}.md", page.source_text)


def _kept(config: Config, article: Article, names: object) -> Iterator[State]:
    folder = _folder(config, article)
    paths = sorted(folder.glob("*.md"), key=lambda path: -path.stat().st_mtime) if folder.is_dir() else []
    for path in paths:
        state = state_of(path.read_text(encoding="utf-8"), names, bool(article.parent))  # type: ignore[arg-type]
        if state is not None:
            yield state


def _folder(config: Config, article: Article) -> Path:
    return config.state / "translated" / article.slug.replace("/", "-")


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


class _Labels:
    """The texts that a topic's figures draw in words, known by running it; asked for only where they may be new."""

    def __init__(self, config: Config, article: Article, language: str) -> None:
        self.config, self.article, self.language = config, article, language
        self.note = ""

    def __call__(self) -> list[str] | None:
        """The texts, None where they are not known. A run that is in the cache costs nothing.

        What another translation has labels for is taken where a run fails.
        """
        if not self.article.cells:
            return []
        from pipeline.run import RunSettings, run

        source = self.article.source
        bare = replace(source, language=self.language, metadata=replace(source.metadata, labels={}))
        versions = {source.language: source, self.language: bare}
        asked = replace(self.article, versions=versions, summary=None)
        report = run([asked], RunSettings.of(self.config, reproduce=False))
        wrong = [one for one in report.problems if one.severity == "error"]
        failed = [one for one in wrong if one.rule != "labels"]
        if failed:
            self.note = f"what its figures draw is not known, as its cells fail: {failed[0].message}"
            others = [version.metadata.labels for version in self.article.versions.values() if version is not source]
            return list(dict.fromkeys(text for labels in others for text in labels)) or None
        return [match[1] for one in wrong if (match := LABEL.search(one.remedy))]


def stamp_topic(config: Config, slug: str, language: str) -> Iterator[str]:
    """Record that a translation and its summary match their source; yield a line for each file that is written.

    Raises SourceError while a mark stands in one of them, MaroviError for what is not there.
    """
    from pipeline.read import read

    sources = read(config)
    article = sources.articles.get(slug)
    if article is None:
        raise MaroviError(f"there is no topic {slug!r}", suggest(slug, sources.articles))
    version = article.versions.get(language)
    if version is None or version is article.source:
        translations = [one for one in article.versions if one != config.source_language]
        raise MaroviError(f"{slug} has no translation {language!r}", suggest(language, translations))
    pages = [page for page in article.pages if language in page.versions]
    texts = {
        page.versions[language].file: (config.root / page.versions[language].file).read_text("utf-8") for page in pages
    }
    left = [
        Problem(
            one.where, f"still marked as {one.kind}", "do what the mark asks and delete it, then stamp", "untranslated"
        )
        for file, text in texts.items()
        for one in marks(text, file)
    ]
    if left:
        raise SourceError(left)
    for page in pages:
        file = page.versions[language].file
        try:
            text = stamp(page, language, texts[file])
        except ValueError as error:
            raise MaroviError(f"{file}: {error}", "write each key of the head on a line of its own") from error
        save(config.root / file, text)
        yield f"{file}: matches {page.source.file} as it stands now"


def counted(outcomes: Sequence[Outcome]) -> Counter[str]:
    """How many marks of each kind there are in all."""
    return sum((Counter(one.marked) for one in outcomes), Counter[str]())
