"""How all topics stand in all languages: what is outdated and since when, what waits for a translator or a reviewer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from pipeline.config import Config
from pipeline.pull.names import known
from pipeline.read import read_all
from pipeline.read.article import Article, Sources, Version
from pipeline.read.context import Known
from pipeline.terminal import STYLES, harmless, table, width
from pipeline.translate.history import changed_since, state_of, states
from pipeline.translate.marks import marks
from pipeline.translate.stamping import stamps_of
from pipeline.translate.text import take_apart

DAY = 86_400
LEAD = "the lead"


@dataclass(frozen=True, slots=True)
class Outdated:
    """A section whose source moved on, and the days since; None where git does not tell."""

    section: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One topic or its summary in one language."""

    file: str  # "" where it is missing
    state: str  # source | current | outdated | marked | unstamped | missing
    outdated: tuple[Outdated, ...] = ()
    marks: int = 0
    review: str = ""  # why it needs a review: "draft", "reviewed 400 days ago"; "" when it does not

    @property
    def shown(self) -> str:
        ages = [one.days for one in self.outdated if one.days is not None]
        if self.state == "outdated":
            age = f" {max(ages)} d" if ages else ""
            return f"{len(self.outdated)} outdated{age}" + (f", {self.marks} marks" if self.marks else "")
        if self.state == "marked":
            return f"{self.marks} marks"
        return {"source": "source", "current": "current", "unstamped": "no stamp", "missing": "–"}[self.state]


@dataclass(frozen=True, slots=True)
class Row:
    """One page of a topic in all languages; `level` is how far its numbers are verified, "" without results."""

    slug: str
    level: str
    languages: dict[str, Standing]


@dataclass(frozen=True, slots=True)
class Standings:
    languages: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: int  # errors that keep pages from being read

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def state_of_all(config: Config, review_days: int, now: float) -> Standings:
    """Look at every page; `now` is in seconds since 1970. Nothing is run and nothing is written."""
    sources, problems = read_all(config)
    names = known(sources, config.source_language)
    today = datetime.fromtimestamp(now, UTC).date()
    rows = [
        Row(page.slug, _level(config, page), _languages(config, sources, page, names, review_days, now, today))
        for article in sources.articles.values()
        for page in article.pages
    ]
    return Standings(config.languages, tuple(rows), sum(one.severity == "error" for one in problems))


def _languages(
    config: Config, sources: Sources, page: Article, names: Known, review_days: int, now: float, today: date
) -> dict[str, Standing]:
    found = {}
    for language in sources.languages:
        version = page.versions.get(language)
        if version is None:
            found[language] = Standing("", "missing")
            continue
        review = review_due(version, review_days, today)
        if version is page.source:
            found[language] = Standing(version.file, "source", review=review)
            continue
        text = (config.root / version.file).read_text(encoding="utf-8")
        count = sum(1 for _ in marks(text, version.file))
        stamps = stamps_of(take_apart(text).head)
        outdated = _ages(config, page, version, {name: one.digest for name, one in stamps.items()}, names, now)
        state = "outdated" if outdated else "marked" if count else "current" if stamps else "unstamped"
        found[language] = Standing(version.file, state, outdated, count, review)
    return found


def _ages(
    config: Config, page: Article, version: Version, stamps: dict[str, str], names: Known, now: float
) -> tuple[Outdated, ...]:
    """The outdated sections with the days since their source stopped being what they were made from."""
    if not version.outdated:
        return ()
    summary, file = bool(page.parent), page.source.file
    newest = state_of((config.root / file).read_text(encoding="utf-8"), names, summary)
    history = chain([newest] if newest else [], states(config.root, file, names, summary))
    found = []
    for name, since in changed_since(history, {name: stamps.get(name, "") for name in version.outdated}).items():
        days = None if since is None else 0 if since == 0 else max(0, int((now - since) // DAY))
        found.append(Outdated(name or LEAD, days))
    return tuple(found)


def review_due(version: Version, days: int, today: date) -> str:
    """Why a page needs a review, "" when it does not: one older than `days` is due again."""
    given = version.metadata.provenance
    if given.review_state == "draft":
        return "draft"
    if not given.last_review_date:
        return f"{given.review_state}, no date"
    try:
        age = (today - date.fromisoformat(given.last_review_date)).days
    except ValueError:
        return f"{given.review_state} on {given.last_review_date}, which is no date"
    return f"{given.review_state} {age} days ago" if age > days else ""


def _level(config: Config, page: Article) -> str:
    path = config.root / "articles" / page.folder.relative_to(config.root / "articles") / "results.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8")).get("level", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def show(found: Standings, columns: int, colored: bool) -> str:
    """The table for a person, as wide as the terminal allows, and below it what is to be done, page by page."""
    wide = table(
        [
            ("topic", *found.languages, "verified", "review"),
            *(
                (row.slug, *(row.languages[one].shown for one in found.languages), row.level, _due(row))
                for row in found.rows
            ),
        ]
    )
    parts = [wide if max(map(width, wide.split("\n"))) <= columns else _narrow(found)]
    todo = [
        f"{one.file}: " + ", ".join(f"{old.section}{_days(old.days)}" for old in one.outdated)
        for row in found.rows
        for one in row.languages.values()
        if one.outdated
    ]
    if todo:
        heading = "Outdated sections"
        parts += ["", f"\x1b[{STYLES['bold']}m{heading}\x1b[0m" if colored else heading, *map(harmless, todo)]
        parts.append("`marovi translate SLUG LANGUAGE` shows in each of them what changed.")
    if found.problems:
        parts += ["", f"{found.problems} errors keep pages from being read: see `marovi check`."]
    return "\n".join(parts)


def _narrow(found: Standings) -> str:
    """One line a page and language, for terminals on which the table does not fit."""
    lines = []
    for row in found.rows:
        lines.append(harmless(f"{row.slug}{f' ({row.level})' if row.level else ''}"))
        lines += [
            f"  {language}: {one.shown}"
            for language, one in row.languages.items()
            if one.state not in ("source", "current")
        ]
        lines += [harmless(f"  review: {_due(row)}")] if _due(row) else []
    return "\n".join(lines)


def _due(row: Row) -> str:
    due = [(language, one.review) for language, one in row.languages.items() if one.review]
    if not due:
        return ""
    reasons = {reason for _, reason in due}
    if len(reasons) == 1:
        return f"{due[0][1]}: {' '.join(language for language, _ in due)}"
    return "; ".join(f"{language} {reason}" for language, reason in due)


def _days(days: int | None) -> str:
    return "" if days is None else f" ({days} days)"
