"""Compare two runs of a topic by what its pages print: a claim of being reproducible is earned here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from pipeline.errors import Problem, Where
from pipeline.read.article import Article
from pipeline.run.record import FigureRecord, Record, ValueRecord
from pipeline.run.uses import uses

REMEDY = "fix the order of sets, seed what is random, declare a time (differs_by_run), or print fewer digits"
RULE = "reproduce"


def differences(article: Article, first: Record, second: Record) -> tuple[Problem, ...]:
    """Return one problem for each printed value, output and figure that the second run gave otherwise."""
    return (*_values(article, first, second), *_outputs(article, first, second), *_figures(article, first, second))


def _values(article: Article, first: Record, second: Record) -> Iterator[Problem]:
    ones = {name: value["value"] for name, value in first["values"].items()}
    others = {name: value["value"] for name, value in second["values"].items()}
    for use in uses(article):
        if _in_each_run(first["values"].get(use.name)):
            continue
        one, other = use.of(ones), use.of(others)
        if one != other:
            yield _problem(use.where, f"{use.key!r} prints {_shown(one)} in one run and {_shown(other)} in another")


def _outputs(article: Article, first: Record, second: Record) -> Iterator[Problem]:
    for label, output in first["outputs"].items():
        again = second["outputs"].get(label)
        for part, what in (("stdout", "prints"), ("value", "ends with")):
            one, other = output[part], again[part] if again else ""  # type: ignore[literal-required]
            if one != other:
                before, after = first_difference(one, other)
                message = f"cell {label!r} {what} {_shown(before)} in one run and {_shown(after)} in another"
                yield _problem(article.where_of(label), message)


def _figures(article: Article, first: Record, second: Record) -> Iterator[Problem]:
    for name, figure in first["figures"].items():
        if _in_each_run(figure):
            continue
        again = second["figures"].get(name)
        if again is None or again["data_sha256"] != figure["data_sha256"]:
            yield _problem(article.where_of(figure["cell"]), f"the figure {name!r} shows other numbers in another run")


def _in_each_run(published: ValueRecord | FigureRecord | None) -> bool:
    """Say whether the author declared that this comes out otherwise in each run."""
    return published is not None and "differs" in published and published["differs"]["by"] == "run"


def first_difference(one: str, other: str) -> tuple[str, str]:
    """Return the first line in which two texts differ, "" where one of them has ended."""
    pairs = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    return next(((a, b) for a, b in pairs if a != b), (one, other))


def _shown(text: str | None) -> str:
    return "nothing" if text is None else repr(text)


def _problem(where: Where, message: str) -> Problem:
    return Problem(where, f"{message} (other hash seed, other thread count)", REMEDY, RULE)
