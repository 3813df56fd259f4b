"""Numbers that somebody typed where the code, or an author who vouches for them, should have given them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.check.prose import Places, Run, runs
from pipeline.errors import Problem, Where
from pipeline.read.article import Sources
from pipeline.read.document import InlineMath, MathBlock, Tex, walk

LARGEST = 10  # integers up to this one may stand in a formula: indices, exponents, one half
# A digit after a letter belongs to a name (float16, ResNet-50, word2vec), and so does the one of 2D or 3D.
NO_PROSE = {"label", "term", "alias", "message", "name"}  # the text of a figure is the code's
IN_PROSE = re.compile(r"(?<![A-Za-z0-9_À-ɏͰ-Ͽ])(?<![A-Za-z][-–/.])\d(?!D\b)[\d.,]*(?<![.,])\s?%?")
IN_TEX = re.compile(r"(?<![A-Za-z0-9])(?<![A-Za-z][-–])\d+(?:(?:[.,]|\{,\}|\\,)\d+)*")
# Lengths, columns and placement are the typesetter's business; two digits below a sign are two indices.
LAYOUT = re.compile(
    r"\\\\\*?\s*\[[^\]]*\]|\\(?:[hvm]space\*?|[hv]skip|kern|rule|raisebox|phantom)\s*\{[^{}]*\}"
    r"|\\begin\{(?:array|alignedat)\}\s*(?:\[[^\]]*\])?\{[^{}]*\}|_\{?[1-9][1-9]\}?(?!\d)"
)


def typed_numbers(sources: Sources) -> Iterator[Problem]:
    """A digit in prose outside {glue} and {lit}; in a formula a decimal, or an integer above LARGEST."""
    places = Places(sources.root)
    for run in runs(sources):
        yield from _in_prose(run, places)
    for formula in _formulas(sources):
        yield from _in_formula(formula.tex, formula.where, places)


def _in_prose(run: Run, places: Places) -> Iterator[Problem]:
    if run.kind in NO_PROSE:
        return
    for found in IN_PROSE.finditer(run.text):
        number = found[0].strip()
        remedy = f"print what the code computed with {{glue}}, or write {{lit}}`{number}` for what no code can give"
        if run.kind in ("alternative text", "title"):
            remedy = "say it in words: no value can be printed here"
        yield Problem(
            places.of(run, found.start()), f"the number {number} is typed into the {run.kind}", remedy, "number"
        )


def _in_formula(tex: Tex, where: Where, places: Places) -> Iterator[Problem]:
    for part in tex:
        if not isinstance(part, str):
            continue
        bare = LAYOUT.sub(lambda found: " " * len(found[0]), part)
        for found in IN_TEX.finditer(bare):
            number = re.sub(r"[^\d.,]", "", found[0])
            if not number.isdigit() or int(number) > LARGEST:
                remedy = f"write \\glue{{name:format}}, or \\lit{{{found[0]}}} for what no code can give"
                message = f"the number {number} is typed into a formula"
                yield Problem(places.within(where, part, found.start()), message, remedy, "number")


def _formulas(sources: Sources) -> Iterator[InlineMath | MathBlock]:
    for topic in sources.articles.values():
        for page in topic.pages:
            for version in page.versions.values():
                head = version.metadata
                captions = () if page.parent else tuple(figure.caption for figure in head.figures.values())
                for node in walk((head.summary, head.key_points, captions, version.document)):
                    if isinstance(node, (InlineMath, MathBlock)):
                        yield node
    for concept in sources.concepts.values():
        for node in walk(tuple(text.definition for text in concept.texts.values())):
            if isinstance(node, InlineMath):
                yield node
