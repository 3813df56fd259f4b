"""Formulas: `<math>` in a line, `<math display="block">` on lines of its own."""

from __future__ import annotations

import re

from pipeline.read.document import InlineMath, MathBlock, Tex
from pipeline.render.wikitext.escape import is_mark, printable

# What looks otherwise in TeX's text style than in its display style.
LARGE = re.compile(
    r"\\(?:frac|binom|sum|prod|coprod|i{0,3}int|oint|lim|limsup|liminf|max|min|sup|inf|operatorname\*"
    r"|big(?:cap|cup|oplus|otimes|vee|wedge|sqcup|uplus))(?![A-Za-z])"
)


def inline_math(node: InlineMath) -> str:
    """`<math>…</math>` without line ends, which would end a heading or a list item."""
    formula = tex(node.tex)
    line = re.sub(r"[ \t]*\n[ \t\n]*", " ", formula)
    # Without a word MediaWiki draws a formula in a line as large as one on lines of its own.
    attribute = ' display="inline"' if LARGE.search(line) else ""
    return f"<math{attribute}>{line}</math>" if formula else ""


def math_block(node: MathBlock) -> str:
    formula = tex(node.tex)
    return f'<math display="block">\n{formula}\n</math>' if formula else ""


def tex(parts: Tex) -> str:
    """TeX that cannot end its own tag; `{}` between the signs changes nothing that is drawn."""
    whole = "".join(part for part in parts if isinstance(part, str))
    whole = printable(re.sub(r"\r\n?", "\n", whole))
    whole = re.sub(r"<(?=/math)", "<{}", whole, flags=re.IGNORECASE).strip(" \t\n")
    return "{}" + whole if is_mark(whole) else whole
