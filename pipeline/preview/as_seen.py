"""What a reader sees of a page, top to bottom, of the site's HTML and of MediaWiki's alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

EMPTY = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
UNSEEN = frozenset(("script", "style", "template", "annotation", "head", "title"))
# What only one of the two has, and a reader of the other does not miss.
CHROME = frozenset(
    (
        "mw-editsection",  # MediaWiki's links to edit a section
        "toc",  # each inserts a table of contents of its own
        "mw-cite-backlink",  # arrows from a reference back to its marks …
        "back",  # … here and there
        "marovi-term-popup",  # popups that are not open …
        "definitions",  # … here and there
        "hidden-words",
        "mw-empty-elt",
    )
)
INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "kbd", "math", "q", "s", "samp", "small", "span", "strong",
        "sub", "sup", "time", "u", "var",
    )
)  # fmt: skip
BOX = "marovi-box"  # a table on the wiki and a list here: its words are compared, as all are
# A term's popup follows it on the wiki, with the link that the term itself is here.
TERM, MORE = "marovi-term", "marovi-term-more"
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
CELLS = frozenset(("td", "th"))
# Where a link leads and which file a picture is, under a name that both sides have; "" for what is not compared.
Target = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is on a page, in order. Words hold formulas as their TeX in ⟦…⟧; preformatted texts are to the letter."""

    words: tuple[str, ...]
    preformatted: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()  # "2 Definition"
    links: tuple[str, ...] = ()  # "words → target"
    figures: tuple[str, ...] = ()  # "file: alternative text"
    tables: tuple[tuple[str, ...], ...] = ()  # rows, their cells between |
    unbalanced: tuple[str, ...] = ()  # elements that do not end as they should


def seen(html: str, inside: str = "", link: Target = str, picture: Target = str) -> Seen:
    """Read `html`, or the element in it whose id is `inside`; `link` and `picture` name addresses.

    Raises ValueError when there is no such element.
    """
    reader = _Reader(inside, link, picture)
    reader.feed(html)
    reader.close()
    if not reader.found:
        raise ValueError(f"there is no element #{inside}")
    return Seen(
        tuple(_plain(reader.words).split()),
        tuple(text.strip("\n") for text in reader.preformatted),
        tuple(reader.headings),
        tuple(reader.links),
        tuple(reader.figures),
        tuple(tuple(rows) for rows in reader.tables),
        tuple(reader.unbalanced),
    )


def tex(source: str) -> str:
    """A formula's TeX without the white space, the dollar signs and the styles that MediaWiki puts around it."""
    source = " ".join(source.split())
    source = re.sub(r"^\$\s*|\s*\$$", "", source)
    source = re.sub(r"^\{\\(?:displaystyle|textstyle) (.*)\}$", r"\1", source)
    return "⟦" + source.strip().replace(" ", "\u2423") + "⟧"


def _plain(words: list[str]) -> str:
    return "".join(words).replace("\u00a0", " ").replace("\u202f", " ")


def _joined(words: list[str]) -> str:
    return " ".join(_plain(words).split())


@dataclass
class _Open:
    """An element that has begun; `start` is where its words begin."""

    tag: str
    hidden: bool
    start: int
    formula: bool = False
    counts: bool = False  # as a heading, a link, a table or a cell
    address: str = ""
    classes: frozenset[str] = frozenset()


