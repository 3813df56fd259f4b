"""The keys of source files, from the JSON Schemas that they are checked against."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.read.directives import DIRECTIVES
from pipeline.read.roles import ROLES
from pipeline.read.yaml_source import SCHEMAS
from pipeline.reference.table import table

KINDS = {
    "article": "`articles/SLUG/en.md`, the head",
    "translation": "`articles/SLUG/es.md`, the head",
    "summary": "`articles/SLUG/summary/en.md`, the head",
    "concept": "`articles/glossary/KEY.yaml`; LANGUAGE stands for `en` and the others",
    "template": "`templates/wiki/Template/NAME.yaml`",
}


def sources() -> str:
    parts = [
        "# Sources",
        "What the heads of articles and the data files may hold. `marovi schema KIND` prints the schema of a kind, "
        "for editors ([how](../editors.md)). How prose, cells and directives are written: "
        "[Writing an article](../writing.md).",
        f"Roles: {', '.join(f'`{{{name}}}`' for name in sorted(ROLES))}. "
        f"Directives: {', '.join(f'`{{{name}}}`' for name in sorted(DIRECTIVES))}.",
    ]
    for kind, where in KINDS.items():
        schema = json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))
        parts += [f"## {schema.get('title', kind)}", f"{where}."]
        known = schema.get("$defs", {})
        keys = list(_rows(schema, known))
        if isinstance(schema.get("additionalProperties"), dict):
            keys += _rows(schema["additionalProperties"], known, "LANGUAGE.")
        parts.append(table(("key", "holds", "needed", "means"), keys))
    return "\n\n".join(parts)


def _rows(schema: Mapping[str, Any], known: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, ...]]:
    for name, given in schema.get("properties", {}).items():
        one = _resolved(given, known)
        needed = "yes" if name in schema.get("required", ()) else ""
        yield f"`{prefix}{name}`", _kind(one, known), needed, str(one.get("description", ""))
        yield from _rows(one, known, f"{prefix}{name}.")
        inner = one.get("additionalProperties")
        if isinstance(inner, dict):
            yield from _rows(_resolved(inner, known), known, f"{prefix}{name}.….")


def _resolved(one: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = str(one.get("$ref", ""))
    return {**known[reference.rpartition("/")[2]], **one} if reference.startswith("#/$defs/") else one


def _kind(one: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    if "enum" in one:
        return " or ".join(f"`{value}`" for value in one["enum"])
    kind = one.get("type")
    if kind == "array":
        return f"list of {_kind(_resolved(one.get('items', {}), known), known)}"
    names = {"string": "text", "object": "keys", "integer": "whole number", "boolean": "`true` or `false`"}
    return names.get(str(kind), str(kind or "anything"))
