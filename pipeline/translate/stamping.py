"""Stamps: a translation's head says, section by section, which text of the source it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from pipeline.read.article import Article

NONE = "0" * 12  # the stamp of a section that was not translated yet
COMPARED = re.compile(r"\s+# marks compare it with ([0-9a-f]{12})\s*$")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The hash of the section that a translation was made from, and of the one that its marks lead to."""

    digest: str
    marked: str = ""

    @property
    def known(self) -> str:
        """The hash of the source's section that this section, with its marks, takes account of."""
        return self.marked or self.digest


def stamp(article: Article, language: str, text: str) -> str:
    """Return the text of a translation's file with `translated_from` as the source stands now.

    `text` is the file's present text, which has read without a problem. Nothing but that one key changes; ValueError
    for a head, such as one in braces, to which a key cannot be added so.
    """
    return with_stamps(text, {section: Stamp(digest) for section, digest in article.source.sections.items()})


def with_stamps(text: str, stamps: Mapping[str, Stamp]) -> str:
    """Return the text with these stamps and no others; ValueError as `stamp` says."""
    head, body = _split(text)
    kept = re.sub(r"(?m)^translated_from:.*\n(?:(?:[ \t].*)?\n)*?(?=\S|\Z)", "", head)
    lines = [f"  {_key(section)}: {_digest(one.digest)}{_comment(one)}\n" for section, one in stamps.items()]
    stamped = f"{kept}translated_from:\n{''.join(lines)}"
    if _words(stamped) != _words(head):
        raise ValueError("its head is written in a way that a stamp would change")
    return f"---\n{stamped}---\n{body}"


def stamps_of(head: str) -> dict[str, Stamp]:
    """The stamps in a head, in their order. Raises yaml.YAMLError for a broken one."""
    data = yaml.safe_load(head)
    digests = data.get("translated_from") if isinstance(data, dict) else None
    if not isinstance(digests, dict):
        return {}
    marked: dict[str, str] = {}
    for line in head.split("\n"):
        match = COMPARED.search(line)
        if match:
            marked.update(dict.fromkeys(map(str, yaml.safe_load(line) or {}), match[1]))
    return {str(name): Stamp(str(digest), marked.get(str(name), "")) for name, digest in digests.items()}


def _comment(one: Stamp) -> str:
    return f"  # marks compare it with {one.marked}" if one.marked else ""


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
