"""Hold prose against results: all that is printed was published, and nothing prints otherwise than was accepted."""

from __future__ import annotations

from pipeline.errors import Problem
from pipeline.read.article import Article
from pipeline.run.results import Results
from pipeline.verify.accepted import Difference, accept_results, compare, difference_rows, differences, recorded
from pipeline.verify.figures import figure_problems
from pipeline.verify.values import value_problems

__all__ = ["Difference", "accept_results", "difference_rows", "differences", "recorded", "verify"]


def verify(article: Article, results: Results, against_accepted: bool = True) -> tuple[Problem, ...]:
    """Return what is wrong between an article, in each of its languages, and its results.

    With `against_accepted`, every printed digit, output and figure that differs from results.json is a problem too.
    Nothing is written: `accept_results` does that, once everything else is known to be right.
    """
    problems: tuple[Problem, ...] = ()
    for page in article.pages:
        problems = (*problems, *value_problems(page, results), *figure_problems(page, results))
    if against_accepted:
        problems = (*problems, *compare(article, results))
    return tuple(sorted(set(problems)))
