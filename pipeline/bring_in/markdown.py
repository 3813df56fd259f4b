"""A document as Markdown, each block proved by reading it again."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipeline.bring_in.inline import words
from pipeline.bring_in.tidy import tidy
from pipeline.errors import Where
from pipeline.read.article import NOWHERE
from pipeline.read.blocks import Parser, parse_inline
from pipeline.read.context import Known, Reading
from pipeline.read.document import (
    Admonition,
    Block,
    Cite,
    CodeBlock,
    DefinitionList,
    Emphasis,
    ExternalLink,
    FootnoteReference,
    Heading,
    ImageFigure,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    SectionLink,
    Strong,
    Table,
    Term,
    Text,
    TopicLink,
)

LINE_START = re.compile(r"^(?:([#>+\-=:~|])|(\d{1,9})(?=[.)]))")
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
Say = Callable[[str, str], None]  # what stands on the page, why it is another now


class Writer:
    """Writes blocks and proves them; `say` hears of each that had to be written in another form."""

    def __init__(self, language: str, known: Known, say: Say) -> None:
        self.language, self.known, self.say = language, known, say

    def document(self, blocks: Sequence[Block]) -> str:
        parts: list[str] = []
        last: Block | None = None
        bullet = False
        for block in blocks:
            # Two lists in a row would become one, but for another mark.
            bullet = isinstance(block, List) and isinstance(last, List) and block.ordered == last.ordered and not bullet
            parts.append(self._proved(block, bullet))
            last = block
        return "\n\n".join(parts) + "\n"

    def line(self, nodes: Sequence[Inline]) -> str:
        """Inline Markdown for a value of the head, proved as well."""
        for variant in _variants(tuple(nodes)):
            written = self._short(inline(variant))
            reading = Reading("", self.language, self.known)
            if _bare(parse_inline(written, NOWHERE, reading)) == _bare(variant) and not reading.problems:
                break
        else:
            written = PUNCTUATION.sub(r"\\\1", words(nodes))
            self.say(words(nodes), "its markup could not be written: its words stand without it")
        return written

    def note(self, label: str, nodes: Sequence[Inline]) -> str:
        """The text of a footnote."""
        children = tidy(nodes, breaks=False)
        proved = self._proved(Paragraph(children, NOWHERE)) if children else "…"
        return f"[^{label}]: {proved}"

    def _proved(self, block: Block, other_mark: bool = False) -> str:
        for number, variant in enumerate(_block_variants(block)):
            written = self._short(write(variant, other_mark))
            if self._reads_as(written, variant):
                if number:
                    self.say(_block_words(block), "some of its markup could not be written as it was")
                return written
        text = _block_words(block)
        self.say(text, "its markup could not be written: its words stand as plain text")
        return PUNCTUATION.sub(r"\\\1", text)

    def _short(self, written: str) -> str:
        """A term whose words say which concept it is needs no key."""

        def shorter(found: re.Match[str]) -> str:
            known = self.known.terms.get(" ".join(found[1].lower().split())) == found[2]
            return f"{{term}}`{found[1]}`" if known else found[0]

        return re.sub(r"\{term\}`([^`<>]+) <([^`<>]+)>`", shorter, written)

    def _reads_as(self, written: str, block: Block) -> bool:
        reading = Reading("", self.language, self.known)
        parser = Parser(written, reading, 1)
        found = parser.blocks()
        wrong = [problem for problem in reading.problems if problem.rule != "footnote"]
        return not wrong and not parser.footnotes and _bare(found) == _bare((block,))


def _block_variants(block: Block) -> Iterable[Block]:
    yield block
    yield _mapped(block, _formula_as_code)
    yield _mapped(block, _without_emphasis)
    yield _mapped(block, lambda node: _without_emphasis(_formula_as_code(node)))


def _variants(nodes: tuple[Inline, ...]) -> Iterable[tuple[Inline, ...]]:
    yield nodes
    yield tuple(tidy(_mapped(nodes, _formula_as_code)))
    yield tuple(tidy(_mapped(nodes, _without_emphasis)))


def _formula_as_code(node: Any) -> Any:
    if isinstance(node, InlineMath):
        return InlineCode("".join(str(part) for part in node.tex), NOWHERE)
    if isinstance(node, MathBlock):
        return CodeBlock("latex", "".join(str(part) for part in node.tex), NOWHERE)
    return node


def _without_emphasis(node: Any) -> Any:
    return node.children if isinstance(node, (Strong, Emphasis)) else node


def _mapped(node: Any, change: Callable[[Any], Any]) -> Any:
    """The tree with each node replaced by what `change` makes of it; a tuple takes the node's place."""
    if isinstance(node, tuple):
        found: list[Any] = []
        for one in node:
            new = _mapped(one, change)
            found += new if isinstance(new, tuple) and not isinstance(one, tuple) else [new]
        if found and all(isinstance(one, Inline) for one in found):
            return tidy(found)
        return tuple(found)
    if dataclasses.is_dataclass(node) and not isinstance(node, (type, Where)):
        fields = {field.name: _mapped(getattr(node, field.name), change) for field in dataclasses.fields(node)}
        return change(type(node)(**fields))
    return node


