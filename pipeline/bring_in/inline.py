"""Words of a line with their markup: from the wiki's nodes to those of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import mwparserfromhell
from mwparserfromhell.nodes import Argument, Comment, ExternalLink, Heading, HTMLEntity, Node, Tag, Template, Wikilink
from mwparserfromhell.nodes import Text as WikiText
from mwparserfromhell.wikicode import Wikicode

from pipeline.bring_in.page import Page
from pipeline.bring_in.quotes import Mark, marks_in, styled
from pipeline.bring_in.references import reference_of
from pipeline.bring_in.scripts import raised
from pipeline.read.article import NOWHERE
from pipeline.read.document import (
    Cite,
    Emphasis,
    FootnoteReference,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    SectionLink,
    Strong,
    Term,
    Text,
    TopicLink,
    walk,
)
from pipeline.read.document import ExternalLink as OutLink

STYLES: dict[str, type[Strong] | type[Emphasis]] = {
    "b": Strong,
    "strong": Strong,
    "i": Emphasis,
    "em": Emphasis,
    "var": Emphasis,
    "cite": Emphasis,
}
CODE = frozenset(("code", "tt", "kbd", "samp"))
# What draws words otherwise without changing what they say.
TRANSPARENT = frozenset((
    "span", "small", "big", "font", "u", "s", "del", "ins", "strike", "abbr", "bdi", "bdo", "mark", "q",
    "dfn", "time", "p", "div", "center", "includeonly", "noinclude", "onlyinclude", "li", "dd", "dt", "wbr",
    "nobr", "data", "rt",
))  # fmt: skip
SWITCH = re.compile(r"__[A-Z]+__")
TRAIL = re.compile(r"[a-zà-öø-ÿ]+")


def inline(pieces: Iterable[str | Node], page: Page) -> list[Inline]:
    """Read one line: plain text (in which apostrophes are marks) and nodes."""
    parts: list[Inline | Mark] = []
    for piece in pieces:
        if isinstance(piece, (str, WikiText)):
            parts += marks_in(_without_switches(_trail(str(piece), parts), page))
        else:
            parts += _node(piece, page)
    return styled(parts)


def inside(code: Wikicode | str | None, page: Page) -> list[Inline]:
    """Read a piece of wikitext as one line, such as a link's words or a parameter."""
    if code is None:
        return []
    nodes = code.nodes if isinstance(code, Wikicode) else mwparserfromhell.parse(code, skip_style_tags=True).nodes
    return inline(nodes, page)


def words(nodes: Iterable[Inline]) -> str:
    """What is read aloud: text, code, formulas."""
    found = []
    for node in walk(tuple(nodes)):
        if isinstance(node, (Text, InlineCode, Term)):
            found.append(node.text)
        elif isinstance(node, InlineMath):
            found += [part for part in node.tex if isinstance(part, str)]
        elif isinstance(node, LineBreak):
            found.append(" ")
    return " ".join("".join(found).split())


def _trail(text: str, parts: list[Inline | Mark]) -> str:
    """Letters right behind a link belong to its words."""
    last = parts[-1] if parts else None
    found = TRAIL.match(text)
    if found and isinstance(last, (TopicLink, SectionLink)):
        children = (*last.children, Text(found[0], NOWHERE))
        parts[-1] = replace(last, children=children)
        return text[found.end() :]
    return text


def _without_switches(text: str, page: Page) -> str:
    for found in SWITCH.findall(text):
        page.notes.say("left out", found, "a switch of the wiki, which sources do not have")
    return SWITCH.sub("", text)


def _node(node: Node, page: Page) -> Sequence[Inline | Mark]:
    match node:
        case HTMLEntity():
            return [Text(decoded(node), NOWHERE)]
        case Comment():
            page.notes.say("left out", str(node), "a comment, which sources do not have")
            return []
        case Wikilink():
            return _link(node, page)
        case ExternalLink():
            return _address(node, page)
        case Template():
            return _template(node, page)
        case Tag():
            return _tag(node, page)
        case Argument() | Heading():
            page.notes.say("changed", str(node), "kept as text")
            return [Text(str(node), NOWHERE)]
        case _:
            return [Text(str(node), NOWHERE)]


def decoded(node: HTMLEntity) -> str:
    try:
        return str(node.normalize())
    except (ValueError, KeyError, OverflowError):
        return str(node)


def _tag(node: Tag, page: Page) -> Sequence[Inline | Mark]:
    name = str(node.tag).strip().lower()
    if name in STYLES:
        style = STYLES[name]
        return [style(tuple(inside(node.contents, page)), NOWHERE)]
    if name == "nowiki":
        text = re.sub(r"&#?\w+;", _entity, str(node.contents or ""))
        return [Text(text, NOWHERE)]  # an empty one keeps letters from being drawn into a link
    if name == "br":
        return [LineBreak(NOWHERE)]
    if name in ("math", "chem", "ce"):
        return formula(node, page)
    if name in CODE or name in ("syntaxhighlight", "source", "pre"):
        return [code(node, page)]
    if name == "ref":
        return _reference(node, page)
    if name in ("sup", "sub"):
        return raised(inside(node.contents, page), name, str(node), page.notes)
    if name == "references":
        return []
    if node.wiki_markup is not None and node.contents is None:
        return [Text(str(node), NOWHERE)]
    if name in TRANSPARENT:
        if str(node.contents or "").strip() and (name not in ("span", "p", "li", "dd", "dt", "div") or node.attributes):
            page.notes.say("changed", str(node), f"its words stand without <{name}>")
        return inside(node.contents, page)
    page.notes.say("changed", str(node), f"kept as text: sources have no <{name}>")
    return [InlineCode(_one_line(str(node)), NOWHERE)]


