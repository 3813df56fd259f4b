"""A run of inline nodes as a source can hold it: one space between words, spaces and marks outside of emphasis."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pipeline.read.article import NOWHERE
from pipeline.read.document import (
    Cite,
    Emphasis,
    ExternalLink,
    Inline,
    InlineCode,
    LineBreak,
    SectionLink,
    Strong,
    Text,
    TopicLink,
)

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
AROUND = (Emphasis, Strong)
LINKS = (ExternalLink, SectionLink, TopicLink)


def tidy(nodes: Iterable[Inline], breaks: bool = True) -> tuple[Inline, ...]:
    """Return the nodes as the reader of sources would give them back; without `breaks` a line break is a space."""
    found = _merged(_tidied(_merged(nodes), breaks))
    while found and isinstance(found[0], LineBreak):
        found.pop(0)
    while found and isinstance(found[-1], LineBreak):
        found.pop()
    return tuple(_trimmed(_without_space_at_breaks(found)))


def _tidied(nodes: list[Inline], breaks: bool) -> list[Inline]:
    found: list[Inline] = []
    for number, node in enumerate(nodes):
        if isinstance(node, Text):
            found.append(Text(re.sub(r"[ \t\r\n]+", " ", CONTROL.sub(" ", node.text)), NOWHERE))
        elif isinstance(node, LineBreak):
            found.append(node if breaks else Text(" ", NOWHERE))
        elif isinstance(node, InlineCode):
            text = " ".join(node.text.split())
            if text:
                found.append(InlineCode(CONTROL.sub(" ", text), NOWHERE))
        elif isinstance(node, AROUND):
            before = _last_sign(found)
            after = _first_sign(nodes[number + 1] if number + 1 < len(nodes) else None)
            found += _emphasis(node, breaks, before, after)
        elif isinstance(node, LINKS):
            found += _link(node, breaks)
        else:
            found.append(node)
    return found


def _emphasis(node: Emphasis | Strong, breaks: bool, before: str, after: str) -> list[Inline]:
    """Emphasis whose marks a Markdown parser takes: spaces outside, and marks that stand against a letter outside."""
    inner = _merged(_tidied(_merged(node.children), breaks))
    head: list[Inline] = []
    tail: list[Inline] = []
    while inner and isinstance(inner[0], LineBreak):
        head.append(inner.pop(0))
    while inner and isinstance(inner[-1], LineBreak):
        tail.insert(0, inner.pop())
    if inner and isinstance(inner[0], Text):
        text = inner[0].text
        kept = text.lstrip()
        if before.strip() and _is_letter(before):
            kept = kept.lstrip("".join(sign for sign in kept if _is_mark(sign)))
        head += [Text(text[: len(text) - len(kept)], NOWHERE)]
        inner[0] = Text(kept, NOWHERE)
    if inner and isinstance(inner[-1], Text):
        text = inner[-1].text
        kept = text.rstrip()
        if after.strip() and _is_letter(after) and text == kept:
            kept = kept.rstrip("".join(sign for sign in kept if _is_mark(sign)))
        tail = [Text(text[len(kept) :], NOWHERE), *tail]
        inner[-1] = Text(kept, NOWHERE)
    inner = [part for part in inner if not (isinstance(part, Text) and not part.text)]
    if not inner:
        return [*head, *tail]
    if len(inner) == 1 and type(inner[0]) is type(node):
        return [*head, inner[0], *tail]
    return [*head, type(node)(tuple(inner), NOWHERE), *tail]


def _link(node: ExternalLink | SectionLink | TopicLink, breaks: bool) -> list[Inline]:
    inner = _merged(_tidied(_merged(_unlinked(node.children)), breaks=False))
    spaced = [isinstance(inner[end], Text) and _spaced(inner[end], end) for end in (0, -1)] if inner else [False, False]
    inner = _trimmed(inner)
    if not inner:
        return []
    if isinstance(node, ExternalLink):
        made: Inline = ExternalLink(node.url, tuple(inner), NOWHERE)
    elif isinstance(node, SectionLink):
        made = SectionLink(node.section, tuple(inner), NOWHERE)
    else:
        made = TopicLink(node.slug, node.section, tuple(inner), NOWHERE)
    space = Text(" ", NOWHERE)
    return [*([space] if spaced[0] else []), made, *([space] if spaced[1] else [])]


def _spaced(node: Inline, end: int) -> bool:
    assert isinstance(node, Text)
    return node.text[:1].isspace() if end == 0 else node.text[-1:].isspace()


def _unlinked(nodes: Iterable[Inline]) -> list[Inline]:
    """A link inside of a link is only its words."""
    found: list[Inline] = []
    for node in nodes:
        found += _unlinked(node.children) if isinstance(node, LINKS) else [node]
    return found


def _merged(nodes: Iterable[Inline]) -> list[Inline]:
    found: list[Inline] = []
    for node in nodes:
        last = found[-1] if found else None
        if isinstance(node, Text) and isinstance(last, Text):
            found[-1] = Text(re.sub(r"[ \t]{2,}", " ", last.text + node.text), NOWHERE)
        elif isinstance(node, Cite) and isinstance(last, Cite):
            found[-1] = Cite((*last.keys, *(key for key in node.keys if key not in last.keys)), NOWHERE)
        elif isinstance(node, InlineCode) and isinstance(last, InlineCode):
            found[-1] = InlineCode(last.text + node.text, NOWHERE)
        elif isinstance(node, AROUND) and type(node) is type(last):
            assert isinstance(last, AROUND)
            found[-1] = type(node)((*last.children, *node.children), NOWHERE)
        elif not (isinstance(node, Text) and not node.text):
            found.append(node)
    return found


def _without_space_at_breaks(nodes: list[Inline]) -> list[Inline]:
    found: list[Inline] = []
    for number, node in enumerate(nodes):
        if isinstance(node, Text):
            text = node.text
            if number and isinstance(nodes[number - 1], LineBreak):
                text = text.lstrip()
            if number + 1 < len(nodes) and isinstance(nodes[number + 1], LineBreak):
                text = text.rstrip()
            if text:
                found.append(Text(text, NOWHERE))
        elif not (isinstance(node, LineBreak) and (not found or isinstance(found[-1], LineBreak))):
            found.append(node)
    return found


def _trimmed(nodes: list[Inline]) -> list[Inline]:
    kept = list(nodes)
    if kept and isinstance(kept[0], Text):
        kept[0] = Text(kept[0].text.lstrip(), NOWHERE)
    if kept and isinstance(kept[-1], Text):
        kept[-1] = Text(kept[-1].text.rstrip(), NOWHERE)
    return [node for node in kept if not (isinstance(node, Text) and not node.text)]


def _last_sign(nodes: list[Inline]) -> str:
    last = nodes[-1] if nodes else None
    return last.text[-1:] if isinstance(last, (Text, InlineCode)) else "" if last is None else ")"


def _first_sign(node: Inline | None) -> str:
    return node.text[:1] if isinstance(node, Text) else ""


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def _is_letter(sign: str) -> bool:
    return not sign.isspace() and not _is_mark(sign)
