"""Words of others inside Markdown and HTML: shown letter by letter, never taken for markup, a mention or a link."""

from __future__ import annotations

import html
import re
import unicodedata

SHORTENED = 200  # signs
# What Markdown, HTML, addresses and GitHub's own references are written with: all signs of ASCII but - , and %.
_SIGNS = re.compile(r"[!-$&-+./:-@\[-`{-~]")


def literal(text: str, longest: int = SHORTENED) -> str:
    """Return `text` as code in Markdown, on one line: each sign that could be markup as a character reference.

    GitHub looks for mentions, issues and addresses in text, and not in code; Markdown does not read the characters
    that references stand for as markup. What cannot be seen, or turns the order of letters around, is shown by its
    code point.
    """
    shown = visible(shortened(text, longest))
    if not shown.strip():
        return "–"
    return f"<code>{_SIGNS.sub(lambda sign: f'&#{ord(sign[0])};', shown)}</code>"


def escaped(text: str, longest: int = SHORTENED) -> str:
    """Return `text` for HTML, in an element or an attribute in quotes."""
    return html.escape(visible(shortened(text, longest)), quote=True)


def shortened(text: str, longest: int) -> str:
    """The first signs of a text, with an ellipsis where there are more."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def visible(text: str) -> str:
    """The text with line ends as signs and with characters that cannot be seen as their code points."""
    joined = text.replace("\r\n", "⏎").replace("\n", "⏎").replace("\t", " ")
    return "".join(
        f"⟨U+{ord(sign):04X}⟩" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else sign
        for sign in joined
    )
