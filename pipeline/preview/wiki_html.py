"""The wiki's HTML and styles, made to be looked at here: without scripts, its links and files led by the preview.

Nothing depends on this being complete: the page is shown in a frame in which no script runs, under a policy that loads
nothing from elsewhere. What is taken out here would only be refused there, loudly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from markupsafe import Markup, escape

from pipeline.preview.wiki_parse import Nature

EMPTY = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
# With all that stands in them: they run something, ask for something, or are meant for browsers without scripts.
LEFT_OUT = frozenset(
    ("script", "noscript", "iframe", "object", "applet", "template", "form", "base", "embed", "meta", "link", "title")
)
LOADING = frozenset(("src", "poster", "data", "background", "srcset", "action", "formaction", "ping", "srcdoc"))
CSS_ADDRESS = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""")
Kind = Literal["style", "picture"]


@dataclass(frozen=True, slots=True)
class Ways:
    """Where links of one page lead and where its files come from.

    `place` gives the preview's address of the page with this title, or None; `file` gives the preview's address of a
    file of the wiki, None for one that is not shown.
    """

    nature: Nature
    url: str  # of the page on the wiki: what its links are relative to
    place: Callable[[str], str | None]
    file: Callable[[str, Kind], str | None]

    def link(self, address: str) -> tuple[str, bool]:
        """Where a link leads, and whether that is outside of the preview; "" where it leads nowhere."""
        if address.startswith("#"):
            return address, False
        try:
            full = urljoin(self.url, address)
            parts = urlsplit(full)
        except ValueError:
            return "", False
        if parts.scheme == "mailto":
            return full, True
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return "", False
        title = self._title(full)
        place = self.place(title) if title else None
        if place is None:
            return full, True
        return place + (f"#{parts.fragment}" if parts.fragment else ""), False

    def _title(self, full: str) -> str:
        """The title of the wiki's page at an address, for reading it or for writing it first; "" for other places."""
        here, there = urlsplit(self.url), urlsplit(full)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            return ""
        asked = parse_qs(there.query)
        if "title" in asked and there.path in (f"{self.nature.script}/index.php", f"{self.nature.script}/"):
            reads = asked.get("action", ["view"]) == ["view"] or "redlink" in asked
            return _spaced(asked["title"][0]) if reads and "oldid" not in asked and "diff" not in asked else ""
        before, _, after = self.nature.article.partition("$1")
        path = there.path
        if asked or not (path.startswith(before) and path.endswith(after)):
            return ""
        return _spaced(unquote(path[len(before) : len(path) - len(after)]))


@dataclass(frozen=True, slots=True)
class Shown:
    """A page's content, ready to be put into a document without scripts."""

    html: Markup
    without: int  # pictures that come from elsewhere and are not shown
    formulas_elsewhere: bool  # whether there are formulas whose pictures come from elsewhere


def shown(html: str, ways: Ways, formula: Callable[[str, bool], Markup] | None = None) -> Shown:
    """Make content ready; `formula` draws what the wiki leaves to scripts, from its TeX and whether it is a block."""
    writer = _Writer(ways, formula)
    writer.feed(html)
    writer.close()
    return Shown(Markup("".join(writer.out)), writer.without, writer.foreign_formulas)


def styled(css: str, file: Callable[[str, Kind], str | None], url: str) -> str:
    """A style sheet from `url` with the addresses in it led by us; what is elsewhere is left out."""

    def led(found: re.Match[str]) -> str:
        address = next((group for group in found.groups() if group is not None), "")
        if address.startswith(("data:image/", "data:font/", "data:application/font")) and found[4] is None:
            return found[0]
        kind: Kind = "style" if found[0].startswith("@") else "picture"
        place = file(urljoin(url, address), kind) if address else None
        rule = f'url("{place or "data:,"}")'
        return f"@import {rule}" if kind == "style" else rule

    return CSS_ADDRESS.sub(led, css)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of the wiki's page says: its style sheets and the classes that they look for."""

    styles: tuple[str, ...]
    html_classes: str
    body_classes: str