def formula(node: Tag, page: Page, lines: bool = False) -> list[Inline]:
    """A formula on one line, or on its own `lines` without the empty ones, which would end it."""
    tex = str(node.contents or "").strip()
    if not tex:
        return []
    if str(node.tag).strip().lower() != "math":
        tex = f"\\ce{{{tex}}}"
        page.notes.say("to do", str(node), "a chemical formula: write it as TeX")
    kept = [_one_line(line) for line in tex.split("\n") if line.strip()]
    return [InlineMath((("\n" if lines else " ").join(kept),), NOWHERE)]


def code(node: Tag, page: Page) -> Inline:
    """Code in a line; markup inside of it is shown as its words."""
    name = str(node.tag).strip().lower()
    if name in ("syntaxhighlight", "source", "pre"):
        return InlineCode(_one_line(str(node.contents or "")), NOWHERE)
    inner = inside(node.contents, page)
    if any(not isinstance(part, (Text, InlineCode)) for part in inner):
        page.notes.say("changed", str(node), "code with markup inside: its words stand as plain code")
    return InlineCode(_one_line(words(inner)), NOWHERE)


def _reference(node: Tag | Template, page: Page) -> list[Inline]:
    found = reference_of(node)
    assert found is not None
    key = page.citation(found)
    if key:
        return [Cite((key,), NOWHERE)]
    label = page.footnote(found)
    if label is None:
        page.notes.say("left out", str(node), "a reference that the page never gives a text")
        return []
    if page.in_note or page.no_notes:
        where = "a note" if page.in_note else "the head or a definition"
        page.notes.say("left out", page.note_text(label), f"a note inside of {where}, where sources take none")
        return []
    page.use(label)
    return [FootnoteReference(label, NOWHERE)]


def _link(node: Wikilink, page: Page) -> list[Inline]:
    title = str(node.title).strip()
    plain = title.removeprefix(":")
    if not title.startswith(":") and page.is_category(title):
        page.categories.append(str(node))
        return []
    if not title.startswith(":") and page.is_picture(title):
        page.pictures.append(node)
        return []
    shown: list[Inline] = inside(node.text, page) if node.text is not None else [Text(plain.replace("_", " "), NOWHERE)]
    if not words(shown):
        shown = [Text(plain.partition("#")[0] or plain, NOWHERE)]
    if node.text is not None and not str(node.text).strip() and not title.startswith("#"):
        shown = [Text(re.sub(r"^[^:]+:|\s*\(.*\)$", "", plain), NOWHERE)]
    target = page.target(plain, str(node))
    if target is None:
        return shown
    slug, section = target
    if not slug:
        return [SectionLink(section, tuple(shown), NOWHERE)]
    return [TopicLink(slug, section, tuple(shown), NOWHERE)]


def _address(node: ExternalLink, page: Page) -> list[Inline]:
    url = str(node.url).strip()
    shown = inside(node.title, page) if node.title is not None else []
    if url.startswith("//"):
        url = "https:" + url
    if not re.match(r"(https?://[^\s/]|mailto:.)", url) or re.search(r"[\s<>{}|\\^`]", url):
        page.notes.say("changed", str(node), "an address that sources do not link to: it stands as text")
        return [*shown, Text(f" ({url})" if shown else url, NOWHERE)]
    return [OutLink(url, tuple(shown) if words(shown) else (Text(url, NOWHERE),), NOWHERE)]


def _template(node: Template, page: Page) -> list[Inline]:
    name = str(node.name).strip()
    if name.lower() == "#tag:ref":
        return _reference(node, page)
    if name in ("!", "="):
        return [Text({"!": "|"}.get(name, name), NOWHERE)]
    if name.lower() in ("nbsp", "spaces") and not node.params:
        return [Text("\u00a0", NOWHERE)]
    if name.lower() in ("math", "mvar") and len(node.params) == 1:
        return [Emphasis(tuple(inside(node.params[0].value, page)), NOWHERE)]
    if page.is_head(node):
        return []
    if name.lower() == "term" and node.has("1"):
        return _term(node, page)
    page.notes.say("changed", str(node), f"the template {name} is not known here: its call stands as text")
    return [InlineCode(_one_line(str(node)), NOWHERE)]


def _term(node: Template, page: Page) -> list[Inline]:
    shown = inside(node.get("2").value if node.has("2") else node.get("1").value, page)
    text, key = words(shown), str(node.get("1").value).strip()
    key = key if key in page.names.concepts else page.known_term(key) or page.known_term(text)
    if not key:
        page.notes.say("changed", str(node), "the glossary has no such concept: its words stand as text")
        return shown
    if page.no_terms or any(not isinstance(part, Text) for part in shown) or re.search(r"[`<>\\]", text):
        page.notes.say("changed", str(node), "no term can be marked here: its words stand as text")
        return shown
    return [Term(key, text, NOWHERE)]


def _entity(match: re.Match[str]) -> str:
    node = next(iter(mwparserfromhell.parse(match[0]).nodes), None)
    return decoded(node) if isinstance(node, HTMLEntity) else match[0]


def _one_line(text: str) -> str:
    return " ".join(text.split())
