"""GitHub's annotations and step summaries: problems shown beside the lines of a pull request they are about.

The notation is that of workflow commands, which the runner reads from a step's output:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipeline.diagnostics import code_of, labelled
from pipeline.errors import MaroviError, Problem, SourceError
from pipeline.literal import literal

if TYPE_CHECKING:
    from pipeline.build import Outcome

SUMMARY_LIMIT = 200_000  # signs a command adds to a step's summary; GitHub takes 1 MiB of each step


def annotation(problem: Problem) -> str:
    """A problem as a workflow command, on one line whatever is in it."""
    level = "error" if problem.severity == "error" else "warning"
    where = problem.where
    text = f"{problem.message}; {problem.remedy}" if problem.remedy else problem.message
    if problem.excerpt:
        text += "\n" + problem.excerpt.rstrip("\n")
    place = f"file={_property(where.file)},line={where.line},col={where.column}"
    title = f",title={_property(labelled(problem.rule))}" if problem.rule else ""
    return f"::{level} {place}{title}::{_data(text)}"


def annotate(problems: Iterable[Problem], stream: TextIO | None = None) -> None:
    for problem in sorted(set(problems)):
        print(annotation(problem), file=stream)


def annotate_error(error: MaroviError, stream: TextIO | None = None) -> None:
    """An error as annotations: each problem of the sources, or the one sentence."""
    if isinstance(error, SourceError):
        annotate(error.problems, stream)
    else:
        print(f"::error::{_data(str(error))}", file=stream)


def summarize(environment: Mapping[str, str], text: str) -> None:
    """Add Markdown to the step's summary, where there is one to write to."""
    path = environment.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text[:SUMMARY_LIMIT] + "\n")


def problem_summary(heading: str, problems: Sequence[Problem], changed: Sequence[Sequence[str]] = ()) -> str:
    """Every problem as a row of a table; then the digits that are not those of results.json."""
    lines = [f"### {heading}", ""]
    if problems:
        lines += ["| | where | what |", "|---|---|---|"]
        lines += [
            f"| {problem.severity} {code_of(problem.rule)} | {literal(str(problem.where))} "
            f"| {literal(problem.message, 400)} |"
            for problem in problems
        ]
    if changed:
        head, *rows = changed
        lines += ["", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
        lines += [f"| {' | '.join(literal(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def outcome_summary(outcome: Outcome) -> str:
    """The topics of a build as a table, and its warnings as another."""
    lines = [
        "### marovi build",
        "",
        "| topic | level | values | figures | checks | seconds |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for topic in outcome.topics:
        counts = f"{topic.values} | {topic.figures} | {topic.checks} | {topic.seconds:.1f}"
        lines.append(f"| {literal(topic.slug)} | {topic.level} | {counts}{' (cached)' if topic.cached else ''} |")
    lines += ["", f"{outcome.pages} pages and {outcome.files} files."]
    lines += [f"> {literal(sentence, 400)}" for sentence in outcome.unprotected]
    warnings = problem_summary("warnings", outcome.warnings) if outcome.warnings else ""
    return "\n".join([*lines, "", warnings])


@contextmanager
def commands_off(stream: TextIO | None = None) -> Iterator[None]:
    """Keep the runner from taking what is printed meanwhile, such as words from a wiki, for workflow commands."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", file=stream, flush=True)
    try:
        yield
    finally:
        print(f"::{token}::", file=stream, flush=True)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
