"""A page of a diagnostic: a head in YAML and two sections of Markdown, as pages/*.md hold them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.diagnostics import PAGES


@dataclass(frozen=True, slots=True)
class Example:
    """What brings the problem about: `wrong` in the place of some text of a file (or as the whole file) of a project.

    `right` does not. Both are None where the problem is the state that nobody did anything about.
    """

    look: str  # what finds it: read, check, run, build, accepted, templates, shared
    file: str = ""
    in_place_of: str = ""
    wrong: str | None = None
    right: str | None = None
    shown: str = ""  # in words, where the text alone does not tell
    base: str = ""  # "chinese": the project has English and Chinese
    also: tuple[str, ...] = ()  # rules that follow from it
    fix: bool = False  # whether `marovi check --fix` gives `right`
    everywhere: bool = False  # in every language of the page
    limit: bool = False  # the limit on time is a second


@dataclass(frozen=True, slots=True)
class Explained:
    """One diagnostic: its code, its rule, one sentence, and Markdown below headings of level 2."""

    code: str
    rule: str
    says: str
    text: str
    example: Example | None
    shown_by: str = ""  # the test that has it, where it takes more than a source to bring it about


@functools.cache
def pages() -> tuple[Explained, ...]:
    """Every page, in order of the codes."""
    return tuple(read_page(path) for path in sorted(PAGES.glob("M*-*.md")))


def read_page(path: Path) -> Explained:
    _, head, text = re.split(r"^---\n", path.read_text(encoding="utf-8"), maxsplit=2, flags=re.MULTILINE)
    data = yaml.safe_load(head)
    example = data.pop("example", None)
    if example is not None:
        example = Example(**{**example, "also": tuple(example.get("also", ()))})
    return Explained(**data, text=text.strip(), example=example)
