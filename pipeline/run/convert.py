"""A record, with its lines put where the cells stand now, as the results the later stages read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.read.article import Article
from pipeline.run.cache import Entry, picture_path
from pipeline.run.record import FigureRecord, OutputRecord, Record
from pipeline.run.results import CellOutput, Check, Differs, Environment, Figure, Glued, Image, Results


def results_of(article: Article, entry: Entry, *, reproduced: bool, cached: bool) -> Results:
    """Return the results of a topic from its entry in the cache, maybe of cells that stand otherwise by now."""
    record = entry.record
    lines = {cell.label: cell.line for cell in article.cells}
    return Results(
        slug=article.slug,
        key=entry.key,
        glued={name: Glued(name, value["value"], value["cell"]) for name, value in record["values"].items()},
        figures={name: _figure(name, figure, entry) for name, figure in record["figures"].items()},
        outputs={cell: _output(cell, output, article, lines) for cell, output in record["outputs"].items()},
        checks=tuple(
            Check(
                kind=check["kind"],
                text=check["text"],
                cell=check["cell"],
                line=lines.get(check["cell"], 1) + check["line"],
                tolerance=check["tolerance"],
                difference=check["difference"],
            )
            for check in record["checks"]
        ),
        environment=Environment(**record["environment"]),
        seconds=record["seconds"],
        peak_bytes=record["peak_bytes"],
        computed=record["computed"],
        reproduced=reproduced,
        cached=cached,
        differs=differs_of(record),
    )


def differs_of(record: Record) -> dict[str, Differs]:
    """Return what the author declared, by "value NAME" or "figure NAME"."""
    things: list[tuple[str, Mapping[str, Any]]] = [("value", record["values"]), ("figure", record["figures"])]
    return {
        f"{kind} {name}": Differs(one["differs"]["by"], one["differs"]["reason"])
        for kind, named in things
        for name, one in named.items()
        if "differs" in one
    }


def _figure(name: str, figure: FigureRecord, entry: Entry) -> Figure:
    images = {
        language: Image(picture_path(entry.folder, name, language), image["sha1"], image["width"], image["height"])
        for language, image in figure["images"].items()
    }
    return Figure(name, figure["caption"], figure["cell"], images, figure["data_sha256"])


def _output(cell: str, output: OutputRecord, article: Article, lines: Mapping[str, int]) -> CellOutput:
    warnings = tuple(
        warning["text"]
        if warning["line"] is None
        else f"{article.source.file}:{lines.get(warning.get('cell', cell), 1) + warning['line']}: {warning['text']}"
        for warning in output["warnings"]
    )
    return CellOutput(cell, output["stdout"], output["value"], warnings, output["seconds"])
