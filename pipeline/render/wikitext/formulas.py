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

BREAK = re.compile(r"[ \t]*\n[ \t\n]*")
RETURN = re.compile(r"\r\n?")
OWN_END = re.compile(r"<(?=/math)", re.IGNORECASE)


def inline_math(node: InlineMath) -> str:
    """`<math>…</math>` without line ends, which would end a heading or a list item."""
    formula = tex(node.tex)
    line = BREAK.sub(" ", formula) if "\n" in formula else formula
    # Without a word MediaWiki draws a formula in a line as large as one on lines of its own.
    attribute = ' display="inline"' if LARGE.search(line) else ""
    return f"<math{attribute}>{line}</math>" if formula else ""


def math_block(node: MathBlock) -> str:
    formula = tex(node.tex)
    return f'<math display="block">\n{formula}\n</math>' if formula else ""


def tex(parts: Tex) -> str:
    """TeX that cannot end its own tag; `{}` between the signs changes nothing that is drawn."""
    whole = "".join(part for part in parts if isinstance(part, str))
    whole = printable(RETURN.sub("\n", whole) if "\r" in whole else whole)
    if "</" in whole:
        whole = OWN_END.sub("<{}", whole)
    whole = whole.strip(" \t\n")
    return "{}" + whole if is_mark(whole) else whole
