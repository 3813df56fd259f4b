"""A page's wikitext as the blocks of a document: paragraphs, headings, lists, tables, code, formulas, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import mwparserfromhell
from mwparserfromhell.nodes import Comment, HTMLEntity, Node, Tag, Template, Wikilink
from mwparserfromhell.nodes import Heading as WikiHeading
from mwparserfromhell.nodes import Text as WikiText
from mwparserfromhell.wikicode import Wikicode

from pipeline.bring_in.inline import decoded, formula, inline, inside, words
from pipeline.bring_in.names import plain_anchor
from pipeline.bring_in.page import LISTS_OF_NOTES, Page, head_name
from pipeline.bring_in.pictures import picture
from pipeline.bring_in.tables import table
from pipeline.bring_in.tidy import tidy
from pipeline.read.article import NOWHERE
from pipeline.read.document import (
    Admonition,
    AdmonitionKind,
    Block,
    CodeBlock,
    Definition,
    DefinitionList,
    Heading,
    Inline,
    InlineMath,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
)

Piece = str | Node
Line = list[Piece]
SHOWN_CODE = frozenset(("syntaxhighlight", "source", "pre"))
WRAPPERS = frozenset(("div", "center", "p", "section", "noinclude", "includeonly", "onlyinclude", "article", "aside"))
BLOCK_TAGS = SHOWN_CODE | WRAPPERS | {"table", "hr", "blockquote", "ul", "ol", "dl", "references", "gallery"}
FOREIGN = frozenset(("gallery", "imagemap", "timeline", "score", "graph", "mapframe", "templatedata", "poem"))
KINDS_OF_NOTE: tuple[AdmonitionKind, ...] = ("note", "tip", "warning")


class Blocks:
    """Reads the blocks of one page; `anchors` are those of its headings, in order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.anchors: list[tuple[str, ...]] = []
        self._taken: set[str] = set()

    def of(self, nodes: Iterable[Node]) -> list[Block]:
        return self.flow(_lines(nodes, self.page))

    def flow(self, lines: Sequence[Line]) -> list[Block]:
        """Read lines as MediaWiki does: by what each starts with."""
        found: list[Block] = []
        paragraph: list[Inline] = []

        def flush() -> None:
            children = tidy(paragraph)
            paragraph.clear()
            if len(children) == 1 and isinstance(children[0], InlineMath) and self._display:
                found.append(MathBlock(children[0].tex, NOWHERE))
            elif children:
                found.append(Paragraph(children, NOWHERE))
            self._display = False
            found.extend(self._pictures())

        place = 0
        while place < len(lines):
            line = lines[place]
            end = place + 1
            if _marks(line):
                flush()
                while end < len(lines) and _marks(lines[end]):
                    end += 1
                found += self._list([(_marks(one), _behind_marks(one)) for one in lines[place:end]])
                found += self._pictures()
            elif _is_blank(line):
                flush()
            elif self._is_preformatted(line):
                flush()
                while end < len(lines) and self._is_preformatted(lines[end]):
                    end += 1
                text = "\n".join(self._letters(one)[1:] for one in lines[place:end])
                found.append(CodeBlock("", text.rstrip(), NOWHERE))
            else:
                run: Line = []
                for piece in line:
                    if isinstance(piece, str) or not self._is_block(piece):
                        run.append(piece)
                        continue
                    self._join(paragraph, run)
                    run = []
                    flush()
                    if self._is_list_of_notes(piece) and found and isinstance(found[-1], Heading):
                        heading = found.pop()
                        self.anchors.pop()
                        why = "the pipeline writes the list of references, and a heading above it"
                        self.page.notes.say("left out", words(getattr(heading, "children", ())), why)
                    found += self._block(piece)
                self._join(paragraph, run)
            place = end
        flush()
        return found

    _display = False  # whether a formula that stands alone is one on lines of its own

    def _join(self, paragraph: list[Inline], run: Line) -> None:
        if run and not _is_blank(run):
            paragraph += [Text(" ", NOWHERE), *inline(run, self.page)]

    def _pictures(self) -> list[Block]:
        """The pictures that stood inside of the last lines."""
        waiting, self.page.pictures = self.page.pictures, []
        return [block for node in waiting for block in picture(node, self.page)]

    def _is_list_of_notes(self, node: Node) -> bool:
        if isinstance(node, Template):
            return str(node.name).strip().lower() in LISTS_OF_NOTES
        return isinstance(node, Tag) and _name(node) == "references"

    def _is_block(self, node: Node) -> bool:
        if isinstance(node, WikiHeading):
            return True
        if isinstance(node, Template):
            name = str(node.name).strip().lower()
            return self.page.is_head(node) or name in LISTS_OF_NOTES or "\n" in str(node).strip()
        if isinstance(node, Wikilink):
            title = str(node.title).strip()
            return self.page.is_picture(title) or self.page.is_category(title)
        if not isinstance(node, Tag):
            return False
        name = _name(node)
        if name in ("syntaxhighlight", "source") and node.has("inline"):
            return False
        if name == "math":
            return node.has("display") and str(node.get("display").value).strip() == "block"
        return name in BLOCK_TAGS or name in FOREIGN

    def _block(self, node: Node) -> list[Block]:
        self.page.notes.reached(str(node))
        if isinstance(node, WikiHeading):
            return self._heading(node)
        if isinstance(node, Template):
            return self._template(node)
        if isinstance(node, Wikilink):
            inline([node], self.page)
            return self._pictures()
        assert isinstance(node, Tag)
        name = _name(node)
        if name in SHOWN_CODE:
            return [self._code(node)] if str(node.contents or "").strip() else []
        if name == "math":
            return [
                MathBlock(one.tex, NOWHERE)
                for one in formula(node, self.page, lines=True)
                if isinstance(one, InlineMath)
            ]
        if name == "table":
            return table(node, self.page, self.of)
        if name == "hr":
            return [Rule(NOWHERE)]
        if name == "blockquote":
            children = self._within(node.contents)
            return [Quote(tuple(children), NOWHERE)] if children else []
        if name in ("ul", "ol"):
            return self._tagged_list(node)
        if name == "dl":
            return self._tagged_definitions(node)
        if name == "references":
            return []
        if name in WRAPPERS:
            return self._wrapper(node)
        self.page.notes.say("changed", str(node), f"kept as it was written: sources have no <{name}>")
        return [CodeBlock("", str(node), NOWHERE)]

    def _within(self, code: Wikicode | None) -> list[Block]:
        """Blocks inside of something, where a heading cannot be a section of the page."""
        return [
            Paragraph((Strong(block.children, NOWHERE),), NOWHERE) if isinstance(block, Heading) else block
            for block in (Blocks(self.page).of(code.nodes) if code is not None else ())
        ]

    def _heading(self, node: WikiHeading) -> list[Block]:
        children = tidy(inline(node.title.nodes, self.page), breaks=False)
        shown = words(children)
        after = self._pictures()
        if not shown:
            self.page.notes.say("left out", str(node), "a heading without words")
            return after
        ids = [str(tag.get("id").value) for tag in node.title.filter_tags() if tag.has("id")]
        anchor, count = shown, 1
        while anchor.casefold() in self._taken:
            count += 1
            anchor = f"{shown}_{count}"
        self._taken.add(anchor.casefold())
        self.anchors.append(tuple(plain_anchor(one) for one in (*ids, anchor)))
        if node.level == 1:
            self.page.notes.say("changed", str(node), "a heading of level 1 became one of level 2")
        return [Heading(max(node.level, 2), children, "", NOWHERE), *after]

    def _template(self, node: Template) -> list[Block]:
        name = head_name(node)
        if self.page.is_head(node) or name.lower() in LISTS_OF_NOTES:
            return []
        if name.lower() in KINDS_OF_NOTE and node.has("1"):
            kind = next(kind for kind in KINDS_OF_NOTE if kind == name.lower())
            children = self._within(node.get("1").value)
            if children and len(node.params) == 1:
                return [Admonition(kind, tuple(children), NOWHERE)]
        self.page.notes.say("changed", str(node), f"the template {name} is not known here: its call stands as it was")
        return [CodeBlock("", str(node).strip("\n"), NOWHERE)]

    def _code(self, node: Tag) -> CodeBlock:
        text = str(node.contents or "")
        language = ""
        if _name(node) == "pre":
            text = re.sub(r"</?nowiki\s*/?>", "", text)
            text = re.sub(r"&#?\w+;", _entity, text)
            output = node.has("class") and "marovi-" in str(node.get("class").value)
            if output:
                self.page.notes.say("to do", str(node), "what code printed, as text: let a {code-cell} print it")
        elif node.has("lang"):
            language = re.sub(r"[^\w+#.-]", "", str(node.get("lang").value))
        if language.startswith("py") and _name(node) != "pre":
            self.page.notes.say("to do", text, "code that is only shown: make it a {code-cell} that runs")
        # MediaWiki's highlighter takes no empty lines at the ends.
        lines = text.replace("\r", "").split("\n")
        while lines and not lines[0].strip():
            lines.pop(0)
        return CodeBlock(language, "\n".join(lines).rstrip(), NOWHERE)

    def _wrapper(self, node: Tag) -> list[Block]:
        classes = str(node.get("class").value).split() if node.has("class") else []
        kind = next((kind for kind in KINDS_OF_NOTE if f"marovi-{kind}" in classes), None)
        if "marovi-code-head" in classes:
            self.page.notes.say("left out", str(node), "the pipeline writes it above folded code")
            return []
        if "marovi-outdated" in classes:
            self.page.notes.say("left out", str(node), "the pipeline says itself what is outdated")
            return []
        if kind:
            inner = self._within(node.contents)
            if inner and isinstance(inner[0], Paragraph) and isinstance(inner[0].children[0], Strong):
                self.page.notes.say("left out", words(inner[0].children), "the pipeline writes it above the box")
                inner = inner[1:]
            return [Admonition(kind, tuple(inner), NOWHERE)] if inner else []
        looks = {str(attribute.name).strip() for attribute in node.attributes} - {"lang", "dir", "class"}
        if looks or (node.attributes and not node.has("lang") and not any(one.startswith("m") for one in classes)):
            self.page.notes.say("changed", str(node).split(">")[0] + ">", "what it holds stands without it")
        return self.of(node.contents.nodes) if node.contents is not None else []

    def _tagged_list(self, node: Tag) -> list[Block]:
        start = str(node.get("start").value).strip() if node.has("start") else "1"
        items = [
            tuple(self._within(tag.contents))
            for tag in (node.contents.nodes if node.contents is not None else ())
            if isinstance(tag, Tag) and _name(tag) == "li"
        ]
        for other in node.contents.nodes if node.contents is not None else ():
            if str(other).strip() and not (isinstance(other, Tag) and _name(other) == "li"):
                self.page.notes.say("left out", str(other), "stands in a list and in no item of it")
        items = [item for item in items if item]
        number = int(start) if start.isdigit() and len(start) < 9 else 1
        return [List(_name(node) == "ol", number if _name(node) == "ol" else 1, tuple(items), NOWHERE)] if items else []

    def _tagged_definitions(self, node: Tag) -> list[Block]:
        entries: list[tuple[str, list[Block] | tuple[Inline, ...]]] = []
        for tag in node.contents.nodes if node.contents is not None else ():
            if isinstance(tag, Tag) and _name(tag) == "dt":
                entries.append((";", tidy(inside(tag.contents, self.page), breaks=False)))
            elif isinstance(tag, Tag) and _name(tag) == "dd":
                entries.append((":", self._within(tag.contents)))
            elif str(tag).strip():
                self.page.notes.say("left out", str(tag), "stands in a list and in no item of it")
        return self._defined(entries)

    def _list(self, items: Sequence[tuple[str, Line]]) -> list[Block]:
        """Lists from lines with their marks; deeper lines belong to the item above them."""
        found: list[Block] = []
        place = 0
        while place < len(items):
            mark = items[place][0][0]
            end = place
            while end < len(items) and (items[end][0][0] == mark or (mark in ";:" and items[end][0][0] in ";:")):
                end += 1
            group = items[place:end]
            found += self._definitions(group) if mark in ";:" else self._items(mark == "#", group)
            place = end
        return found

    def _items(self, ordered: bool, group: Sequence[tuple[str, Line]]) -> list[Block]:
        found: list[tuple[Block, ...]] = []
        place = 0
        while place < len(group):
            marks, line = group[place]
            end = place + 1
            if len(marks) == 1:
                found.append(tuple(self.flow([_trimmed(line)])))
            else:
                while end < len(group) and len(group[end][0]) > 1:
                    end += 1
                deeper = self._list([(one[1:], rest) for one, rest in group[place:end]])
                if found and found[-1]:
                    found[-1] = (*found[-1], *deeper)
                else:
                    found.append(tuple(deeper))
            place = end
        kept = tuple(item for item in found if item)
        return [List(ordered, 1, kept, NOWHERE)] if kept else []

    def _definitions(self, group: Sequence[tuple[str, Line]]) -> list[Block]:
        entries: list[tuple[str, list[Block] | tuple[Inline, ...]]] = []
        place = 0
        while place < len(group):
            marks, line = group[place]
            end = place + 1
            if len(marks) > 1:
                while end < len(group) and len(group[end][0]) > 1:
                    end += 1
                entries.append((":", self._list([(one[1:], rest) for one, rest in group[place:end]])))
            elif marks == ";":
                term, meaning = _split_term(line)
                entries.append((";", tidy(inline(term, self.page), breaks=False)))
                if meaning is not None:
                    entries.append((":", self.flow([_trimmed(meaning)])))
            else:
                self._display = True
                entries.append((":", self.flow([_trimmed(line)])))
            place = end
        return self._defined(entries)

    def _defined(self, entries: Sequence[tuple[str, list[Block] | tuple[Inline, ...]]]) -> list[Block]:
        """Terms with their meanings; a meaning of no term is an indented paragraph, a term without one is bold."""
        found: list[Block] = []
        items: list[Definition] = []

        def flush() -> None:
            whole = [item for item in items if item.meanings]
            items.clear()
            if whole:
                found.append(DefinitionList(tuple(whole), NOWHERE))

        for mark, content in entries:
            if mark == ";" and isinstance(content, tuple):
                if items and not items[-1].meanings:
                    found_bold = items.pop()
                    flush()
                    found.append(Paragraph((Strong(found_bold.term, NOWHERE),), NOWHERE))
                if content:
                    items.append(Definition(content, (), NOWHERE))
            elif items and content:
                last = items[-1]
                items[-1] = Definition(last.term, (*last.meanings, tuple(content)), NOWHERE)  # type: ignore[arg-type]
            else:
                for block in content:
                    if isinstance(block, Paragraph):
                        self.page.notes.say("changed", words(block.children), "an indented line stands without it")
                    found.append(block)  # type: ignore[arg-type]
        if items and not items[-1].meanings:
            last = items.pop()
            flush()
            found.append(Paragraph((Strong(last.term, NOWHERE),), NOWHERE))
        flush()
        return found

    def _is_preformatted(self, line: Line) -> bool:
        first = line[0] if line else ""
        return (
            isinstance(first, str)
            and first.startswith((" ", "\t"))
            and not _is_blank(line)
            and not any(self._is_block(piece) for piece in line if not isinstance(piece, str))
        )

    def _letters(self, line: Line) -> str:
        """A preformatted line as it is shown, except for markup, which cannot be shown in code."""
        parts = []
        for piece in line:
            if isinstance(piece, str):
                parts.append(re.sub(r"'{2,}", "", piece))
            elif isinstance(piece, HTMLEntity):
                parts.append(decoded(piece))
            else:
                parts.append(words(inline([piece], self.page)))
        return "".join(parts)


