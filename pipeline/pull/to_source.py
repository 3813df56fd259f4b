"""Signs that a person wrote, as the source of an article says them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.check.numbers import IN_PROSE, IN_TEX, LARGEST
from pipeline.pull.places import Style
from pipeline.pull.signs import Sign


class Unsayable(Exception):
    """A source cannot say this; completes the sentence "it holds …"."""


def source_of_signs(
    signs: Sequence[Sign], style: Style, literal: bool = False, bare: bool = False, previous: str = ""
) -> str:
    """Write signs as Markdown, escaped for the place where they are to stand.

    Numbers become {lit}: a person vouches for them. With `literal` the place is inside such a number already; with
    `bare` it takes no markup at all. `previous` is the letter in front. Raises Unsayable.
    """
    parts: list[str] = []
    place = 0
    last = previous
    while place < len(signs):
        end = place
        sign = signs[place]
        while end < len(signs) and signs[end].is_letter and signs[end].mode == sign.mode:
            end += 1
        if end > place:
            text = "".join(one.key for one in signs[place:end])
            parts.append(_letters(text, sign.mode, literal or bare, last))
            place, last = end, text[-1]
            continue
        if sign.markdown is None or literal or bare:
            raise Unsayable(sign.reason or "markup where only words can stand")
        parts.append(sign.markdown)
        place, last = place + 1, ""
    return escaped("".join(parts), style)


def escaped(markdown: str, style: Style) -> str:
    """Markdown as it is written in a table's cell or in a YAML value."""
    if style == "cell":
        return re.sub(r"(?<!\\)\|", r"\\|", markdown)
    if style == "'":
        return markdown.replace("'", "''")
    if style == '"':
        return markdown.replace("\\", "\\\\").replace('"', '\\"')
    return markdown


def _letters(text: str, mode: str, plain: bool, previous: str) -> str:
    if mode == "code" or plain:
        return text
    pattern, write = (IN_TEX, _in_formula) if mode == "tex" else (IN_PROSE, _in_prose)
    text = previous + (text if mode == "tex" else _quoted(text))
    # A number that started in front is not a new one.
    return pattern.sub(lambda found: write(found) if found.start() >= len(previous) else found[0], text)[
        len(previous) :
    ]


def _in_prose(found: re.Match[str]) -> str:
    number = found[0].rstrip()
    return f"{{lit}}`{number}`" + found[0][len(number) :]


def _in_formula(found: re.Match[str]) -> str:
    number = re.sub(r"[^\d.,]", "", found[0])
    return found[0] if number.isdigit() and int(number) <= LARGEST else f"\\lit{{{found[0]}}}"


def _quoted(text: str) -> str:
    """Letters that Markdown would take for markup behind a backslash."""
    text = re.sub(r"([\\`*\[\]$<])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    return re.sub(r"&(?=[#\w]+;)", r"\\&", text)