def _bare(node: Any) -> Any:
    """The tree without places and without what the reader adds."""
    if isinstance(node, tuple):
        return tuple(_bare(one) for one in node)
    if isinstance(node, Cite):
        return ("Cite", node.keys)
    if dataclasses.is_dataclass(node) and not isinstance(node, (type, Where)):
        names = [field.name for field in dataclasses.fields(node) if field.name not in ("where", "id")]
        return (type(node).__name__, *(_bare(getattr(node, name)) for name in names))
    return node


def _block_words(block: Any) -> str:
    if isinstance(block, tuple):
        # Inline nodes are read together, blocks apart.
        if all(isinstance(one, Inline) for one in block):
            return words(block)
        return " ".join(filter(None, map(_block_words, block)))
    if isinstance(block, CodeBlock):
        return block.text
    if isinstance(block, MathBlock):
        return "".join(str(part) for part in block.tex)
    if isinstance(block, ImageFigure):
        return f"{block.alt} {words(block.caption)}"
    if dataclasses.is_dataclass(block):
        values = [getattr(block, field.name) for field in dataclasses.fields(block) if field.name != "where"]
        return " ".join(filter(None, (_block_words(value) for value in values if isinstance(value, tuple))))
    return _block_words(tuple(getattr(block, "__dict__", {}).values()))


