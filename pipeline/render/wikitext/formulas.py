"""Formulas: `<math>` in a line, `<math display="block">` on lines of its own."""

from __future__ import annotations

import re

from pipeline.read.document import Glue, InlineMath, MathBlock
from pipeline.render.wikitext.escape import is_mark, printable


def inline_math(node: InlineMath) -> str:
    """`<math>…</math>` without line ends, which would end a heading or a list item."""
    formula = tex(node.tex)
    line = re.sub(r"[ \t]*\n[ \t\n]*", " ", formula)
    return f"<math>{line}</math>" if formula else ""


def math_block(node: MathBlock) -> str:
    formula = tex(node.tex)
    return f'<math display="block">\n{formula}\n</math>' if formula else ""


def tex(parts: tuple[str | Glue, ...]) -> str:
    """TeX that cannot end its own tag; `{}` between the signs changes nothing that is drawn."""
    whole = "".join(part for part in parts if isinstance(part, str))
    whole = printable(re.sub(r"\r\n?", "\n", whole))
    whole = re.sub(r"<(?=/math)", "<{}", whole, flags=re.IGNORECASE).strip(" \t\n")
    return "{}" + whole if is_mark(whole) else whole