@dataclass
class _Reader(HTMLParser):
    inside: str
    link: Target
    picture: Target
    words: list[str] = field(default_factory=list)
    preformatted: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    tables: list[list[str]] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    rows: list[list[list[str]]] = field(default_factory=list)  # of the tables that have begun, outermost first
    formula: list[str] | None = None
    term: str = ""  # the last one
    depth: int = -1  # of the element that is read; -1 outside of it
    pre: int = 0
    found: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        if not self.inside:
            self.depth, self.found = 0, True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.inside and given.get("id") == self.inside and not self.found:
            self.depth, self.found = len(self.open) + 1, True
        if tag not in INLINE:
            self._break()
        classes = frozenset(given.get("class", "").split())
        if tag == "img" and self._reads and not self._hidden:
            self._see(given, classes)
        if tag in EMPTY:
            return
        hidden = (
            tag in UNSEEN
            or "hidden" in given
            or bool(CHROME & classes)
            or given.get("id") == "toc"
            or bool(re.search(r"display:\s*none", given.get("style", "")))
        )
        source = any(name.startswith("mwe-math-fallback-source") for name in classes)
        entry = _Open(tag, hidden or self._hidden, len(self.words), tag == "math" or source)
        self.open.append(entry)
        entry.counts = self._reads and not entry.hidden
        entry.address, entry.classes = given.get("href", ""), classes
        if entry.formula and not entry.hidden:
            self._begin_formula(entry, given)
        if entry.counts:
            self._begin(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        if tag not in INLINE:
            self._break()
        if all(entry.tag != tag for entry in self.open):
            self.unbalanced.append(f"</{tag}> without a beginning")
            return
        while (entry := self.open.pop()).tag != tag:
            self.unbalanced.append(f"<{entry.tag}> ends with </{tag}>")
            self._end(entry)
        self._end(entry)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self.formula is not None:
            self.formula.append(data)
            return
        self._add(data)
        if self.pre and self._reads:
            self.preformatted[-1] += data

    def _begin_formula(self, entry: _Open, given: dict[str, str]) -> None:
        if entry.tag == "math":
            self._add(" " + tex(given.get("alttext", "")) + " ")
            entry.hidden = True
        else:
            self.formula = []

    def _begin(self, tag: str) -> None:
        if tag == "pre":
            self.pre = len(self.open)
            self.preformatted.append("")
        elif tag == "table":
            self.rows.append([])
        elif tag == "tr" and self.rows:
            self.rows[-1].append([])

    def _end(self, entry: _Open) -> None:
        if entry.formula and self.formula is not None:
            source, self.formula = "".join(self.formula), None
            self._add(" " + tex(source) + " ")
        if self.pre > len(self.open):
            self.pre = 0
        if entry.counts:
            self._count(entry)
        elif entry.tag == "a" and self._reads and any(MORE in around.classes for around in self.open):
            self._led(self.term, entry.address)
        if self.inside and len(self.open) < self.depth:
            self.depth = -1

    def _count(self, entry: _Open) -> None:
        words = _joined(self.words[entry.start :])
        if entry.tag in HEADINGS:
            self.headings.append(f"{entry.tag[1]} {words}")
        elif entry.tag == "a" and entry.address:
            self._led(words, entry.address)
        elif TERM in entry.classes:
            self.term = words
        elif entry.tag in CELLS and self.rows and self.rows[-1]:
            self.rows[-1][-1].append(words)
        elif entry.tag == "table" and self.rows:
            rows = self.rows.pop()
            if BOX not in entry.classes:
                self.tables.append([" | ".join(cells) for cells in rows])

    def _led(self, words: str, address: str) -> None:
        """Note a link; one around a picture leads to the picture itself."""
        if words and address and (target := self.link(address)):
            self.links.append(f"{words} → {target}")

    def _see(self, given: dict[str, str], classes: frozenset[str]) -> None:
        if any(name.startswith("mwe-math-fallback-image") for name in classes):
            self._add(" " + tex(given.get("alt", "")) + " ")
        elif name := self.picture(given.get("src", "")):
            self.figures.append(f"{name}: {' '.join(given.get('alt', '').split())}")

    @property
    def _hidden(self) -> bool:
        return any(entry.hidden for entry in self.open)

    @property
    def _reads(self) -> bool:
        return self.depth >= 0

    def _add(self, text: str) -> None:
        if self._reads:
            self.words.append(text)

    def _break(self) -> None:
        if not self._hidden:
            self._add(" ")
