"""Directives: fenced blocks whose info string is ``{name} argument``, with options and a body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.errors import Where, suggest
from pipeline.read.blocks import Parser, parse_inline
from pipeline.read.context import Reading
from pipeline.read.document import (
    Admonition,
    AdmonitionKind,
    Block,
    CodeCell,
    CodeDisplay,
    Column,
    Embed,
    FigurePlace,
    GluedTable,
)

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
INFO = re.compile(r"\{([^{}]*)\}\s*(.*)")
OPTION = re.compile(r":([A-Za-z_-]+):(?:[ \t]+(.*))?")


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as written, its pieces apart."""

    name: str
    argument: str
    options: Mapping[str, str]
    option_places: Mapping[str, Where]
    body: str
    body_line: int  # in the file
    where: Where


def directive(info: str, content: str, line: int, where: Where, reading: Reading) -> Block | None:
    """Read a fence whose info string starts with a brace; its content starts at `line` of the file."""
    match = INFO.fullmatch(info)
    if not match:
        reading.report(where, f"{info!r} is not a directive", "write {name} argument", "directive")
        return None
    name = match[1].strip()
    kind = DIRECTIVES.get(name)
    if kind is None:
        reading.report(where, f"unknown directive {name!r}", suggest(name, DIRECTIVES), "unknown-directive")
        return None
    known, make = kind
    options: dict[str, str] = {}
    places: dict[str, Where] = {}
    lines = content.split("\n")
    count = 0
    while count < len(lines) and (option := OPTION.fullmatch(lines[count].rstrip())):
        place = Where(where.file, line + count, where.column)
        if option[1] not in known:
            message = f"unknown option {option[1]!r} of {name}"
            reading.report(place, message, suggest(option[1], known) or "it takes none", "unknown-option")
        elif option[1] in options:
            reading.report(place, f"the option {option[1]!r} stands twice", "keep one of them", "duplicate-key")
        options[option[1]] = (option[2] or "").strip()
        places[option[1]] = place
        count += 1
    body = "\n".join(lines[count:])
    return make(Directive(name, match[2].strip(), options, places, body, line + count, where), reading)


def _code_cell(found: Directive, reading: Reading) -> Block | None:
    if found.argument not in ("", "python"):
        message = f"a code cell in {found.argument!r}"
        reading.report(found.where, message, "cells run Python; to only show code, use a plain ``` block", "code-cell")
    label = found.options.get("label", "")
    if not NAME.fullmatch(label):
        problem = f"{label!r} is not a label" if label else "a code cell without a label"
        reading.report(found.where, problem, "add a line `:label: name` below the fence", "label")
        return None
    display = found.options.get("code", "show")
    if display not in ("show", "fold", "hide"):
        place = found.option_places["code"]
        reading.report(place, f"unknown :code: {display!r}", suggest(display, ("show", "fold", "hide")), "value")
        display = "show"
    if not found.body.strip():
        reading.report(found.where, f"the code cell {label!r} is empty", "write its code or delete it", "code-cell")
        return None
    return CodeCell(label, found.body.rstrip("\n"), _display(display), found.body_line, found.where)


def _display(word: str) -> CodeDisplay:
    return "fold" if word == "fold" else "hide" if word == "hide" else "show"


def _embed(found: Directive, reading: Reading) -> Block | None:
    label = found.argument.removeprefix("#")
    if not found.argument.startswith("#") or not NAME.fullmatch(label):
        message = f"{found.argument!r} does not name a cell"
        reading.report(found.where, message, "write {embed} #label", "embed")
        return None
    _no_body(found, reading)
    return Embed(label, found.where)


def _figure(found: Directive, reading: Reading) -> Block | None:
    if not NAME.fullmatch(found.argument):
        reading.report(found.where, f"{found.argument!r} does not name a figure", "write {figure} name", "figure")
        return None
    _no_body(found, reading)
    return FigurePlace(found.argument, found.where)


def _table(found: Directive, reading: Reading) -> Block | None:
    if not NAME.fullmatch(found.argument):
        reading.report(found.where, f"{found.argument!r} does not name glued rows", "write {table} name", "table")
        return None
    # the comma of a format such as `steps:,d` follows its colon, one between columns never does
    keys = [key.strip() for key in re.split(r"(?<!:),", found.options.get("columns", ""))]
    headers = _cells(found.options.get("headers", ""), "|")
    if keys == [""]:
        reading.report(found.where, "a table without columns", "add a line `:columns: key, key:.2f`", "table")
        return None
    if len(keys) != len(headers):
        place = found.option_places.get("headers", found.where)
        message = f"{len(headers)} headings for {len(keys)} columns"
        reading.report(place, message, "give one heading a column, separated by |", "table")
        return None
    place = found.option_places.get("headers", found.where)
    columns = []
    for key, header in zip(keys, headers, strict=True):
        name, _, form = key.partition(":")
        columns.append(Column(name.strip(), form.strip(), parse_inline(header, place, reading), place))
    caption_place = Where(found.where.file, found.body_line, found.where.column)
    caption = parse_inline(found.body, caption_place, reading) if found.body.strip() else ()
    return GluedTable(found.argument, tuple(columns), caption, found.where)


def _cells(text: str, separator: str) -> list[str]:
    """Split at a separator that no backslash and no formula protects."""
    pieces = [""]
    for token in re.findall(r"\\.|\$[^$]*\$|`[^`]*`|.", text):
        if token == separator:
            pieces.append("")
        else:
            pieces[-1] += separator if token == "\\" + separator else token
    return [piece.strip() for piece in pieces]


def _admonition(found: Directive, reading: Reading) -> Block | None:
    if found.argument:
        reading.report(found.where, f"{found.name} takes no title", "put the words below it", "directive")
    inner = Parser(found.body, reading, found.body_line)
    blocks = inner.blocks()
    if inner.footnotes:
        reading.report(found.where, f"a footnote's text inside {found.name}", "move it to the end", "footnote")
    if not blocks:
        reading.report(found.where, f"an empty {found.name}", "write it or delete it", "directive")
        return None
    kinds: dict[str, AdmonitionKind] = {"note": "note", "tip": "tip", "warning": "warning"}
    return Admonition(kinds[found.name], blocks, found.where)


def _no_body(found: Directive, reading: Reading) -> None:
    if found.body.strip():
        message = f"{found.name} has a body, which would not be shown"
        reading.report(found.where, message, "delete the lines inside it", "directive")


DIRECTIVES: dict[str, tuple[tuple[str, ...], Callable[[Directive, Reading], Block | None]]] = {
    "code-cell": (("label", "code"), _code_cell),
    "embed": ((), _embed),
    "figure": ((), _figure),
    "table": (("columns", "headers"), _table),
    "note": ((), _admonition),
    "tip": ((), _admonition),
    "warning": ((), _admonition),
}
