"""The words in a head: where each of them stands, so that one can be changed and the rest stays to the byte."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from pipeline.translate.marks import HEAD

Place = tuple[str | int, ...]
TRANSLATED = ("title", "summary", "key_points", "figures", "labels")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text in a head: `start` and `end` are offsets in the head, `line` is that of its key or dash, from 0."""

    text: str
    start: int
    end: int
    style: str | None
    line: int
    indent: int  # of the line of its key or dash
    flow: bool


def texts_of(head: str) -> dict[Place, Scalar]:
    """What a translator translates in a head, in its order. Raises yaml.YAMLError for a broken one."""
    node = yaml.compose(head, Loader=yaml.SafeLoader)
    found: dict[Place, Scalar] = {}
    lines = head.split("\n")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in TRANSLATED:
                _collect(value, (key.value,), key.start_mark.line, lines, False, found)
    return found


def _collect(
    node: yaml.Node, place: Place, line: int, lines: list[str], flow: bool, found: dict[Place, Scalar]
) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = bool(node.flow_style)
            _collect(value, (*place, key.value), key.start_mark.line, lines, flow or inner, found)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _collect(value, (*place, number), value.start_mark.line, lines, flow or bool(node.flow_style), found)
    elif isinstance(node, yaml.ScalarNode):
        indent = len(lines[line]) - len(lines[line].lstrip())
        end = node.end_mark.index
        if node.style in (">", "|"):  # what follows a block scalar, such as a comment, is no part of it
            end = node.start_mark.index + len(_block(lines, node.start_mark.line, indent)) - node.start_mark.column
        found[place] = Scalar(
            " ".join(str(node.value).split()), node.start_mark.index, end, node.style, line, indent, flow
        )


def _block(lines: list[str], first: int, indent: int) -> str:
    """The lines of a block scalar whose key stands at `indent`, the line with its key included."""
    last = first
    for number in range(first + 1, len(lines)):
        if lines[number].strip():
            if len(lines[number]) - len(lines[number].lstrip()) <= indent:
                break
            last = number
    return "\n".join(lines[first : last + 1]) + "\n"


def replaced(head: str, texts: Mapping[Place, str]) -> str:
    """The head with other texts at some places; those that say the same already are left as they are written."""
    known = texts_of(head)
    for place, text in sorted(texts.items(), key=lambda item: -known[item[0]].start):
        scalar = known[place]
        if scalar.text == text:
            continue
        if scalar.style in (">", "|"):
            inner = " " * (scalar.indent + 2 + 2 * isinstance(place[-1], int))
            written = f">-\n{inner}{text}\n"
        else:
            written = scalar_of(text, scalar.flow)
        head = head[: scalar.start] + written + head[scalar.end :]
    return head


def scalar_of(text: str, flow: bool = False) -> str:
    """A text as YAML on one line, quoted where it must be."""
    plain = f"[{text}]" if flow else f"- {text}"
    try:
        if text and yaml.safe_load(plain) == [text] and "#" not in text:
            return text
    except yaml.YAMLError:
        pass
    return json.dumps(text, ensure_ascii=False)


def commented(head: str, said: Mapping[Place, tuple[str, ...]]) -> str:
    """The head with comment lines above the lines of some places; each line of a place gets the sign and indentation
    that YAML wants."""
    known = texts_of(head)
    lines = head.split("\n")
    above: dict[int, list[str]] = {}
    for place, comments in said.items():
        scalar = known[place]
        above.setdefault(scalar.line, []).extend(" " * scalar.indent + line for line in comments)
    return "\n".join(piece for number, line in enumerate(lines) for piece in (*above.get(number, ()), line))


def comments_above(head: str, place: Place) -> tuple[str, ...]:
    """The comment lines right above the line of a place, without indentation."""
    lines = head.split("\n")
    line = texts_of(head)[place].line
    first = line
    while first > 0 and lines[first - 1].lstrip().startswith(HEAD):
        first -= 1
    return tuple(one.strip() for one in lines[first:line])


def without_comments(head: str, place: Place, comments: tuple[str, ...]) -> str:
    """The head with only these comment lines above the line of a place."""
    scalar = texts_of(head)[place]
    lines = head.split("\n")
    first = scalar.line - len(comments_above(head, place))
    lines[first : scalar.line] = [" " * scalar.indent + line for line in comments]
    return "\n".join(lines)


def key_lines(head: str, key: str) -> tuple[int, int]:
    """The lines of a top-level key, from its own to before the next one's comments; (n, n) at the end for none."""
    lines = head.rstrip("\n").split("\n")
    starts = [number for number, line in enumerate(lines) if re.match(r"[^\s#]", line)]
    for start, after in zip(starts, [*starts[1:], len(lines)], strict=True):
        if re.match(rf"{re.escape(key)}[ \t]*:", lines[start]):
            while after > start + 1 and lines[after - 1].startswith(HEAD) and after < len(lines):
                after -= 1
            return start, after
    return len(lines), len(lines)


def with_key(head: str, key: str, written: str) -> str:
    """The head with a top-level key written anew; one that was not there comes before the stamps."""
    lines = head.rstrip("\n").split("\n")
    start, after = key_lines(head, key)
    if start == after:
        start = after = min(after, key_lines(head, "translated_from")[0])
    lines[start:after] = written.rstrip("\n").split("\n") if written else []
    return "\n".join(lines) + "\n"
