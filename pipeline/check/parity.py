"""A translation says what its source says: the same formulas, values, tables, figures, sources, by section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from pipeline.errors import Problem, Where
from pipeline.read.article import Article, Sources, Version
from pipeline.read.document import (
    Block,
    Cite,
    CodeCell,
    Embed,
    FigurePlace,
    Glue,
    GluedTable,
    Heading,
    ImageFigure,
    Inline,
    InlineMath,
    Literal_,
    MathBlock,
    Table,
    Tex,
    walk,
)

WORDS = re.compile(
    r"\\(?:text|textrm|textbf|textit|textnormal|mbox)\s*\{(?:[^{}]|\{[^{}]*\})*\}"
    r"|(?<=\\operatorname)\*?\{[^{}]*\}|(?<=\\mathrm)\{[^\W\d]{2,}\}"
)
LONE = re.compile(r"\\?[A-Za-zα-ωΑ-Ω]+\d?'*")  # one letter or one command: a name that a sentence may go without
# What does not change a formula: space, and the punctuation of the sentence that it ends.
SPACING = re.compile(r"\\[,;:!> ]|\\q?quad(?![A-Za-z])|~|\s+")
STOP = ".,;:。，；："
NO_STOPS = str.maketrans("", "", STOP)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section, or one of the texts in the head: what it is called, where it stands, what is in it."""

    name: str
    where: Where
    content: tuple[Block | Inline, ...]


def parity(sources: Sources) -> Iterator[Problem]:
    for topic in sources.articles.values():
        for page in topic.pages:
            theirs = _stretches(page, page.source)
            for version in page.versions.values():
                if version is not page.source:
                    ours = _stretches(page, version)
                    if len(ours) == len(theirs):  # else a key or a heading is missing, which reading reports
                        for mine, original in zip(ours, theirs, strict=True):
                            yield from _compare(mine, original)


def _stretches(page: Article, version: Version) -> list[Stretch]:
    """The parts of a version in the order of the source's head, then section by section."""
    head = version.metadata
    found = []
    if not page.parent:
        found.append(Stretch("the summary", _start(head.summary, head.where), head.summary))
        for number, point in enumerate(head.key_points, 1):
            found.append(Stretch(f"key point {number}", _start(point, head.where), point))
        for name in page.source.metadata.figures:
            figure = head.figures[name]
            found.append(Stretch(f"the caption of {name!r}", figure.where, figure.caption))
    blocks: list[Block] = []
    name, where = "the lead", version.document.blocks[0].where
    for block in version.document.blocks:
        if isinstance(block, Heading):
            found.append(Stretch(name, where, tuple(blocks)))
            blocks = []
            name, where = f"the section {block.id!r}", block.where
        blocks.append(block)
    found.append(Stretch(name, where, tuple(blocks)))
    return found


def _start(nodes: tuple[Inline, ...], otherwise: Where) -> Where:
    return nodes[0].where if nodes else otherwise


def _compare(ours: Stretch, theirs: Stretch) -> Iterator[Problem]:
    for what, remedy, collect in KINDS:
        mine, original = collect(ours.content), collect(theirs.content)
        missing = [shown for key, (shown, _) in original.items() if key not in mine]
        if missing:
            message = f"{ours.name} lacks {what}{_listed(missing)} of {theirs.name} in {theirs.where.file}"
            yield Problem(ours.where, message, remedy, "parity")
        for key, (shown, where) in mine.items():
            if key not in original:
                message = f"{what}{shown} is not in {theirs.name} of {theirs.where.file}"
                yield Problem(where, message, remedy, "parity")


def _listed(items: list[str]) -> str:
    return ", ".join(items[:4]) + (f" and {len(items) - 4} more" if len(items) > 4 else "")


Found = dict[Hashable, tuple[str, Where]]  # what is compared -> how to show it, and where it stands


def _displayed(content: tuple[Block | Inline, ...]) -> Found:
    seen: Counter[str] = Counter()
    found: Found = {}
    for node in walk(content):
        if isinstance(node, MathBlock):
            formula = compared(node.tex)
            seen[formula] += 1
            found[formula, seen[formula]] = (_shown(node.tex), node.where)
    return found


def _inline(content: tuple[Block | Inline, ...]) -> Found:
    return {
        formula: (_shown(node.tex), node.where)
        for node in walk(content)
        if isinstance(node, InlineMath)
        and any(isinstance(part, str) for part in node.tex)  # else it is a value, which is compared as such
        and not LONE.fullmatch(formula := compared(node.tex))
    }


def _values(content: tuple[Block | Inline, ...]) -> Found:
    return {
        (node.name, node.index, node.format): (_glue(node), node.where)
        for node in walk(content)
        if isinstance(node, Glue)
    }


def _citations(content: tuple[Block | Inline, ...]) -> Found:
    return {key: (repr(key), node.where) for node in walk(content) if isinstance(node, Cite) for key in node.keys}


def _literals(content: tuple[Block | Inline, ...]) -> Found:
    return {
        number: (number, node.where)
        for node in walk(content)
        if isinstance(node, Literal_)
        for number in re.findall(r"\d+", node.text)
    }


def _placed(content: tuple[Block | Inline, ...]) -> Found:
    found: Found = {}
    for node in walk(content):
        match node:
            case CodeCell() | Embed():
                found["cell", node.label] = (f"the cell {node.label!r}", node.where)
            case FigurePlace():
                found["figure", node.name] = (f"the figure {node.name!r}", node.where)
            case ImageFigure():
                found["picture", node.path] = (f"the picture {node.path!r}", node.where)
            case GluedTable():
                columns = tuple((column.key, column.format) for column in node.columns)
                shown = ", ".join(":".join(filter(None, column)) for column in columns)
                found["table", node.name, columns] = (f"the table {node.name!r} ({shown})", node.where)
            case Table():
                shape = (len(node.header), len(node.rows))
                found["typed table", shape] = (f"a table of {shape[0]} columns and {shape[1]} rows", node.where)
            case _:
                continue
    return found


KINDS: tuple[tuple[str, str, Callable[[tuple[Block | Inline, ...]], Found]], ...] = (
    ("the formula ", "translate only the words inside a formula", _displayed),
    ("the formula ", "say it with the source's symbols", _inline),
    ("the value ", "print the source's values with the source's formats", _values),
    ("the number ", "write the same {lit}", _literals),
    ("the citation ", "cite the same sources", _citations),
    ("", "show the source's cells, tables and figures in the section where they stand", _placed),
)


def compared(tex: Tex) -> str:
    """A formula as it is compared: without words, space, final stops, and with one decimal mark.

    Where it has words, another language may want another order: then only what else is in it counts.
    """
    whole = ""
    for part in tex:
        if isinstance(part, Glue):
            whole += _glue(part)
        elif isinstance(part, Literal_):
            whole += part.text.replace("{,}", ".").replace(",", ".")
        else:
            whole += part
    bare = SPACING.sub("", WORDS.sub("", whole)).rstrip(STOP)
    return "".join(sorted(re.findall(r"\\[A-Za-z]+|.", bare.translate(NO_STOPS)))) if WORDS.search(whole) else bare


def _shown(tex: Tex) -> str:
    whole = "".join(
        part if isinstance(part, str) else part.text if isinstance(part, Literal_) else _glue(part) for part in tex
    )
    line = " ".join(whole.split())
    return f"“{line if len(line) <= 50 else line[:49] + '…'}”"


def _glue(node: Glue) -> str:
    index = "".join(f"[{place}]" for place in node.index)
    return f"{node.name}{index}{':' if node.format else ''}{node.format}"
