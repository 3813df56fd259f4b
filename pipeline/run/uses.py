"""Where an article prints computed values, in all its languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import Where
from pipeline.read.article import Article
from pipeline.read.document import Glue, GluedTable, Node
from pipeline.run.printed import is_table, printed
from pipeline.run.results import Value


@dataclass(frozen=True, slots=True)
class Use:
    """One printed value. `column` is the key in each row when a table prints it."""

    name: str
    index: tuple[int, ...]
    format: str
    where: Where
    column: str = ""

    @property
    def key(self) -> str:
        """What is printed and how: `p[0]:.3f`, `steps.rate:.2f`."""
        index = "".join(f"[{number}]" for number in self.index)
        return self.name + (f".{self.column}" if self.column else index) + (f":{self.format}" if self.format else "")

    def of(self, values: Mapping[str, Value]) -> str | None:
        """Return what is printed, or None when the value is missing or does not fit: verify says so."""
        if self.name not in values:
            return None
        value = values[self.name]
        try:
            if not self.column:
                return printed(value, self.index, self.format)
            if not is_table(value) or any(self.column not in row for row in value):
                return None
            return ", ".join(printed(row[self.column], (), self.format) for row in value)
        except ValueError:
            return None


def uses(article: Article) -> tuple[Use, ...]:
    """Return each way a value is printed, at the first place that does so, the source language first.

    What the topic's summary prints is among them.
    """
    versions = [(page.source, *page.versions.values()) for page in article.pages]
    found: dict[str, Use] = {}
    for version in (version for group in versions for version in group):
        for node in version.printing:
            for use in uses_of(node):
                found.setdefault(use.key, use)
    return tuple(found.values())


def uses_of(node: Node) -> Iterator[Use]:
    """Yield what a node prints itself, not what is in it."""
    if isinstance(node, Glue):
        yield Use(node.name, node.index, node.format, node.where)
    elif isinstance(node, GluedTable):
        for column in node.columns:
            yield Use(node.name, (), column.format, column.where, column.key)
