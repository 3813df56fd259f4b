"""Raised and lowered words: as Unicode's own signs where there are such, else inside a formula."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from pipeline.bring_in.notes import Notes
from pipeline.read.article import NOWHERE
from pipeline.read.document import Inline, InlineMath, Text

RAISED = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


def raised(inner: list[Inline], tag: Literal["sup", "sub"] | str, wikitext: str, notes: Notes) -> list[Inline]:
    """`<sup>2</sup>` gives ²; words give a formula with them in \\text; anything else stands on the line."""
    if not inner or not all(isinstance(node, Text) for node in inner):
        notes.say("changed", wikitext, f"its words stand on the line, without <{tag}>")
        return inner
    text = "".join(node.text for node in inner if isinstance(node, Text)).strip()
    signs = RAISED if tag == "sup" else LOWERED
    if text and all(sign in signs for sign in text):
        return [Text("".join(signs[sign] for sign in text), NOWHERE)]
    if text and re.fullmatch(r"[\w ,.+−*′-]+", text) and "_" not in text and unicodedata.is_normalized("NFKC", text):
        mark = "^" if tag == "sup" else "_"
        return [InlineMath((f"{{}}{mark}{{\\text{{{text}}}}}",), NOWHERE)]
    notes.say("changed", wikitext, f"its words stand on the line, without <{tag}>")
    return inner
