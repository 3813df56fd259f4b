"""A topic as its cells, and its document in the forms that the peers read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

# What a worker of the project does before the first cell; a notebook has to ask for it.
SETUP = "import runtime\n\nruntime.prepare()\n"

_HEAD = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
_CELL = re.compile(r"^(```+)\{code-cell\}[^\n]*\n((?::[\w-]+:[^\n]*\n)*)(.*?)^\1[ ]*$", re.DOTALL | re.MULTILINE)
_EMBED = re.compile(r"^(```+)\{embed\} #([\w-]+)[ ]*\n.*?^\1[ ]*$", re.DOTALL | re.MULTILINE)
_DIRECTIVE = re.compile(r"^(```+)\{(?:table|figure)\}[^\n]*\n.*?^\1[ ]*$\n?", re.DOTALL | re.MULTILINE)
_ROLE = re.compile(r"\{[a-z]+\}`(?:([^`<]*?) *<[^`>]*>|([^`]*))`")
_MACRO = re.compile(r"\\(?:glue|lit)\{[^{}]*\}")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_NOTEBOOK_HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""


@dataclass(frozen=True, slots=True)
class Topic:
    """The English source of a topic."""

    slug: str
    text: str

    @property
    def title(self) -> str:
        """What its head says; raises ValueError for a source without a title."""
        head = _HEAD.match(self.text)
        found = re.search(r"^title: *(.+)$", head[1] if head else "", re.MULTILINE)
        if found is None:
            raise ValueError(f"{self.slug} has no title")
        return found[1].strip("\"' ")

    @property
    def cells(self) -> tuple[str, ...]:
        """The code of its cells, in order."""
        return tuple(cell[3] for cell in _CELL.finditer(self.text))

    @property
    def labelled(self) -> dict[str, str]:
        """The code of each cell that has a label."""
        found = {}
        for cell in _CELL.finditer(self.text):
            label = re.search(r"^:label: *(\S+)", cell[2], re.MULTILINE)
            if label:
                found[label[1]] = cell[3]
        return found


def read_topics(articles: Path) -> list[Topic]:
    """Every topic below `articles` that has a cell, in order of slug."""
    topics = [Topic(path.parent.name, path.read_text(encoding="utf-8")) for path in sorted(articles.glob("*/en.md"))]
    return [topic for topic in topics if topic.cells]


def notebook(topic: Topic) -> str:
    """The cells as a Jupyter notebook, with one before them that does what a worker has done."""
    not_run: dict[str, object] = {"metadata": {}, "execution_count": None, "outputs": []}
    cells = [
        {"cell_type": "code", "id": f"cell-{number}", "source": code, **not_run}
        for number, code in enumerate((SETUP, *topic.cells))
    ]
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": _KERNEL}, "cells": cells}
    return json.dumps(whole, indent=1)


def myst_nb(topic: Topic) -> str:
    """The document as MyST-NB reads it: the same prose and cells; computed values in the prose become code."""
    body = _plain_roles(_HEAD.sub("", topic.text))
    body = _CELL.sub(lambda cell: f"{cell[1]}{{code-cell}} python\n{cell[3]}{cell[1]}", body)
    setup = f"```{{code-cell}} python\n{SETUP}```"
    return f"{_NOTEBOOK_HEAD}\n# {topic.title}\n\n{setup}\n\n{body}"


def plain(text: str, code: dict[str, str]) -> str:
    """A document in any language as CommonMark with maths and tables, for pandoc: `code` has the cells it embeds."""
    body = _plain_roles(_HEAD.sub("", text))
    body = _CELL.sub(lambda cell: f"{cell[1]}python\n{cell[3]}{cell[1]}", body)
    return _EMBED.sub(lambda embed: f"{embed[1]}python\n{code.get(embed[2], '')}{embed[1]}", body)


def _plain_roles(text: str) -> str:
    text = _DIRECTIVE.sub("", text)
    return _MACRO.sub("x", _ROLE.sub(lambda role: f"`{role[1] or role[2]}`", text))
