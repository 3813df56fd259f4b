"""Begin a topic: a folder with a source that builds at once and that its author overwrites piece by piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import Config
from pipeline.errors import MaroviError, suggest
from pipeline.read import read_all
from pipeline.read.article import Sources
from pipeline.read.shared import BESIDE, PAPERS, PLANNED, SLUG
from pipeline.read.summary import FOLDER
from pipeline.starting.planned import without_topic
from pipeline.starting.source import written
from pipeline.titles import capitalised, problem_of_title

NOTHING_PLANNED = "# Topics that others refer to and nobody has written yet.\n"
LEVELS = ("Introductory", "Intermediate", "Advanced")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an author asks for; what is empty is chosen."""

    slug: str
    title: str = ""
    kind: str = "article"  # article | paper
    field: str = ""
    topic_area: str = ""
    difficulty: str = ""
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """What was made: the source's file, and the titles that the plan had for it in other languages."""

    file: str
    title: str
    titles: dict[str, str]
    linked: bool  # whether another topic leads to it already


def start(config: Config, wanted: Wanted) -> Started:
    """Make a topic's folder and its source, and take it off the list of planned topics.

    Raises MaroviError, with nothing written, for a slug or title that is taken or cannot be, and for unknown names.
    """
    sources, _ = read_all(config)
    _check_slug(config, sources, wanted.slug)
    plan = sources.planned.get(wanted.slug, {})
    title = wanted.title or plan.get(config.source_language, "")
    _check_title(sources, title, wanted.slug)
    field = _name(sources, wanted.field, "--field") or _usual(sources, "field")
    area = _name(sources, wanted.topic_area, "--topic-area") or wanted.field or _usual(sources, "topic_area")
    level = _choice(wanted.difficulty or LEVELS[0])
    if level not in sources.vocabulary:
        raise MaroviError(
            f"articles/categories.yaml has no {level!r}", f"add its names in {', '.join(sources.languages)}"
        )
    for slug in wanted.prerequisites:
        if slug not in sources.articles and slug not in sources.planned:
            known = {*sources.articles, *sources.planned}
            raise MaroviError(
                f"there is no topic {slug!r} to read first", suggest(slug, known) or f"add it to {PLANNED}"
            )
    text = written(wanted.slug, title, wanted.kind, field, area, level, wanted.prerequisites)
    folder = config.root / (PAPERS if wanted.kind == "paper" else "articles") / wanted.slug
    path = folder / f"{config.source_language}.md"
    try:
        folder.mkdir(parents=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise MaroviError(f"{folder.relative_to(config.root)} is there already", "choose another slug") from None
    if plan:
        listing = config.root / PLANNED
        left = without_topic(listing.read_text(encoding="utf-8"), wanted.slug)
        listing.write_text(left if left.strip() else NOTHING_PLANNED, encoding="utf-8")
    titles = {language: words for language, words in plan.items() if language != config.source_language}
    return Started(path.relative_to(config.root).as_posix(), title, titles, _linked(sources, wanted.slug))


def _check_slug(config: Config, sources: Sources, slug: str) -> None:
    if not SLUG.fullmatch(slug) or slug in BESIDE or slug == FOLDER:
        proposed = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
        remedy = f"how about {proposed!r}?" if SLUG.fullmatch(proposed) and proposed not in BESIDE else ""
        raise MaroviError(f"{slug!r} cannot be a slug", remedy or "use lower-case letters, digits and hyphens")
    for folder in (config.root / "articles" / slug, config.root / PAPERS / slug):
        if folder.exists():
            raise MaroviError(f"the slug {slug!r} is taken by {folder.relative_to(config.root)}", "choose another slug")


def _check_title(sources: Sources, title: str, slug: str) -> None:
    if not title:
        raise MaroviError("the topic has no title", '--title "Its Name" gives it one')
    wrong = problem_of_title(title)
    if wrong:
        raise MaroviError(f"the title {title!r} {wrong}", "choose another title")
    for article in sources.articles.values():
        if capitalised(article.title) == capitalised(title):
            raise MaroviError(f"the title {title!r} is taken by {article.source.file}", "choose another title")
    for other, titles in sources.planned.items():
        if other != slug and title in titles.values():
            raise MaroviError(
                f"the title {title!r} is planned for {other!r}",
                f"begin that one: `marovi new {other}`, or choose another",
            )


def _name(sources: Sources, name: str, option: str) -> str:
    if name and name not in sources.vocabulary:
        remedy = suggest(name, sources.vocabulary) or "add it to articles/categories.yaml"
        raise MaroviError(f"{option}: unknown category {name!r}", remedy)
    return name


def _choice(level: str) -> str:
    if level not in LEVELS:
        raise MaroviError(f"--difficulty: {level!r} is not one of the known ones", suggest(level, LEVELS))
    return level


def _usual(sources: Sources, key: str) -> str:
    """What most topics have: the best guess for one of which nothing is known."""
    names: Sequence[str] = [str(getattr(article.source.metadata, key)) for article in sources.articles.values()]
    if names:
        return max(sorted(set(names)), key=names.count)
    free = [name for name in sources.vocabulary if name not in (*LEVELS, "Articles", "Glossary")]
    if not free:
        raise MaroviError("articles/categories.yaml names no field", "add one, with its name in each language")
    return free[0]


def _linked(sources: Sources, slug: str) -> bool:
    """Whether a page speaks of the topic already; a link to a planned topic is one from now on."""
    from pipeline.read.document import TopicLink, walk

    return any(
        isinstance(node, TopicLink) and node.slug == slug
        for article in sources.articles.values()
        for node in walk((article.source.document, article.source.metadata.summary))
    )
