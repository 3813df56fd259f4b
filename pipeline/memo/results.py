"""Results as queries: what a run gave, held against the pages that print it and against what was accepted.

`("ran", slug)` is put by the build after the cells ran, or after it saw that they need not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.errors import Problem
from pipeline.memo import reading
from pipeline.memo.engine import Key, Memo, fleeting, query
from pipeline.memo.inputs import content
from pipeline.memo.sources import written
from pipeline.run.outcome import Ran, problems_of, results_of_run
from pipeline.run.results import Results
from pipeline.verify import difference_rows, differences, recorded, verify
from pipeline.verify.accepted import compare

Problems = tuple[Problem, ...]


def ran(slug: str) -> Key:
    """Under what name the build puts what a run of a topic gave."""
    return ("ran", slug)


@fleeting
def results(memo: Memo, slug: str) -> Results | None:
    """The results of a topic, None where it has an error."""
    one: Ran | None = memo.ask(ran(slug))
    if one is None or any(problem.severity == "error" for problem in problems_of_run(memo, slug)):
        return None
    return results_of_run(memo.given.sources.articles[slug], one)


@query
def has_results(memo: Memo, slug: str) -> bool:
    """Whether a topic's cells ran clean. A build has stopped before it asks pages of one whose cells did not."""
    return results(memo, slug) is not None


@query
def problems_of_run(memo: Memo, slug: str) -> Problems:
    """What is wrong with what the cells gave."""
    one: Ran | None = memo.ask(ran(slug))
    return tuple(problems_of(memo.given.sources.articles[slug], one)) if one else ()


@query
def problems_of_values(memo: Memo, slug: str) -> Problems:
    """What does not fit between a topic's prose and its results."""
    found = results(memo, slug)
    return verify(memo.given.sources.articles[slug], found, against_accepted=False) if found else ()


@query
def problems_of_digits(memo: Memo, slug: str) -> Problems:
    """What came out otherwise than was accepted."""
    found = results(memo, slug)
    _accepted(memo, slug)
    return compare(memo.given.sources.articles[slug], found) if found else ()


@query
def changed_digits(memo: Memo, slug: str) -> tuple[tuple[str, str, str], ...]:
    """The same as rows of a table: what, accepted, now."""
    if not problems_of_digits(memo, slug):
        return ()
    found = results(memo, slug)
    _accepted(memo, slug)
    try:
        return difference_rows(differences(memo.given.sources.articles[slug], found))[1:] if found else ()
    except ValueError:
        return ()  # a damaged results.json is a problem of its own


@query
def has_run(memo: Memo, slug: str) -> bool:
    """Whether anything is known of what a topic's cells give. Where not, the report of the run says why."""
    try:
        return memo.ask(ran(slug)) is not None
    except KeyError:
        return False


@query
def all_problems(memo: Memo) -> Problems:
    """What is wrong with the results of all topics, but for what was accepted."""
    there = [slug for slug in written(memo) if has_run(memo, slug)]
    return tuple(
        problem for slug in there for problem in (*problems_of_run(memo, slug), *problems_of_values(memo, slug))
    )


@query
def all_problems_of_digits(memo: Memo) -> tuple[Problems, tuple[tuple[str, str, str, str], ...]]:
    """What came out otherwise than was accepted, as problems and as rows of a table: slug, what, accepted, now."""
    there = [slug for slug in written(memo) if has_run(memo, slug)]
    rows = tuple((slug, *row) for slug in there for row in changed_digits(memo, slug))
    return tuple(problem for slug in there for problem in problems_of_digits(memo, slug)), rows


@query
def all_summed_up(memo: Memo) -> Mapping[str, tuple[str, int, int, int, float, int]]:
    """Slug -> what `summed_up` says."""
    return {slug: summed_up(memo, slug) for slug in written(memo)}


@query
def summed_up(memo: Memo, slug: str) -> tuple[str, int, int, int, float, int]:
    """Level, number of values, figures and checks, seconds and peak bytes."""
    found = results(memo, slug)
    assert found is not None, "asked only for topics without an error"
    counts = len(found.glued), len(found.figures), len(found.checks)
    return found.level, *counts, found.seconds, found.peak_bytes


@query
def shown(memo: Memo, slug: str) -> Results:
    """The results as pages show them: with the date and the machine of results.json, and without what they do not show,
    such as the time that cells took and the lines that they stand on."""
    found = results(memo, slug)
    assert found is not None, "asked only for topics without an error"
    _accepted(memo, slug)
    found = recorded(memo.given.sources.articles[slug], found)
    outputs = {label: replace(one, warnings=(), seconds=0.0) for label, one in found.outputs.items()}
    checks = tuple(replace(check, line=0) for check in found.checks)
    return replace(found, outputs=outputs, checks=checks, seconds=0.0, peak_bytes=0, cached=False)


def _accepted(memo: Memo, slug: str) -> None:
    """Depend on results.json."""
    content(memo, f"{reading.folder_of(memo, slug)}/results.json")
