"""Translations: writes down which text of the source a translation was made from."""

from __future__ import annotations

import re

from pipeline.read.article import Article


def stamp(article: Article, language: str, text: str) -> str:
    """Return the text of a translation's file with `translated_from` as the source stands now.

    `text` is the file's present text, which has read without a problem. Nothing but that one key changes.
    """
    head, body = _split(text)
    kept = re.sub(r"(?m)^translated_from:.*\n(?:(?:[ \t].*)?\n)*?(?=\S|\Z)", "", head)
    lines = [f"  {_key(section)}: {digest}\n" for section, digest in article.source.sections.items()]
    return f"---\n{kept}translated_from:\n{''.join(lines)}---\n{body}"


def _split(text: str) -> tuple[str, str]:
    match = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*\n", text, re.DOTALL)
    if match is None:
        raise ValueError("the text has no head between --- lines")
    return match[1], text[match.end() :]


def _key(section: str) -> str:
    """A section's id as a YAML key; digits and words that YAML would take for something else are quoted."""
    return (
        section
        if re.fullmatch(r"[a-z][a-z0-9-]*", section) and section not in ("null", "on", "off")
        else f'"{section}"'
    )
