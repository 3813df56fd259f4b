"""Every kind of problem has a code that stays, such as M042 for `digits`, and a page in pages/ that explains it."""

from __future__ import annotations

import functools
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.errors import Problem

PAGES = Path(__file__).parent / "pages"


@functools.cache
def codes() -> dict[str, str]:
    """Rule -> code, as the names of the pages have them, in order of the codes."""
    stems = sorted(path.stem for path in PAGES.glob("M*-*.md"))
    return {rule: code for code, _, rule in (stem.partition("-") for stem in stems)}


def code_of(rule: str) -> str:
    """The code of a rule, or "" where it has none."""
    return codes().get(rule, "")


def labelled(rule: str) -> str:
    """A rule as people see it, with its code before it: `M042 digits`."""
    code = code_of(rule)
    return f"{code} {rule}" if code else rule


def to_json(problem: Problem) -> dict[str, Any]:
    """A problem for scripts: its fields, and the code of its rule."""
    return {**asdict(problem), "code": code_of(problem.rule)}
