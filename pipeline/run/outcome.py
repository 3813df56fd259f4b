"""What became of a topic once its cells ran: its results, or what is wrong, as its pages print it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.errors import Problem
from pipeline.read.article import Article
from pipeline.run.cache import Entry
from pipeline.run.convert import results_of
from pipeline.run.problems import label_problems
from pipeline.run.record import Record
from pipeline.run.reproduce import differences
from pipeline.run.results import Results


@dataclass(frozen=True, slots=True)
class Ran:
    """A topic's first run, as the cache keeps it, and its second one where that was asked for and went well."""

    entry: Entry
    second: Record | None


def problems_of(article: Article, ran: Ran) -> Iterator[Problem]:
    """Yield what is wrong with what the cells gave."""
    yield from label_problems(article, ran.entry.record)
    if ran.second is not None:
        yield from differences(article, ran.entry.record, ran.second)


def results_of_run(article: Article, ran: Ran) -> Results:
    """Return the results of a topic in which `problems_of` finds no error: both runs, if there were two, agree."""
    return results_of(article, ran.entry, reproduced=ran.second is not None, cached=True)