def _lines(nodes: Iterable[Node], page: Page) -> list[Line]:
    lines: list[Line] = [[]]
    for node in nodes:
        if isinstance(node, WikiText):
            first, *others = str(node).replace("\r", "").split("\n")
            lines[-1].append(first)
            lines += [[other] for other in others]
        elif isinstance(node, Comment):
            inline([node], page)
        else:
            lines[-1].append(node)
    return [[piece for piece in line if piece != ""] for line in lines]


def _marks(line: Line) -> str:
    """The marks of a list that a line starts with."""
    found = ""
    for piece in line:
        if not isinstance(piece, Tag) or piece.wiki_markup not in ("*", "#", ";", ":") or piece.contents:
            break
        found += str(piece.wiki_markup)
    return found


def _behind_marks(line: Line) -> Line:
    return line[len(_marks(line)) :]


def _split_term(line: Line) -> tuple[Line, Line | None]:
    for number, piece in enumerate(line):
        if isinstance(piece, Tag) and piece.wiki_markup == ":" and not piece.contents:
            return line[:number], line[number + 1 :]
    return line, None


def _trimmed(line: Line) -> Line:
    """Without the space behind the marks, which starts nothing preformatted."""
    return [line[0].lstrip(), *line[1:]] if line and isinstance(line[0], str) else line


def _is_blank(line: Line) -> bool:
    return all(isinstance(piece, str) and not piece.strip() for piece in line)


def _name(node: Tag) -> str:
    return str(node.tag).strip().lower()


def _entity(match: re.Match[str]) -> str:
    node = next(iter(mwparserfromhell.parse(match[0]).nodes), None)
    return decoded(node) if isinstance(node, HTMLEntity) else match[0]
