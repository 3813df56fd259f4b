"""What the comparison says: three tables, each with what every row does, so that nobody compares unlike things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.compare import deploying, executing, rendering
from bench.compare.table import number, table
from bench.compare.timings import Timings

ALLOWANCE = 1.25  # times the floor divided by the cores: what a cold build may take
CORES = 2

EXECUTING = """\
All run the same cells with the same NumPy, torch and matplotlib files, and a check holds their numbers together. Each
time is a whole process, from its start. `marovi build` runs each topic twice, once with two threads, draws each figure
in three languages at 200 dots an inch, checks, and renders three languages; `--once` runs each topic once; `--keep`
lets processes wait for the next build: one that has everything imported and does it, and those of cells, which go on
from the cell before the edited one; *only English* also draws and renders once. The peers run each topic once, in
English, with one thread and a kernel a notebook, and draw each figure once at 100 dots an inch. The bare script does
that for all topics in one process, and reads, checks, renders and keeps nothing; *drawing as we do* has our three
drawings. nbclient and papermill keep nothing: after an edit somebody who knows which notebook it was runs that one.
MyST-NB runs one notebook after another: with `-j 2` jupyter-cache fails. An edit adds words of prose, or changes a
number in a cell, of one topic."""
RENDERING = """\
pandoc (`--from commonmark_x --to mediawiki`) reads the same documents as plain Markdown, without links between topics,
glossary terms, citations, values and figures. Ours is the first rendering in a process, of pages whose sources and
results were read; the next row also counts parsing the sources and the glossary, which pandoc's times contain too."""
DEPLOYING = """\
Each saves the same pages into an equal, fresh MediaWiki on this machine, in memory; a time is a
whole process. `marovi deploy` also reads what stands there, looks for people's edits, and reads afterwards what was
stored; the loops save whatever they are given, with a throttle of 0 and no check."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One part: what was timed, on how many topics or pages."""

    name: str
    timings: Timings
    count: int
    topics: str = "small"  # which set was executed


def report(parts: Sequence[Comparison], machine: str, versions: str, date: str) -> str:
    """All of it as Markdown."""
    texts = [_TEXTS[part.name](part) for part in parts]
    how = "Medians of repeated runs, with the shortest and the longest, and how many times as long as ours (×)."
    return "\n\n".join([how, *texts, f"{date}, {machine}; {versions}."]) + "\n"


def _executing(part: Comparison) -> str:
    columns = {
        "cold": "cold",
        "nothing": "nothing changed",
        "prose": "one prose edit",
        "last cell": "edit in a last cell",
        "first cell": "in a first cell",
    }
    which = "small topics of four cells" if part.topics == "small" else "articles of this repository"
    head = f"**Executing {part.count} {which}** (seconds)"
    made = table(part.timings, executing.OURS, "", columns)
    return f"{head}\n\n{made}\n{EXECUTING}{_floor(part.timings)}"


def _floor(timings: Timings) -> str:
    floor, ours = timings.median(executing.FLOOR, "cold"), timings.median(executing.OURS, "cold")
    if floor is None or ours is None:
        return ""
    allowed = ALLOWANCE * floor / CORES
    return (
        f"\nThe goal for a cold build is {ALLOWANCE} times the floor divided by {CORES} cores: {number(allowed)} s; "
        f"`{executing.OURS}` takes {number(ours / allowed)} times that."
    )


def _rendering(part: Comparison) -> str:
    made = table(part.timings, rendering.OURS, "", {rendering.COLUMN: rendering.COLUMN})
    return f"**Rendering {part.count} pages of the articles** (milliseconds a page)\n\n{made}\n{RENDERING}"


def _deploying(part: Comparison) -> str:
    columns = {"new": "new pages", "changed": "all changed", "same": "nothing changed"}
    made = table(part.timings, deploying.OURS, "", columns)
    return f"**Deploying {part.count} pages** (seconds)\n\n{made}\n{DEPLOYING}"


_TEXTS = {"executing": _executing, "rendering": _rendering, "deploying": _deploying}
