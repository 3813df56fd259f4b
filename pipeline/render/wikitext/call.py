"""Template calls, and the machine's own words with something put into them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.render.wikitext.escape import at_line_start, escape

ONE_LINE = 2  # parameters that still fit beside the name


def call(name: str, parameters: Mapping[str, str]) -> str:
    """`{{Name|key=value}}`, a parameter a line when there are many; `parameters` are wikitext, empty ones left out."""
    given = {key: at_line_start(value) for key, value in parameters.items() if value}
    if len(given) <= ONE_LINE:
        return "{{" + "|".join([name, *(f"{key}={value}" for key, value in given.items())]) + "}}"
    lines = [f"| {key} = {value}" for key, value in given.items()]
    return "\n".join(["{{" + name, *lines, "}}"])


def filled(message: str, *pieces: str, reserved: str = "") -> str:
    """A message as wikitext with `$1`, `$2` … replaced by `pieces`, which are wikitext already."""
    parts = re.split(r"\$([1-9])", message)
    return "".join(pieces[int(part) - 1] if number % 2 else escape(part, reserved) for number, part in enumerate(parts))
