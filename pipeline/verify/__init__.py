"""Hold prose against results: all that is printed was published, and nothing prints otherwise than was accepted."""

from __future__ import annotations

from pipeline.errors import Problem
from pipeline.read.article import Article
from pipeline.run.results import Results
from pipeline.verify.accepted import Difference, accept_results, compare, difference_rows, differences
from pipeline.verify.figures import figure_problems
from pipeline.verify.values import value_problems

__all__ = ["Difference", "difference_rows", "differences", "verify"]


def verify(article: Article, results: Results, accept: bool = False) -> tuple[Problem, ...]:
    """Return what is wrong between an article, in each of its languages, and its results.

    Without `accept`, every printed digit, output and figure that differs from results.json is a problem. With it,
    results.json is written, if anything but the date and the machine changed and nothing else is wrong.
    """
    problems = (*value_problems(article, results), *figure_problems(article, results))
    if not accept:
        problems = (*problems, *compare(article, results))
    elif not any(problem.severity == "error" for problem in problems):
        accept_results(article, results)
    return tuple(sorted(set(problems)))
