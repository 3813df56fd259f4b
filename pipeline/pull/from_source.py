"""A stretch of a source as signs, each with its place in the file."""

from __future__ import annotations

import functools
import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.pull.names import NOWHERE, Names
from pipeline.pull.places import Places, Stretch
from pipeline.pull.signs import Mode, Sign
from pipeline.read.blocks import markdown
from pipeline.read.context import Reading
from pipeline.read.document import Glue
from pipeline.read.inline import breaks_to_space
from pipeline.read.roles import VALUE_IN_MATH, closing_brace, glue, term
from pipeline.render.wikitext.links import address

MARKS = {"em_open": "<em>", "em_close": "</em>", "strong_open": "<strong>", "strong_close": "</strong>"}


class Lost(Exception):
    """Something in the source that cannot be followed sign by sign; says what."""


def signs_of(stretch: Stretch, names: Names, places: Places, taken: set[str] | None = None) -> list[Sign]:
    """Turn a stretch into signs. Raises Lost.

    `taken` are the footnotes that were written out already; the text of each stands where its mark comes first.
    """
    if stretch.kind == "plain":
        return _letters(" ".join(stretch.text.split()), stretch, 0) if _is_plain(stretch.text) else _lose("spaces")
    if stretch.kind == "tex":
        return _Reader(stretch, names, places, set()).formula(0, len(stretch.text), (0, 0))
    return _Reader(stretch, names, places, taken if taken is not None else set()).inline()


def _is_plain(text: str) -> bool:
    return text == " ".join(text.split())


def _lose(what: str) -> list[Sign]:
    raise Lost(what)


def _letters(text: str, stretch: Stretch, at: int) -> list[Sign]:
    return [
        Sign(letter, "text", stretch.places[at + number], stretch.places[at + number + 1])
        for number, letter in enumerate(text)
    ]


@functools.cache
def _parser() -> MarkdownIt:
    """The project's parser, with what was escaped kept apart, so that each token stands in the source as it is."""
    return markdown.__wrapped__().disable(["text_join", "footnote_tail"])


