"""Say how every topic stands, from what the memo knows and what the live engine is doing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pipeline.errors import Problem
from pipeline.memo import judging, reading, results, standing
from pipeline.memo.engine import Memo
from pipeline.memo.inputs import stamp
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.memo.sources import written
from pipeline.preview.topic_state import DIGITS, OldSection, PageState, Review, Running, States, TopicState, Work
from pipeline.render.plain import plain
from pipeline.translate.state import review_due

__all__ = ["OldSection", "PageState", "Review", "Running", "States", "TopicState", "Work", "states"]

REVIEW_AGE = 365  # days after which a review is due again, as `marovi status` has it
IDLE = Work()
Problems = tuple[Problem, ...]


def states(memo: Memo, work: Mapping[str, Work], today: date, review_age: int = REVIEW_AGE) -> States:
    """Look at every topic; `work` names those whose cells wait, run or failed.

    A topic that cannot be read has its row too. Nothing is run and no page is written.
    """
    folders = reading.topics(memo)[0]
    there = frozenset(written(memo))
    of_reading = judging.problems_of_reading(memo)
    if not _stops(of_reading):  # what cannot be read may cite what nobody else does
        of_reading = (*of_reading, *judging.unused(memo))
    shared, by_slug = _sorted_out((*of_reading, *judging.circles(memo)), folders)
    topics = tuple(
        _topic(memo, slug, work.get(slug, IDLE), by_slug[slug], slug in there, today, review_age) for slug in folders
    )
    return States(topics, shared)


def _sorted_out(problems: Problems, folders: Mapping[str, str]) -> tuple[Problems, dict[str, Problems]]:
    """The problems of what all topics share, and those of each topic."""
    slugs = {folder: slug for slug, folder in folders.items()}
    shared: list[Problem] = []
    found: dict[str, list[Problem]] = {slug: [] for slug in folders}
    for problem in problems:
        parts = problem.where.file.split("/")
        slug = next((slugs[name] for end in (2, 3) if (name := "/".join(parts[:end])) in slugs), None)
        (shared if slug is None else found[slug]).append(problem)
    return tuple(shared), {slug: tuple(of_slug) for slug, of_slug in found.items()}


def _topic(
    memo: Memo, slug: str, work: Work, of_reading: Problems, is_written: bool, today: date, review_age: int
) -> TopicState:
    problems = {*of_reading, *work.problems}
    if is_written and not _stops(of_reading):
        problems.update(_not_told(memo, slug, judging.structure_problems(memo, slug)))
    level = standing.accepted_level(memo, slug)
    changed: tuple[tuple[str, str, str], ...] = ()
    if is_written and not _stops(problems) and not work.is_stale and _has_run(memo, slug):
        problems.update(results.problems_of_run(memo, slug))
        problems.update(results.problems_of_values(memo, slug))
        problems.update(results.problems_of_digits(memo, slug))
        changed = results.changed_digits(memo, slug)
        level = level if _stops(results.problems_of_run(memo, slug)) else results.summed_up(memo, slug)[0]
    source = memo.given.config.source_language
    head = reading.metadata(memo, slug, ARTICLE, source) if is_written else None
    ordered = tuple(sorted(problems))
    return TopicState(
        slug=slug,
        title=head.title if head else slug,
        folder=reading.folder_of(memo, slug),
        languages={one: _page(memo, slug, one, ordered, today, review_age) for one in memo.given.config.languages},
        running=work.running,
        is_stale=work.is_stale,
        level=level,
        problems=ordered,
        changed=changed,
        area=head.topic_area if head else "",
        difficulty=head.difficulty if head else "",
    )


def _not_told(memo: Memo, slug: str, problems: Problems) -> Iterator[Problem]:
    """Those that the states of the pages do not tell: these say what is missing and outdated."""
    source = memo.given.config.source_language
    unstamped = {
        reading.file_of(memo, slug, part, language)
        for part in (ARTICLE, SUMMARY)
        for language in reading.languages(memo, slug, part)
        if language != source and not reading.metadata(memo, slug, part, language).translated_from
    }
    return (one for one in problems if one.rule != "translation" or one.where.file in unstamped)


def _page(memo: Memo, slug: str, language: str, problems: Problems, today: date, review_age: int) -> PageState:
    """A topic in one language, with what waits in its summary."""
    file = reading.file_of(memo, slug, ARTICLE, language)
    is_wrong = any(
        problem.severity == "error" and problem.rule != DIGITS and problem.where.file in (file, _short(file))
        for problem in problems
    )
    if stamp(memo, file) is None:
        return PageState("failing" if is_wrong else "missing")
    is_source = language == memo.given.config.source_language
    if language not in reading.languages(memo, slug, ARTICLE):
        return PageState("failing" if is_wrong or is_source else "unread", file=file)
    version = memo.given.sources.articles[slug].versions[language]
    provenance = version.metadata.provenance
    due = bool(review_due(version, review_age, today))
    review = Review(provenance.review_state, provenance.last_review_date, due)
    parts = [part for part in (ARTICLE, SUMMARY) if language in reading.languages(memo, slug, part)]
    old = () if is_source else tuple(one for part in parts for one in _old(memo, slug, part, language))
    marks = (
        0 if is_source else sum(standing.marks_of(memo, reading.file_of(memo, slug, one, language)) for one in parts)
    )
    if is_wrong:
        state = "failing"
    elif is_source:
        state = "source"
    elif old or marks:
        state = "outdated" if old else "marked"
    elif len(parts) == 1 and reading.languages(memo, slug, SUMMARY):
        state = "partial"
    else:
        state = "current" if version.metadata.translated_from else "unstamped"
    return PageState(state, version.title, file, old, marks, review)


def _old(memo: Memo, slug: str, part: str, language: str) -> tuple[OldSection, ...]:
    """The sections of a page whose source moved on."""
    since = standing.outdated_since(memo, slug, part, language)
    titles = {
        heading.id: plain(heading.children)
        for heading in reading.headings(memo, slug, part, memo.given.config.source_language)
    }
    return tuple(OldSection(titles.get(name, name), name, part, when) for name, when in since.items())


def _short(file: str) -> str:
    """The file of the summary beside an article's."""
    folder, _, name = file.rpartition("/")
    return f"{folder}/{SUMMARY}/{name}"


def _has_run(memo: Memo, slug: str) -> bool:
    return memo.held(results.ran(slug)) is not None


def _stops(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)