def head(html: str) -> Head:
    """Read what `prop=headhtml` gives."""
    reader = _HeadReader()
    reader.feed(html)
    reader.close()
    return Head(tuple(reader.styles), reader.classes["html"], reader.classes["body"])


def _spaced(title: str) -> str:
    return title.replace("_", " ").strip()


class _HeadReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.styles: list[str] = []
        self.classes = {"html": "", "body": ""}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in self.classes:
            self.classes[tag] = given.get("class", "")
        elif tag == "link" and given.get("rel") == "stylesheet" and "href" in given:
            self.styles.append(given["href"])


@dataclass
class _Writer(HTMLParser):
    ways: Ways
    formula: Callable[[str, bool], Markup] | None
    out: list[str] = field(default_factory=list)
    without: int = 0
    foreign_formulas: bool = False
    skipping: list[str] = field(default_factory=list)  # elements that are left out, outermost first
    tex: list[str] | None = None  # of the formula that is read
    is_block: bool = False
    in_style: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipping or tag in LEFT_OUT:
            if tag not in EMPTY and tag != "base":
                self.skipping.append(tag)
            return
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if self.formula and tag == "span" and any(name.startswith("mwe-math-fallback-source") for name in classes):
            self.tex, self.is_block = [], "mwe-math-fallback-source-display" in classes
            return
        self.in_style = tag == "style"
        if tag == "img" and not self._picture(given, classes):
            return
        if tag in ("a", "area"):
            self._link(given)
        kept = {name: value for name, value in given.items() if self._is_kept(tag, name)}
        if "style" in kept:
            kept["style"] = styled(kept["style"], self.ways.file, self.ways.url)
        attributes = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in kept.items())
        self.out.append(f"<{tag}{attributes}>")

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            if tag in self.skipping:
                while self.skipping.pop() != tag:
                    pass
            return
        if self.tex is not None:
            if tag == "span" and self.formula is not None:
                source, self.tex = "".join(self.tex), None
                self.out.append(str(self.formula(source, self.is_block)))
            return
        self.in_style = False
        if tag not in EMPTY and tag not in LEFT_OUT:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.skipping:
            return
        if self.tex is not None:
            self.tex.append(data)
        elif self.in_style:
            self.out.append(styled(data, self.ways.file, self.ways.url).replace("</", "<\\/"))
        else:
            self.out.append(str(escape(data)))

    def _is_kept(self, tag: str, name: str) -> bool:
        if (
            name.startswith("on")
            or name.endswith(":href")
            or (name in LOADING and not (tag == "img" and name in ("src", "srcset")))
        ):
            return False
        return re.fullmatch(r"[a-zA-Z][\w:.-]*", name) is not None and (name != "href" or tag in ("a", "area"))

    def _link(self, given: dict[str, str]) -> None:
        if "href" not in given:
            return
        place, is_outside = self.ways.link(given["href"])
        if not place:
            del given["href"]
        elif is_outside:
            given |= {"href": place, "target": "_blank", "rel": "noopener noreferrer"}
            given["class"] = f"{given.get('class', '')} external".strip()
        else:
            given["href"] = place
            if not place.startswith("#"):
                given["target"] = "_top"

    def _picture(self, given: dict[str, str], classes: list[str]) -> bool:
        """Lead a picture by us; False when there is nothing to show of it."""
        place = self.ways.file(urljoin(self.ways.url, given.get("src", "")), "picture")
        sizes = [part.split() for part in given.pop("srcset", "").split(",")]
        led = [(self.ways.file(urljoin(self.ways.url, size[0]), "picture"), size[1:]) for size in sizes if size]
        if found := [" ".join((address, *rest)) for address, rest in led if address]:
            given["srcset"] = ", ".join(found)
        if place is not None:
            given["src"] = place
            return True
        given.pop("src", None)
        given.pop("srcset", None)
        is_formula = any(name.startswith("mwe-math-fallback-image") for name in classes)
        self.foreign_formulas |= is_formula
        self.without += not is_formula
        return not is_formula
