"""A line of the wiki's markup as signs, each piece of markup with the way a source says it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import mwparserfromhell
from mwparserfromhell.nodes import (
    Comment,
    ExternalLink,
    HTMLEntity,
    Node,
    Tag,
    Template,
    Text,
    Wikilink,
)
from mwparserfromhell.wikicode import Wikicode

from pipeline.pull.names import Names
from pipeline.pull.signs import Sign, letters
from pipeline.render.wikitext.escape import PROTOCOLS
from pipeline.render.wikitext.notes import GROUP

MARKUP = re.compile(
    r"'{2,}|\[\[|\]\]|\{\{|\}\}|~{3,}|__[A-Za-z]+__|</?[A-Za-z][^>\s]*|<!--|(?:RFC|PMID|ISBN)\s+\d"
    r"|(?<!\w)" + PROTOCOLS,
    re.IGNORECASE,
)
MARKS = {"b": ("strong", "**"), "strong": ("strong", "**"), "i": ("em", "*"), "em": ("em", "*")}


def signs_of_wiki(wikitext: str, names: Names) -> list[Sign]:
    """Read what a person may have written; markup that no source has becomes one sign that says so."""
    # The parser takes an apostrophe next to the marks of emphasis for part of them only when they pair up.
    return _Reader(names).nodes(mwparserfromhell.parse(wikitext).nodes)


def formula_of_wiki(tex: str) -> list[Sign]:
    """The inside of `<math>`."""
    return letters(tex, "tex")


class _Reader:
    def __init__(self, names: Names) -> None:
        self.names = names

    def nodes(self, nodes: Iterable[Node]) -> list[Sign]:
        return [sign for node in nodes for sign in self.node(node)]

    def inside(self, code: Wikicode | None) -> list[Sign]:
        return self.nodes(code.nodes) if code is not None else []

    def node(self, node: Node) -> list[Sign]:
        match node:
            case Text():
                return _plain(str(node))
            case HTMLEntity():
                return letters(_decoded(node))
            case Tag():
                return self.tag(node)
            case Wikilink():
                return self.link(node)
            case ExternalLink() if node.brackets:
                return self.address(node)
            case ExternalLink():
                return [_foreign(node, "an address without brackets")]
            case Template():
                return self.template(node)
            case Comment():
                return [_foreign(node, "a comment")]
            case _:
                return [_foreign(node, "markup that no source has")]

    def tag(self, node: Tag) -> list[Sign]:
        name = str(node.tag).strip().lower()
        if name in MARKS and not node.attributes:
            kind, mark = MARKS[name]
            inner = self.inside(node.contents)
            return [Sign(f"<{kind}>", markdown=mark), *inner, Sign(f"</{kind}>", markdown=mark)]
        if name == "nowiki":
            return letters(re.sub(r"&[#\w]+;", _entity, str(node.contents or "")))
        if name == "br":
            return [Sign("<br>", reason="a line break")]
        if name == "math":
            return self.formula(node)
        if name == "code" and not node.attributes:
            return self.code(node)
        if name == "syntaxhighlight" and node.has("inline"):
            return self.code(node)
        if name == "ref":
            return self.reference(node)
        return [_foreign(node, f"the tag <{name}>")]

    def formula(self, node: Tag) -> list[Sign]:
        if node.has("display") and str(node.get("display").value).strip() != "inline":
            return [_foreign(node, "a formula on lines of its own")]
        inner = formula_of_wiki(str(node.contents or ""))
        return [Sign("<math>", "tex", markdown="$"), *inner, Sign("</math>", "tex", markdown="$")]

    def code(self, node: Tag) -> list[Sign]:
        text = str(node.contents or "")
        if str(node.tag).strip().lower() == "code":
            inner = self.inside(node.contents)
            if not all(sign.is_letter for sign in inner):
                return [_foreign(node, "markup inside of code")]
            text = "".join(sign.key for sign in inner)
        marks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
        space = " " if text[:1] == "`" or text[-1:] == "`" or (text != text.strip() and text.strip()) else ""
        opening, closing = Sign("<code>", markdown=marks + space), Sign("</code>", markdown=space + marks)
        return [opening, *letters(text, "code"), closing]

    def reference(self, node: Tag) -> list[Sign]:
        name = str(node.get("name").value).strip() if node.has("name") else ""
        group = str(node.get("group").value).strip() if node.has("group") else ""
        inner = self.inside(node.contents) if node.contents is not None and not node.self_closing else []
        if group == GROUP and name:
            return self.note(name, inner)
        key = self.names.citations.get(name)
        if inner or group or key is None:
            return [_foreign(node, f"the reference {name!r}, which references.bib does not have" if name else "a note")]
        return [Sign(f"<cite {key}>", markdown=f"{{cite}}`{key}`")]

    def note(self, name: str, inner: list[Sign]) -> list[Sign]:
        mark = Sign(f"<note {name}>", markdown=f"[^{name}]")
        return [mark, *inner, Sign("</note>", reason="the end of a note")] if inner else [mark]

    def link(self, node: Wikilink) -> list[Sign]:
        target = str(node.title).strip().removeprefix(":")
        if re.match(r"(?i)(file|image|category):", str(node.title).strip()):
            return [_foreign(node, "a picture or a category")]
        words = self.inside(node.text) if node.text is not None else letters(target)
        if node.text is None or "#" not in target:
            target = target[:1].upper() + target[1:]
        href = self.names.href(target)
        reason = "" if href else self.names.why_not(target)
        closing = f"]({href})" if href else None
        key = f"[{target}]"
        opening = "[" if href else None
        return [
            Sign(f"<link {key}>", markdown=opening, reason=reason),
            *words,
            Sign(f"</link {key}>", markdown=closing, reason=reason),
        ]

    def address(self, node: ExternalLink) -> list[Sign]:
        url = str(node.url).strip()
        words = self.inside(node.title)
        if not words:
            return [_foreign(node, "a link without words")]
        key = f"[{url}]"
        href = url if url.count("(") == url.count(")") else f"<{url}>"
        return [Sign(f"<link {key}>", markdown="["), *words, Sign(f"</link {key}>", markdown=f"]({href})")]

    def template(self, node: Template) -> list[Sign]:
        name = str(node.name).strip()
        if name.lower() == "#tag:ref":
            given = {str(one.name).strip(): one.value for one in node.params}
            if str(given.get("group", "")).strip() == GROUP and "name" in given and "1" in given:
                return self.note(str(given["name"]).strip(), self.inside(given["1"]))
        elif name == "Term" and node.has("1") and node.has("2") and len(node.params) == 2:
            key = str(node.get("1").value).strip()
            words = self.inside(node.get("2").value)
            text = "".join(sign.key for sign in words)
            if key in self.names.known.concepts and all(sign.is_letter for sign in words):
                short = self.names.known.terms.get(" ".join(text.lower().split())) == key
                closing = "`" if short else f" <{key}>`"
                opening = Sign(f"<term {key}>", markdown="{term}`")
                return [opening, *letters(text, "code"), Sign(f"</term {key}>", markdown=closing)]
            return [_foreign(node, f"the term {key!r}, which the glossary does not have")]
        return [_foreign(node, f"the template {name}")]


def _plain(text: str) -> list[Sign]:
    """Letters; what MediaWiki may take for markup although it does not pair up is not taken for words."""
    found: list[Sign] = []
    place = 0
    for match in MARKUP.finditer(text):
        found += letters(text[place : match.start()])
        found.append(Sign(f"<?{match[0]}>", reason=f"{match[0]!r}, which may be markup"))
        place = match.end()
    return found + letters(text[place:])


def _foreign(node: Node, what: str) -> Sign:
    return Sign(f"<?{node}>", reason=what)


def _decoded(node: HTMLEntity) -> str:
    try:
        return str(node.normalize())
    except (ValueError, KeyError):
        return str(node)


def _entity(match: re.Match[str]) -> str:
    node = next(iter(mwparserfromhell.parse(match[0]).nodes), None)
    return _decoded(node) if isinstance(node, HTMLEntity) else match[0]