def write(block: Block, other_mark: bool = False) -> str:
    """One block."""
    match block:
        case Heading():
            text = inline(block.children)
            return f"{'#' * block.level} " + re.sub(r"(#+)$", lambda found: "\\" + found[0], text)
        case Paragraph():
            return inline(block.children)
        case MathBlock():
            tex = "".join(part for part in block.tex if isinstance(part, str))
            return "$$\n" + re.sub(r"\n\s*\n", "\n", tex).strip() + "\n$$"
        case CodeBlock():
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", block.text) or [""]))
            return f"{fence}{block.language}\n{block.text}\n{fence}"
        case List():
            return _list(block, other_mark)
        case DefinitionList():
            return "\n\n".join(
                "\n\n".join(
                    [
                        inline(item.term) + "\n: " + _indented(_blocks(item.meanings[0]), "  "),
                        *(": " + _indented(_blocks(meaning), "  ") for meaning in item.meanings[1:]),
                    ]
                )
                for item in block.items
            )
        case Quote():
            return "\n".join(f"> {line}".rstrip() for line in _blocks(block.children).split("\n"))
        case Admonition():
            inner = _blocks(block.children)
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`{3,}", inner) or [""]))
            return f"{fence}{{{block.kind}}}\n{inner}\n{fence}"
        case Table():
            return _table(block)
        case ImageFigure():
            caption = inline(block.caption).replace("\\", "\\\\").replace('"', '\\"').replace("&", "\\&")
            return f"![{block.alt}]({block.path}" + (f' "{caption}")' if caption else ")")
        case Rule():
            return "---"
        case _:
            raise AssertionError(f"{type(block).__name__} does not come from a wiki")


def _blocks(blocks: Sequence[Block]) -> str:
    parts: list[str] = []
    last: Block | None = None
    other = False
    for block in blocks:
        other = isinstance(block, List) and isinstance(last, List) and block.ordered == last.ordered and not other
        tight = isinstance(block, List) and isinstance(last, Paragraph) and (not block.ordered or block.start == 1)
        parts.append(("\n" if tight else "\n\n") + write(block, other) if parts else write(block, other))
        last = block
    return "".join(parts)


def _list(node: List, other: bool) -> str:
    lines = []
    for number, item in enumerate(node.items, node.start):
        mark = (f"{number})" if other else f"{number}.") if node.ordered else "*" if other else "-"
        lines.append(f"{mark} " + _indented(_blocks(item), " " * (len(mark) + 1)))
    loose = any(len(item) > 1 and not all(isinstance(block, List) for block in item[1:]) for item in node.items)
    return ("\n\n" if loose else "\n").join(lines)


def _indented(text: str, indent: str) -> str:
    first, *others = text.split("\n")
    return "\n".join([first, *(indent + line if line else "" for line in others)])


def _table(node: Table) -> str:
    sides = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}
    width = max(len(node.header), 1)
    lines = [_row(node.header), "|" + "|".join(sides[side] for side in (*node.alignment, *[""] * width)[:width]) + "|"]
    return "\n".join([*lines, *(_row(row) for row in node.rows)])


def _row(cells: Sequence[tuple[Inline, ...]]) -> str:
    return "| " + " | ".join(inline(cell, starts=False).replace("|", "\\|") for cell in cells) + " |"


def inline(nodes: Sequence[Inline], starts: bool = True) -> str:
    """Inline nodes; `starts` says that they start a line."""
    parts: list[str] = []
    for number, node in enumerate(nodes):
        following = nodes[number + 1] if number + 1 < len(nodes) else None
        line_start = starts and (not parts or isinstance(nodes[number - 1], LineBreak))
        parts.append(_inline(node, following, line_start))
    return "".join(parts)


def _inline(node: Inline, following: Inline | None, line_start: bool) -> str:
    match node:
        case Text():
            return _text(node.text, following, line_start)
        case Emphasis():
            return f"*{inline(node.children, starts=False)}*"
        case Strong():
            return f"**{inline(node.children, starts=False)}**"
        case InlineCode():
            return _code(node.text)
        case InlineMath():
            return "$" + "".join(part for part in node.tex if isinstance(part, str)) + "$"
        case ExternalLink():
            url = node.url if re.fullmatch(r"[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*", node.url) else f"<{node.url}>"
            return f"[{inline(node.children, starts=False)}]({url})"
        case TopicLink():
            section = f"#{node.section}" if node.section else ""
            return f"[{inline(node.children, starts=False)}](../{node.slug}/{section})"
        case SectionLink():
            return f"[{inline(node.children, starts=False)}](#{node.section})"
        case Term():
            return f"{{term}}`{node.text} <{node.key}>`"
        case Cite():
            return f"{{cite}}`{','.join(node.keys)}`"
        case FootnoteReference():
            return f"[^{node.label}]"
        case LineBreak():
            return "\\\n"
        case _:
            raise AssertionError(f"{type(node).__name__} does not come from a wiki")


def _text(text: str, following: Inline | None, line_start: bool) -> str:
    text = re.sub(r"([\\`*\[\]$<])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"&(?=[#\w]+;)", r"\\&", text)
    if isinstance(following, (TopicLink, SectionLink, ExternalLink, FootnoteReference)) and text.endswith("!"):
        text = text[:-1] + "\\!"
    if isinstance(following, (InlineCode, Term, Cite)):
        text = re.sub(r"\{(?=[\w:+-]+\}$)", r"\\{", text)
    if line_start:
        text = LINE_START.sub(lambda found: "\\" + found[1] if found[1] else found[2] + "\\", text)
    return text


def _code(text: str) -> str:
    marks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{marks}{space}{text}{space}{marks}"
