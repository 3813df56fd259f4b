"""Quotes, opening marks and decimal marks as each language has them: "so" in English, «así» and ¿así? in Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.check.prose import Places, Run, runs
from pipeline.errors import Problem
from pipeline.read.article import Sources
from pipeline.read.document import InlineMath, Literal_, MathBlock, walk

QUOTES: dict[str, tuple[re.Pattern[str], str]] = {
    "en": (re.compile("[“”„‘’«»]"), "write \" or '"),
    "es": (re.compile("[\"„]|(?<!\\w)'|'(?!\\w)"), "write « and »; quotes inside these are “ and ”"),
}
INSIDE = re.compile("«[^«»]*»")  # where Spanish takes “ and ”
DECIMAL_COMMA = {"es"}
NUMBER = re.compile(r"(?<![\d.,])\d+(?:\{?([.,])\}?)(\d+)(?![\d.,])")


def typography(sources: Sources) -> Iterator[Problem]:
    places = Places(sources.root)
    for run in runs(sources):
        yield from _quotes(run, places)
        if run.language == "es":
            yield from _opening_marks(run, places)
    yield from _decimal_marks(sources)


def _quotes(run: Run, places: Places) -> Iterator[Problem]:
    if run.language not in QUOTES:
        return
    pattern, remedy = QUOTES[run.language]
    wrong = list(pattern.finditer(run.text))
    if run.language == "es":
        outside = INSIDE.sub(lambda found: " " * len(found[0]), run.text)
        wrong += re.finditer("[“”]", outside)
    for found in wrong:
        message = f"the quote {found[0]} is not this language's"
        yield Problem(places.of(run, found.start()), message, remedy, "quotes")


def _opening_marks(run: Run, places: Places) -> Iterator[Problem]:
    for opening, closing in ("¿?", "¡!"):
        if run.text.count(opening) < run.text.count(closing):
            where = places.of(run, run.text.index(closing))
            yield Problem(
                where, f"{closing!r} without {opening!r} before it", f"open the sentence with {opening}", "quotes"
            )


def _decimal_marks(sources: Sources) -> Iterator[Problem]:
    for topic in sources.articles.values():
        for page in topic.pages:
            for version in page.versions.values():
                head = version.metadata
                captions = tuple(figure.caption for figure in head.figures.values()) if not page.parent else ()
                formulas: set[int] = set()
                mark, other = (",", ".") if version.language in DECIMAL_COMMA else (".", ",")
                for node in walk((head.summary, head.key_points, captions, version.document)):
                    if isinstance(node, (InlineMath, MathBlock)):
                        formulas.update(id(part) for part in node.tex if isinstance(part, Literal_))
                    if isinstance(node, Literal_):
                        for found in NUMBER.finditer(node.text):
                            # three digits after it may be a thousand
                            if found[1] == other and len(found[2]) != 3:
                                right = found[0].replace("{", "").replace("}", "").replace(other, mark)
                                if id(node) in formulas:
                                    right = right.replace(",", "{,}")
                                message = f"the decimal mark of {found[0]} is not this language's"
                                yield Problem(node.where, message, f"write {right}", "decimal")
