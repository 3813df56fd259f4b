"""The visible text of a page, of the preview's HTML and of MediaWiki's alike, so that the two can be compared."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader sees, top to bottom: words (formulas as their TeX in ⟦…⟧), and preformatted texts to the letter."""

    words: tuple[str, ...]
    preformatted: tuple[str, ...]

    def differences(self, other: Shown) -> list[str]:
        """Where the two differ, with some words around; [] when a reader sees the same."""
        found = list(_differences(self.words, other.words))
        for mine, theirs in zip(self.preformatted, other.preformatted, strict=False):
            if mine != theirs:
                found += list(difflib.ndiff(mine.splitlines(), theirs.splitlines()))
        if len(self.preformatted) != len(other.preformatted):
            found.append(f"{len(self.preformatted)} preformatted texts against {len(other.preformatted)}")
        return found


def shown(html: str, inside: str = "") -> Shown:
    """Read the visible text of `html`, or of the element in it whose id is `inside`."""
    reader = _Reader(inside)
    reader.feed(html)
    reader.close()
    assert reader.found, f"there is no element #{inside}"
    words = "".join(reader.words).replace("\u00a0", " ").replace("\u202f", " ")
    preformatted = tuple(text.strip("\n") for text in reader.preformatted)
    return Shown(tuple(words.split()), preformatted)


def tex(source: str) -> str:
    """A formula's TeX without the white space, the dollar signs and the styles that MediaWiki puts around it."""
    source = " ".join(source.split())
    source = re.sub(r"^\$\s*|\s*\$$", "", source)
    source = re.sub(r"^\{\\(?:displaystyle|textstyle) (.*)\}$", r"\1", source)
    return "⟦" + source.strip().replace(" ", "\u2423") + "⟧"


@dataclass
class _Open:
    tag: str
    hidden: bool
    formula: bool = False


@dataclass
class _Reader(HTMLParser):
    inside: str
    words: list[str] = field(default_factory=list)
    preformatted: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    formula: list[str] | None = None
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
        if tag in EMPTY:
            return
        classes = set(given.get("class", "").split())
        hidden = (
            tag in UNSEEN
            or "hidden" in given
            or bool(CHROME & classes)
            or given.get("id") == "toc"
            or bool(re.search(r"display:\s*none", given.get("style", "")))
        )
        source = any(name.startswith("mwe-math-fallback-source") for name in classes)
        entry = _Open(tag, hidden or self._hidden, tag == "math" or source)
        self.open.append(entry)
        if entry.formula and not entry.hidden:
            if tag == "math":
                self._add(" " + tex(given["alttext"]) + " ")
                entry.hidden = True
            else:
                self.formula = []
        if tag == "pre" and self._reads and not entry.hidden:
            self.pre = len(self.open)
            self.preformatted.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        if tag not in INLINE:
            self._break()
        entry = self.open.pop()
        assert entry.tag == tag, f"<{entry.tag}> ends with </{tag}>"
        if entry.formula and self.formula is not None:
            source, self.formula = "".join(self.formula), None
            self._add(" " + tex(source) + " ")
        if self.pre > len(self.open):
            self.pre = 0
        if self.inside and len(self.open) < self.depth:
            self.depth = -1

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self.formula is not None:
            self.formula.append(data)
            return
        self._add(data)
        if self.pre and self._reads:
            self.preformatted[-1] += data

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


def _differences(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            before = " ".join(mine[max(a - 5, 0) : a])
            yield f"… {before} [preview: {' '.join(mine[a:b])!r}] [wiki: {' '.join(theirs[c:d])!r}]"
