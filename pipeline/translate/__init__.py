"""Translations: writes down which text of the source a translation was made from."""

from __future__ import annotations

import re

import yaml

from pipeline.read.article import Article


def stamp(article: Article, language: str, text: str) -> str:
    """Return the text of a translation's file with `translated_from` as the source stands now.

    `text` is the file's present text, which has read without a problem. Nothing but that one key changes; ValueError
    for a head, such as one in braces, to which a key cannot be added so.
    """
    head, body = _split(text)
    kept = re.sub(r"(?m)^translated_from:.*\n(?:(?:[ \t].*)?\n)*?(?=\S|\Z)", "", head)
    lines = [f"  {_key(section)}: {_digest(digest)}\n" for section, digest in article.source.sections.items()]
    stamped = f"{kept}translated_from:\n{''.join(lines)}"
    if _words(stamped) != _words(head):
        raise ValueError("its head is written in a way that a stamp would change")
    return f"---\n{stamped}---\n{body}"


def _words(head: str) -> object:
    """Everything in a head but its stamp."""
    try:
        data = yaml.safe_load(head)
    except yaml.YAMLError:
        return None
    return {key: value for key, value in data.items() if key != "translated_from"} if isinstance(data, dict) else None


def _split(text: str) -> tuple[str, str]:
    match = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*\n", text, re.DOTALL)
    if match is None:
        raise ValueError("the text has no head between --- lines")
    return match[1], text[match.end() :]


def _digest(digest: str) -> str:
    """A digest as YAML text; one of digits alone would be read as a number."""
    return digest if isinstance(yaml.safe_load(digest), str) else f'"{digest}"'


def _key(section: str) -> str:
    """A section's id as a YAML key; digits and words that YAML would take for something else are quoted."""
    return (
        section
        if re.fullmatch(r"[a-z][a-z0-9-]*", section) and section not in ("null", "on", "off")
        else f'"{section}"'
    )
