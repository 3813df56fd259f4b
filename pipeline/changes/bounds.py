"""Cut a report to what a reader of untrusted data takes: the first entries of each list, and short texts."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pipeline.changes.model import Changes
from pipeline.changes.untrusted import LARGEST, LONGEST, MOST
from pipeline.literal import shortened

# Entries of each list, from the outermost to the innermost alike, and signs of each text.
KEPT = ((5_000, 500), (1_000, 300), (200, 200), (50, 120), (20, 90), (6, 60))


def fitting(changes: Changes) -> tuple[Changes, str]:
    """Return the report and its JSON, cut as far as it must be to fit into LARGEST bytes, with a note that says so."""
    whole = _json(changes)
    if len(whole) <= LARGEST and _cut(changes, MOST, LONGEST) == changes:
        return changes, whole
    for kept, longest in KEPT:
        cut = _cut(changes, kept, longest)
        said = replace(cut, notes=(*cut.notes, f"The report is cut to the first {kept} entries of each list."))
        text = _json(said)
        if len(text) <= LARGEST:
            return said, text
    bare = Changes(changes.base, changes.head, notes=("There is more than a report can hold.",))
    return bare, _json(bare)


def _json(changes: Changes) -> str:
    return json.dumps(changes.to_json(), indent=1) + "\n"


def _cut(value: Any, kept: int, longest: int) -> Any:
    if isinstance(value, str):
        return shortened(value, longest)
    if isinstance(value, tuple):
        return tuple(_cut(item, kept, longest) for item in value[:kept])
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _cut(getattr(value, one.name), kept, longest) for one in fields(value)})
    return value
