"""Whether two trees say the same: alike but for marks, spaces and spellings that are mended without a choice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from pipeline.check.american import BRITISH, EITHER
from pipeline.check.chinese import WIDTH, traditional
from pipeline.errors import Where
from pipeline.read.document import CodeBlock, CodeCell, Glue, InlineCode, InlineMath, Literal_, MathBlock

EXACT = (CodeBlock, CodeCell, Glue, InlineCode, InlineMath, Literal_, MathBlock)
QUOTES = str.maketrans(dict.fromkeys('“”„«»"', '"') | dict.fromkeys("‘’'", "'"))
SIMPLIFIED = str.maketrans("".join(traditional()), "".join(traditional().values()))
MARKS = str.maketrans({wide: narrow for narrow, wide in WIDTH.items()})
SPELLINGS = {**BRITISH, **EITHER}


def same(one: object, other: object) -> bool:
    """Compare two trees of dataclasses; places do not count, code, formulas and values count to the letter."""
    return _folded(one) == _folded(other)


def _folded(item: object, exact: bool = False) -> object:
    if isinstance(item, str):
        return item if exact else _text(item)
    if isinstance(item, Where):
        return None
    if is_dataclass(item) and not isinstance(item, type):
        letters = exact or isinstance(item, EXACT)
        held = [
            _folded(getattr(item, field.name), letters)
            for field in fields(item)
            # Lines and identifiers that come from the text, and hashes of it, follow the text.
            if field.name not in ("where", "line", "hashes")
        ]
        return (type(item).__name__, *held)
    if isinstance(item, Mapping):
        return {str(key): _folded(value, exact) for key, value in item.items()}
    if isinstance(item, (tuple, list)):
        return tuple(_folded(part, exact) for part in item)
    return item


def _text(text: str) -> str:
    text = text.translate(MARKS).translate(QUOTES).translate(SIMPLIFIED)
    text = re.sub(r"[A-Za-z]+", lambda found: SPELLINGS.get(found[0].lower(), found[0]).lower(), text)
    return re.sub(r"\s+", "", text)
