"""Text as HTML shows it to the letter, in the same characters as the wiki."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from pipeline.render.wikitext.escape import printable


def words(text: str) -> Markup:
    """`text` escaped; control characters as their pictures."""
    return escape(printable(text))


def filled(message: str, *pieces: str) -> Markup:
    """A message with `$1`, `$2` … replaced by `pieces`, each escaped unless it is markup already."""
    parts = re.split(r"\$([1-9])", message)
    return Markup("").join(pieces[int(part) - 1] if number % 2 else part for number, part in enumerate(parts))


def lines(text: str) -> str:
    """Code or output without the empty lines around it, its line ends as they should be."""
    text = re.sub(r"\r\n?", "\n", text)
    return re.sub(r"\A(?:[ \t]*\n)+", "", printable(text).rstrip(" \t\n"))
