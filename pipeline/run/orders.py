"""What a worker is told of a topic."""

from __future__ import annotations

from pipeline.read.article import Article
from pipeline.run.record import CellWork, Work
from pipeline.run.settings import RunSettings


def work_of(article: Article, settings: RunSettings, *, draw: bool, numbers: bool = False) -> Work:
    """Return the work of one run: with `draw` figures are drawn, with `numbers` what they are drawn from is sent."""
    labels = article.drawn_labels
    work = Work(
        file=article.source.file,
        cells=[
            CellWork(label=cell.label, source=cell.source, line=cell.line, indent=cell.where.column - 1)
            for cell in article.cells
        ],
        labels={code: dict(labels[code]) for code in settings.languages if code in article.versions},
        source_language=article.source.language,
        draw=draw,
        memory=settings.memory_limit,
        output=settings.output_limit,
        folder=str(article.folder.absolute()),
        sandboxed=settings.require_sandbox,
    )
    if numbers:
        work["numbers"] = True
    return work
