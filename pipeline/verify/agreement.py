"""Two runs of a topic on two devices: does a page show the same, digit by digit and line by line?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import Where
from pipeline.read.article import Article
from pipeline.run.drawn_numbers import unpack
from pipeline.run.record import FigureRecord, Record
from pipeline.run.reproduce import first_difference
from pipeline.run.uses import uses

if TYPE_CHECKING:
    from pipeline.run.drawn_numbers import Numbers

# A figure is 1,120 pixels wide: a line moves by a tenth of a pixel at most.
RTOL = 1e-4  # of each number drawn
ATOL = 1e-6  # of the largest number drawn with it, so that a rounding error may stand where a zero should


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that a page shows, and what two devices make of it."""

    slug: str
    what: str
    where: Where
    one: str
    other: str


def disagreements(article: Article, one: Record, other: Record) -> tuple[Disagreement, ...]:
    """Return what two runs show otherwise, in the order of the sources; what is declared to differ is left out.

    Values are compared as they are printed, output word by word, figures by the numbers that are drawn.
    """
    found = (*_values(article, one, other), *_outputs(article, one, other), *_figures(article, one, other))
    return tuple(sorted(found, key=lambda item: (item.where, item.what)))


def _values(article: Article, one: Record, other: Record) -> Iterator[Disagreement]:
    ones = {name: value["value"] for name, value in one["values"].items()}
    others = {name: value["value"] for name, value in other["values"].items()}
    declared = {name for name, value in one["values"].items() if "differs" in value}
    for use in uses(article):
        left, right = use.of(ones), use.of(others)
        if left != right and use.name not in declared:
            yield Disagreement(article.slug, f"value {use.key}", use.where, _shown(left), _shown(right))


def _outputs(article: Article, one: Record, other: Record) -> Iterator[Disagreement]:
    for label in sorted({*one["outputs"], *other["outputs"]}):
        left: Any = one["outputs"].get(label, {})
        right: Any = other["outputs"].get(label, {})
        for part, what in (("stdout", "output"), ("value", "result")):
            texts = left.get(part, ""), right.get(part, "")
            if texts[0] != texts[1]:
                lines = first_difference(*texts)
                yield Disagreement(
                    article.slug, f"{what} of cell {label}", article.where_of(label), *map(_shown, lines)
                )


def _figures(article: Article, one: Record, other: Record) -> Iterator[Disagreement]:
    for name in sorted({*one["figures"], *other["figures"]}):
        left, right = one["figures"].get(name), other["figures"].get(name)
        drawn = left or right
        assert drawn is not None
        if "differs" in drawn or (left and right and left["data_sha256"] == right["data_sha256"]):
            continue
        shown = ("drawn", "-") if right is None else ("-", "drawn") if left is None else _apart(left, right)
        if shown:
            yield Disagreement(article.slug, f"figure {name}", article.where_of(drawn["cell"]), *shown)


def _apart(one: FigureRecord, other: FigureRecord) -> tuple[str, str] | None:
    """Return the two numbers furthest apart, when they are too far; or how many there are, when that differs."""
    lefts, rights = unpack(one.get("numbers", "")), unpack(other.get("numbers", ""))
    heads = [[(what, numbers.size) for what, numbers in drawn] for drawn in (lefts, rights)]
    if heads[0] != heads[1]:
        sizes = [sum(size for _, size in head) for head in heads]
        return f"{len(heads[0])} things of {sizes[0]} numbers", f"{len(heads[1])} things of {sizes[1]} numbers"
    worst, found = 1.0, None
    for (what, left), (_, right) in zip(lefts, rights, strict=True):
        excess, at = furthest(left, right, one.get("rtol", RTOL))
        if excess > worst:
            worst, found = excess, (f"{what}: {left[at]:.6g}", f"{right[at]:.6g}")
    return found


def furthest(one: Numbers, other: Numbers, rtol: float, atol: float = ATOL) -> tuple[float, int]:
    """Return how many times further apart than allowed the worst pair of numbers is, and its place.

    Allowed is `rtol` of the larger one of the two, and `atol` of the largest finite number of all. What is infinite
    or NaN on one side must be the same on the other.
    """
    import numpy as np

    if one.size == 0:
        return 0.0, 0
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    finite = np.isfinite(one) & np.isfinite(other)
    left, right = np.where(finite, one, 0.0), np.where(finite, other, 0.0)
    sizes = np.maximum(np.abs(left), np.abs(right))
    allowed = rtol * sizes + atol * sizes.max()
    excess = np.divide(np.abs(left - right), allowed, out=np.zeros_like(left), where=allowed > 0)
    excess = np.where(same, 0.0, np.where(finite, excess, np.inf))
    at = int(np.argmax(excess))
    return float(excess[at]), at


def _shown(text: str | None) -> str:
    return text or "-"
