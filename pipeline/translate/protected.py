"""What a translation must leave as it is: roles, values, sources, links, formulas, code, and the kind of block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.check.parity import LONE, compared
from pipeline.errors import Problem
from pipeline.read.blocks import parse
from pipeline.read.context import Known, Reading
from pipeline.read.document import (
    Cite,
    Document,
    ExternalLink,
    FootnoteReference,
    Glue,
    InlineCode,
    InlineMath,
    Literal_,
    MathBlock,
    SectionLink,
    Term,
    TopicLink,
    walk,
)

Kept = Counter[str]
FORMULA = re.compile(r"\$[^$]+\$")


def kept(text: str, language: str, known: Known, prose: bool) -> tuple[Kept, tuple[Problem, ...]]:
    """What must stay of a text, as a person would name it, and what is wrong with the text."""
    if not prose:
        return Counter(f"the formula {formula}" for formula in FORMULA.findall(text)), ()
    reading = Reading("", language, known)
    document = parse(text, reading)
    wrong = tuple(one for one in reading.problems if one.severity == "error" and one.rule != "footnote")
    return Counter(_named(document)), wrong


def differences(source: Kept, translation: Kept) -> Iterator[str]:
    """What a translation lacks of its source, and what it has of its own, as sentences."""
    for name in source - translation:
        yield f"lacks {name} of its source"
    for name in translation - source:
        yield f"has {name}, which its source has not"


def _named(document: Document) -> Iterator[str]:
    yield "the blocks " + ", ".join(type(block).__name__ for block in document.blocks)
    for node in walk(document):
        match node:
            case Glue():
                index = "".join(f"[{place}]" for place in node.index)
                yield f"the value {{glue}}`{node.name}{index}{':' if node.format else ''}{node.format}`"
            case Cite():
                yield from (f"the citation {{cite}}`{key}`" for key in node.keys)
            case Term():
                yield f"the term {node.key!r}"
            case Literal_():
                yield f"the number {{lit}}`{'.'.join(re.findall(r'[0-9]+', node.text))}`"
            case TopicLink():
                yield f"the link to ../{node.slug}/{'#…' if node.section else ''}"
            case SectionLink():
                yield "a link to a heading"
            case ExternalLink():
                yield f"the link to {node.url}"
            case FootnoteReference():
                yield f"the footnote [^{node.label}]"
            case InlineCode():
                yield f"the code `{node.text}`"
            case InlineMath():
                formula = compared(node.tex)
                if any(isinstance(part, str) for part in node.tex) and not LONE.fullmatch(formula):
                    yield f"the formula ${formula}$"
            case MathBlock():
                yield f"the formula {compared(node.tex)}"