class _Reader:
    def __init__(self, stretch: Stretch, names: Names, places: Places, taken: set[str]) -> None:
        self.stretch = stretch
        self.content = stretch.text
        self.names = names
        self.places = places
        self.taken = taken
        self.reading = Reading("", names.language, names.known)
        self.cursor = 0
        self.signs: list[Sign] = []
        self.links: list[tuple[str, str]] = []  # the open links: their key, "" where the wiki shows the words alone

    def inline(self) -> list[Sign]:
        (token,) = _parser().parseInline(self.content)
        for child in token.children or []:
            self.token(child)
        return self.signs

    # --- places -------------------------------------------------------------------------------------

    def place(self, at: int) -> int:
        return self.stretch.places[at]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the file of content [start, end)."""
        return self.place(start), self.place(end - 1) + 1 if end > start and self._adjacent(end) else self.place(end)

    def _adjacent(self, end: int) -> bool:
        """A line may start with the marks of a quotation or a list, which belong to no sign."""
        return self.content[end - 1] == "\n"

    def take(self, piece: str) -> tuple[int, int]:
        if not self.content.startswith(piece, self.cursor):
            raise Lost(f"{piece!r} is written in a way that cannot be followed")
        start, self.cursor = self.cursor, self.cursor + len(piece)
        return start, self.cursor

    def add(
        self, key: str, start: int, end: int, mode: Mode = "text", atom: tuple[int, int] | None = None,
        literal: bool = False,
    ) -> None:  # fmt: skip
        first, last = self.span(start, end) if end > start else (self.place(start), self.place(start))
        self.signs.append(Sign(key, mode, first, last, atom, literal=literal))

    # --- tokens -------------------------------------------------------------------------------------

    def token(self, token: Token) -> None:
        match token.type:
            case "text":
                start, _ = self.take(token.content)
                for number, letter in enumerate(token.content):
                    self.add(letter, start + number, start + number + 1)
            case "text_special":
                start, end = self.take(token.markup)
                for letter in token.content:
                    self.add(letter, start, end, atom=self.span(start, end))
            case "softbreak":
                self.softbreak()
            case "hardbreak":
                match = re.compile(r"(?: {2,}|\\)\n *").match(self.content, self.cursor)
                start, end = self.take(match[0] if match else "\n")
                self.add("<br>", start, end)
            case "code_inline":
                self.code(token)
            case "math_inline" | "math_inline_double":
                marks = "$$" if token.type.endswith("double") else "$"
                start, inside = self.take(marks)
                self.take(token.content)
                last, end = self.take(marks)
                self.add("<math>", start, inside, "tex")
                self.signs += self.formula(inside, last, (start, end))
                self.add("</math>", last, end, "tex")
            case "em_open" | "em_close" | "strong_open" | "strong_close":
                self.add(MARKS[token.type], *self.take(token.markup))
            case "link_open":
                self.link_open(token)
            case "link_close":
                self.link_close()
            case "myst_role":
                self.role(token)
            case "footnote_ref":
                self.note(str(token.meta.get("label", "")))
            case other:
                raise Lost(f"a {other.replace('_', ' ')}")

    def softbreak(self) -> None:
        match = re.compile(r"[ \t]*\n[ \t]*").match(self.content, self.cursor)
        start, end = self.take(match[0] if match else "\n")
        if breaks_to_space(self.content[:start], self.content[end:]):
            self.add(" ", start, end)

    def code(self, token: Token) -> None:
        match = re.compile(rf"{token.markup}(.*?)(?<!`){token.markup}(?!`)", re.DOTALL).match(self.content, self.cursor)
        start, end = self.take(match[0] if match else token.markup)
        whole = self.span(start, end)
        self.add("<code>", start, start + 1, atom=whole)
        for letter in token.content:
            self.signs.append(Sign(letter, "code", *whole, atom=whole))
        self.add("</code>", end - 1, end, atom=whole)

    def link_open(self, token: Token) -> None:
        auto = token.info == "auto"
        href = str(token.attrs.get("href", ""))
        start, end = self.take("<" if auto else "[")
        target = self.names.target(href)
        key = "" if target is None else f"[{target or address(href)}]"
        self.links.append((key, "auto" if auto else ""))
        if key:
            self.add(f"<link {key}>", start, end)

    def link_close(self) -> None:
        key, auto = self.links.pop()
        if auto:
            start, end = self.take(">")
        else:
            start = self.cursor
            self.take("](")
            depth, end = 1, self.cursor
            while end < len(self.content) and depth:
                sign = self.content[end]
                depth += {"(": 1, ")": -1}.get(sign, 0)
                end += 2 if sign == "\\" else 1
            self.cursor = end
        if key:
            self.add(f"</link {key}>", start, end)

    def role(self, token: Token) -> None:
        name = str(token.meta["name"])
        start, _ = self.take("{" + name + "}")
        ticks = re.compile("`+").match(self.content, self.cursor)
        marks = ticks[0] if ticks else "`"
        _, inside = self.take(marks)
        last = self.content.find(marks, inside)
        if last < 0:
            raise Lost(f"the role {name}")
        text, self.cursor = self.content[inside:last], last + len(marks)
        end = self.cursor
        whole = self.span(start, end)
        if name == "lit":
            for number, letter in enumerate(text):
                self.add(letter, inside + number, inside + number + 1, atom=whole, literal=True)
            return
        if name == "glue":
            node = glue(text, NOWHERE, self.reading)
            if node is None:
                raise Lost(f"the value {text!r}")
            self.value(node, text, whole, "text")
            return
        if name == "cite":
            for key in text.split(","):
                self.signs.append(Sign(f"<cite {key.strip()}>", "text", *whole, atom=whole))
            return
        found = term(text, NOWHERE, self.reading) if name == "term" else None
        if found is None:
            raise Lost(f"the role {name}")
        self.signs.append(Sign(f"<term {found.key}>", "text", *whole, atom=whole))
        self.signs += [Sign(letter, "text", *whole, atom=whole) for letter in found.text]
        self.signs.append(Sign(f"</term {found.key}>", "text", *whole, atom=whole))

    def value(self, node: Glue, text: str, whole: tuple[int, int], mode: Mode) -> None:
        printed = self.names.value(node) if mode == "text" else self.names.value_in_formula(node)
        self.signs += [Sign(letter, mode, *whole, atom=whole, value=text.strip()) for letter in printed]

    def note(self, label: str) -> None:
        start, end = self.take(f"[^{label}]")
        self.add(f"<note {label}>", start, end)
        stretch = self.places.notes.get(label)
        if label in self.taken or stretch is None:
            return
        self.taken.add(label)
        self.signs += signs_of(stretch, self.names, self.places, self.taken)
        behind = self.place(end)
        self.signs.append(Sign("</note>", "text", behind, behind))

    # --- formulas -----------------------------------------------------------------------------------

    def formula(self, start: int, end: int, around: tuple[int, int]) -> list[Sign]:
        """TeX between two places of the content, its line ends as the wiki has them."""
        held, self.signs = self.signs, []
        block = self.stretch.kind == "tex"
        cursor = start
        while cursor < end:
            found = VALUE_IN_MATH.match(self.content, cursor)
            if found:
                last = closing_brace(self.content, found.end())
                if last < 0:
                    raise Lost("a formula whose braces do not pair up")
                self.in_formula(found, last)
                cursor = last + 1
                continue
            space = re.compile(r"[ \t]*\n[ \t\n]*").match(self.content, cursor, end)
            if space and not block:
                self.add(" ", cursor, space.end(), "tex")
                cursor = space.end()
                continue
            self.add(self.content[cursor], cursor, cursor + 1, "tex")
            cursor += 1
        found_signs, self.signs = self.signs, held
        return found_signs

    def in_formula(self, found: re.Match[str], last: int) -> None:
        inside = self.content[found.end() : last]
        whole = self.span(found.start(), last + 1)
        if found[1] == "lit":
            for number, letter in enumerate(inside):
                at = found.end() + number
                self.add(letter, at, at + 1, "tex", atom=whole, literal=True)
            return
        node = glue(inside, NOWHERE, self.reading)
        if node is None:
            raise Lost(f"the value {inside!r}")
        self.value(node, inside, whole, "tex")
