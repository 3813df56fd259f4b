"""Values in prose: each one was published, has the part that is asked for, and fits its format."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem, suggest
from pipeline.read.article import Article
from pipeline.read.document import Glue, GluedTable
from pipeline.run.printed import described, is_table, printed
from pipeline.run.results import Results, Value


def value_problems(article: Article, results: Results) -> Iterator[Problem]:
    """Yield a problem for each printed value, in any language, that cannot be printed."""
    values = {name: glued.value for name, glued in results.glued.items()}
    for version in article.versions.values():
        for node in version.printing:
            if isinstance(node, Glue):
                yield from _glue(node, values)
            else:
                yield from _table(node, values)


def _glue(node: Glue, values: dict[str, Value]) -> Iterator[Problem]:
    if node.name not in values:
        yield _never_glued(node, values)
        return
    try:
        printed(values[node.name], node.index, node.format)
    except ValueError as error:
        yield Problem(node.where, f"value {node.name!r}: {error}", rule="format")


def _table(node: GluedTable, values: dict[str, Value]) -> Iterator[Problem]:
    if node.name not in values:
        yield _never_glued(node, values)
        return
    rows = values[node.name]
    if not is_table(rows):
        message = f"value {node.name!r} is {described(rows)}, not the rows of a table"
        yield Problem(node.where, message, "glue a list of dicts, one a row", "table")
        return
    for column in node.columns:
        if column.key not in rows[0]:
            message = f"the rows of {node.name!r} have no {column.key!r}"
            yield Problem(column.where, message, suggest(column.key, rows[0]), "table")
            continue
        for number, row in enumerate(rows):
            try:
                printed(row[column.key], (), column.format)
            except ValueError as error:
                yield Problem(column.where, f"column {column.key!r}, row {number}: {error}", rule="format")
                break


def _never_glued(node: Glue | GluedTable, values: dict[str, Value]) -> Problem:
    return Problem(node.where, f"value {node.name!r} is never glued", suggest(node.name, values), "glue")
