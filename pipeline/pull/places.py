"""Where words stand in a source file: each stretch of inline Markdown, sign by sign, and each block by its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import yaml
from markdown_it.token import Token

from pipeline.read.blocks import markdown
from pipeline.read.yaml_source import Path_

Kind = Literal["inline", "tex", "plain"]  # Markdown in a line, a formula on lines of its own, an alternative text
Style = Literal["", "cell", "yaml", "'", '"']  # what must be escaped where the words stand
ADMONITIONS = ("note", "tip", "warning")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of words in a file: `text[i]` is at `places[i]` of the file; the last place is where the run ends."""

    kind: Kind
    text: str
    places: tuple[int, ...]
    line: int  # of its first sign, counted from 1
    column: int
    style: Style = ""
    whole: tuple[int, int] = (0, 0)  # of a YAML value: with its quotes
    path: tuple[str | int, ...] = ()  # of a YAML value: the keys that lead to it


@dataclass(frozen=True, slots=True)
class Lines:
    """A block at the top of the document: lines [first, last) of the file, counted from 1."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Places:
    """All stretches of one file in their order, and its blocks."""

    text: str
    stretches: tuple[Stretch, ...]
    blocks: tuple[Lines, ...]
    notes: dict[str, Stretch]  # the texts of footnotes by label

    def offset(self, line: int) -> int:
        """Where a line starts; the end of the file for a line behind the last."""
        lines = self.text.split("\n")
        return min(sum(len(one) + 1 for one in lines[: line - 1]), len(self.text))


def places_of_article(text: str) -> Places:
    """Find every stretch of a topic's file: those of its head, then those of its prose."""
    lines = text.split("\n")
    ends = (number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---")
    end = next(ends, 0) if lines[0].rstrip() == "---" else 0
    start = len(lines[0]) + 1
    head = text[start : sum(len(line) + 1 for line in lines[:end])] if end else ""
    finder = _Finder(text)
    finder.body("\n".join(lines[end + 1 :]), end + 1)
    blocks = tuple(_blocks("\n".join(lines[end + 1 :]), end + 2))
    return Places(text, (*_values(head, start, 2), *finder.found), blocks, finder.notes)


def places_of_values(text: str) -> Places:
    """Find every value of a YAML file."""
    return Places(text, tuple(_values(text, 0, 1)), (), {})


# --- YAML ---------------------------------------------------------------------------------------------------------


def _values(text: str, start: int, first_line: int) -> Iterator[Stretch]:
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        return
    scalars = sorted(_scalars(root, ()), key=lambda found: found[1].start_mark.index) if root is not None else ()
    for path, node in scalars:
        found = _value(node, text, start, first_line, path)
        if found is not None:
            yield found


def _scalars(node: yaml.Node, path: Path_) -> Iterator[tuple[Path_, yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _scalars(value, (*path, number))


def _value(node: yaml.ScalarNode, text: str, start: int, first_line: int, path: Path_) -> Stretch | None:
    begin, end = node.start_mark.index, node.end_mark.index
    raw = text[begin:end] if node.style in ("'", '"') else text[begin:end].rstrip()
    if node.style in ("'", '"'):
        spelled = _spelled(raw[1:-1], node.style, begin + 1)
    elif node.style is None:
        spelled = _spelled(raw, "", begin)
    elif node.style == ">":
        lead = re.match(r"[^\n]*\n\s*", raw)
        spelled = _spelled(raw[lead.end() :], "", begin + lead.end()) if lead else []
    else:
        return None
    words = "".join(sign for sign, _ in spelled)
    if words != node.value.rstrip("\n") if node.style == ">" else words != node.value:
        return None
    inside = node.value.strip()
    first = node.value.find(inside)
    places = [start + place for _, place in spelled[first : first + len(inside)]]
    after = spelled[first + len(inside)][1] if first + len(inside) < len(spelled) else None
    last = start + (after if after is not None else begin + len(raw) - (1 if node.style in ("'", '"') else 0))
    styles: dict[str, Style] = {"'": "'", '"': '"', ">": ""}
    style = styles[node.style] if node.style else "yaml"
    quoted = node.style in ("'", '"')  # where the reader counts from: the first letter inside
    line, column = node.start_mark.line + first_line, node.start_mark.column + (2 if quoted else 1)
    whole = (start + begin, start + begin + len(raw))
    kind: Kind = "plain" if path[-1:] == ("alt",) else "inline"
    return Stretch(kind, inside, (*places, last), line, column, style, whole, path)


def _spelled(raw: str, quote: str, start: int) -> list[tuple[str, int]]:
    """Each sign that YAML reads out of `raw`, with its place; a fold of lines is a space."""
    pattern = {'"': r"\\(?:x..|u.{4}|.)|[ \t]*\n\s*|.", "'": r"''|[ \t]*\n\s*|.", "": r"[ \t]*\n\s*|."}[quote]
    found = []
    for match in re.finditer(pattern, raw, re.DOTALL):
        piece = match[0]
        if "\n" in piece:
            sign = " "
        elif quote == "'" and piece == "''":
            sign = "'"
        elif quote == '"' and piece.startswith("\\"):
            sign = str(yaml.safe_load(f'"{piece}"'))
        else:
            sign = piece
        found.append((sign, start + match.start()))
    return found


# --- Markdown -----------------------------------------------------------------------------------------------------


def _blocks(text: str, first_line: int) -> Iterator[Lines]:
    lines = text.split("\n")
    for token in markdown().parse(text):
        if token.level == 0 and token.nesting >= 0 and token.map:
            first, last = token.map
            while last > first and (last > len(lines) or not lines[last - 1].strip()):
                last -= 1
            yield Lines(first + first_line, last + first_line)


def _is_image(token: Token) -> bool:
    children = token.children or []
    return len(children) == 1 and children[0].type == "image"


class _Finder:
    """Goes through the tokens of a text and of the directives in it, looking each of them up in the file's lines."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.found: list[Stretch] = []
        self.notes: dict[str, Stretch] = {}

    def body(self, text: str, base: int) -> None:
        """Take a text whose first line is `base` lines below the file's first."""
        tokens = markdown().parse(text)
        note = ""
        cell = (-1, 0)  # the line of the last table cell, and where it ended
        previous: list[Token | None] = [None, *tokens]
        for before, token in zip(previous, tokens, strict=False):
            if token.type == "footnote_open":
                note = str(token.meta.get("label", ""))
            elif token.type == "footnote_close":
                note = ""
            elif token.type == "math_block" and token.map:
                self._formula(token, base)
            elif token.type == "fence" and token.info.strip().startswith("{") and token.map:
                self._directive(token, base + token.map[0])
            elif token.type == "inline" and token.map and before is not None:
                if before.type in ("th_open", "td_open"):
                    line = base + token.map[0]
                    cell = self._cell(token.content, line, cell[1] if cell[0] == line else 0)
                elif _is_image(token):
                    self._image(base + token.map[0])
                elif token.content:
                    stretch = self._prose(token.content, base + token.map[0])
                    if note and stretch is not None:
                        self.notes.setdefault(note, stretch)
                    elif stretch is not None:
                        self.found.append(stretch)

    def _prose(self, content: str, line: int) -> Stretch | None:
        places: list[int] = []
        pieces = content.split("\n")
        for number, piece in enumerate(pieces):
            words = piece.strip()
            column = self.lines[line + number].rfind(words) if line + number < len(self.lines) else -1
            if column < 0 or len(piece) - len(piece.lstrip()) > column:
                return None
            column -= len(piece) - len(piece.lstrip())
            places += [self.starts[line + number] + column + inside for inside in range(len(piece) + 1)]
        return self._stretch("inline", content, places, line)

    def _image(self, line: int) -> None:
        """The alternative text of a picture, and its caption."""
        raw = self.lines[line]
        match = re.search(r'!\[(.*)\]\([^\s"]+(?:[ \t]+"(.*)")?\)', raw)
        if match:
            kinds: tuple[tuple[int, Kind], ...] = ((1, "plain"), (2, "inline"))
            for group, kind in kinds:
                if match[group]:
                    first = self.starts[line] + match.start(group)
                    places = tuple(first + inside for inside in range(len(match[group]) + 1))
                    start = match.start() + 1
                    self.found.append(Stretch(kind, match[group], places, line + 1, start))

    def _stretch(self, kind: Kind, content: str, places: Sequence[int], line: int, style: Style = "") -> Stretch:
        return Stretch(kind, content, tuple(places), line + 1, places[0] - self.starts[line] + 1, style)

    def _formula(self, token: Token, base: int) -> None:
        first, last = token.map or (0, 0)
        content = token.content.strip()
        places: list[int] = []
        line = base + first
        for number, piece in enumerate(content.split("\n")):
            words = piece.strip()
            while line < base + last:
                column = self.lines[line].find(words)
                if column >= 0 and (words or not self.lines[line].strip()):
                    break
                line += 1
            else:
                return
            indent = len(piece) - len(piece.lstrip())
            if number == 0 and self.lines[line].strip() == "$$":
                return
            places += [self.starts[line] + column - indent + inside for inside in range(len(piece) + 1)]
            line += 1
        self.found.append(self._stretch_at("tex", content, places, base + first))

    def _stretch_at(self, kind: Kind, content: str, places: Sequence[int], line: int) -> Stretch:
        return Stretch(kind, content, tuple(places), line + 1, 1)

    def _cell(self, content: str, line: int, start: int) -> tuple[int, int]:
        raw = self.lines[line]
        if start == 0:
            lead = re.match(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*\|?", raw)
            start = lead.end() if lead else 0
        end = start
        while end < len(raw) and raw[end] != "|":
            end += 2 if raw[end] == "\\" else 1
        end = min(end, len(raw))
        inside = raw[start:end]
        first = start + len(inside) - len(inside.lstrip())
        signs = re.findall(r"\\\||.", inside.strip(), re.DOTALL)
        places, place = [], self.starts[line] + first
        for sign in signs:
            places.append(place)
            place += len(sign)
        places.append(place)
        words = "".join("|" if sign == "\\|" else sign for sign in signs)
        if words == content and content:
            self.found.append(self._stretch("inline", content, places, line, "cell"))
        return line, end + 1

    def _directive(self, token: Token, line: int) -> None:
        name = token.info.strip()[1:].partition("}")[0].strip()
        lines = token.content.split("\n")
        count = 0
        while count < len(lines) and (option := re.fullmatch(r":([A-Za-z_-]+):(?:[ \t]+(.*))?", lines[count].rstrip())):
            if name == "table" and option[1] == "headers":
                self._headers(option[2] or "", line + 1 + count)
            count += 1
        body = "\n".join(lines[count:])
        if name in ADMONITIONS:
            self.body(body, line + 1 + count)
        elif name == "table" and body.strip():
            skipped = len(body) - len(body.lstrip())
            stretch = self._prose(body.strip(), line + 1 + count + body[:skipped].count("\n"))
            if stretch is not None:
                self.found.append(stretch)

    def _headers(self, text: str, line: int) -> None:
        cursor = max(self.lines[line].find(text), 0)
        for piece in re.findall(r"(?:\\.|\$[^$]*\$|`[^`]*`|[^|])+", text):
            words = piece.strip()
            column = self.lines[line].find(words, cursor)
            if words and column >= 0:
                places = [self.starts[line] + column + inside for inside in range(len(words) + 1)]
                self.found.append(self._stretch("inline", words, places, line, "cell"))
                cursor = column + len(words)
