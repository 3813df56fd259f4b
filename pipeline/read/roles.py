"""Roles: ``{name}`text` `` inside a paragraph, and their like inside formulas."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.errors import Where, suggest
from pipeline.read.context import Reading
from pipeline.read.document import Cite, Glue, Inline, Literal_, Term, Tex

Role = Callable[[str, Where, Reading], Inline | None]

GLUE = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]*)((?:\[-?\d{1,9}\])*)(?::(.*?))?\s*", re.DOTALL)
VALUE_IN_MATH = re.compile(r"\\(glue|lit)(?![A-Za-z])\s*\{")


def glue(text: str, where: Where, reading: Reading) -> Glue | None:
    match = GLUE.fullmatch(text)
    if not match:
        remedy = "write {glue}`name`, {glue}`name:.2f` or {glue}`name[0]:.2f`"
        reading.report(where, f"{text!r} does not name a glued value", remedy, "glue")
        return None
    index = tuple(int(number) for number in re.findall(r"-?\d+", match[2]))
    return Glue(match[1], index, match[3] or "", where)


def literal(text: str, where: Where, reading: Reading) -> Literal_ | None:
    if not text.strip():
        reading.report(where, "an empty {lit}", "write the number", "lit")
        return None
    return Literal_(text, where)


def term(text: str, where: Where, reading: Reading) -> Term | None:
    explicit = re.fullmatch(r"(.+?)\s*<([^<>]+)>", text, re.DOTALL)
    words = (explicit[1] if explicit else text).strip()
    if explicit:
        key = explicit[2].strip()
        if key in reading.known.concepts:
            return Term(key, words, where)
        remedy = suggest(key, reading.known.concepts) or f"add articles/glossary/{key}.yaml"
        reading.report(where, f"unknown glossary concept {key!r}", remedy, "term")
        return None
    found = reading.known.terms.get(" ".join(words.lower().split()))
    if found is None:
        remedy = suggest(words.lower(), reading.known.terms)
        remedy = remedy or "name its concept as in {term}`these words <concept-key>`, or add it to articles/glossary/"
        reading.report(where, f"unknown glossary term {words!r}", remedy, "term")
        return None
    return Term(found, words, where)


def cite(text: str, where: Where, reading: Reading) -> Cite | None:
    keys = tuple(key.strip() for key in text.split(","))
    unknown = [key for key in keys if key not in reading.known.references]
    for key in unknown:
        remedy = suggest(key, reading.known.references) or "add it to articles/references.bib"
        reading.report(where, f"unknown reference {key!r}", remedy, "cite")
    return None if unknown else Cite(keys, where)


ROLES: dict[str, Role] = {"glue": glue, "lit": literal, "term": term, "cite": cite}


def unknown_role(name: str, where: Where, reading: Reading) -> None:
    reading.report(where, f"unknown role {name!r}", suggest(name, ROLES), "unknown-role")


def math_parts(tex: str, where: Where, reading: Reading) -> Tex:
    """Split TeX at its `\\glue{…}` and `\\lit{…}`; the pieces between are kept to the letter."""
    parts: list[str | Glue | Literal_] = []
    start = 0
    while found := VALUE_IN_MATH.search(tex, start):
        end = closing_brace(tex, found.end())
        if end < 0:
            break
        if found.start() > start:
            parts.append(tex[start : found.start()])
        role = glue if found[1] == "glue" else literal
        node = role(tex[found.end() : end], where, reading)
        if node is not None:
            parts.append(node)
        start = end + 1
    if start < len(tex):
        parts.append(tex[start:])
    if not "".join(part if isinstance(part, str) else "0" for part in parts).strip():
        reading.report(where, "an empty formula", "write it, or delete its dollar signs", "math")
    rest = "".join(part for part in parts if isinstance(part, str))
    for name, example in (("glue", "name:.2f"), ("lit", "1986")):
        if re.search(rf"\\{name}(?![A-Za-z])", rest):
            reading.report(where, f"\\{name} without braces around it all", f"write \\{name}{{{example}}}", name)
    depth = _brace_balance(rest)
    if depth:
        kind = "{ that is never closed" if depth > 0 else "} that was never opened"
        reading.report(where, f"a formula with a {kind}", "balance its braces", "math")
    return tuple(parts)


def closing_brace(tex: str, start: int) -> int:
    """Where the group whose `{` stands just before `start` ends, or -1."""
    depth = 1
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(tex, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.start()
    return -1


def _brace_balance(tex: str) -> int:
    depth = 0
    for match in re.finditer(r"\\.|[{}]", tex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth < 0:
            return -1
    return depth
