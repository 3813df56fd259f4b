"""Code in colour: Pygments' classes, whose colours the site's stylesheet has for light and for dark."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape


@lru_cache(maxsize=4096)  # each language of a page shows the same code
def highlighted(code: str, language: str) -> Markup:
    """Return the characters of `code`, none added or lost, as spans; plain where the language is unknown."""
    from pygments import lex
    from pygments.lexers import get_lexer_by_name
    from pygments.token import STANDARD_TYPES
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return escape(code)
    parts = []
    for kind, text in lex(code, lexer):
        name = next((STANDARD_TYPES[known] for known in reversed(kind.split()) if known in STANDARD_TYPES), "")
        shown = escape(text)
        parts.append(Markup(f'<span class="{name}">{shown}</span>') if name and text.strip() else shown)
    return Markup("").join(parts)
