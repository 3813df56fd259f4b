"""Build articles by hand: cells with their labels, and what the prose prints of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import Where
from pipeline.read.article import Article, FigureText, Metadata, Version
from pipeline.read.document import Block, CodeCell, Document, Glue, Inline, Paragraph, Text

IMPORTS = "import runtime\nfrom runtime import figure, glue, verify"
FIRST_LINE = 20  # of the first cell in en.md


def article(
    folder: Path,
    *sources: str,
    prints: Sequence[str] = (),
    labels: Mapping[str, Mapping[str, str]] | None = None,
    figures: Sequence[str] = (),
    blocks: Sequence[Block] = (),
    first_line: int = FIRST_LINE,
) -> Article:
    """A topic named as its folder, with a cell `c1`, `c2`, … for each source, after a cell that imports runtime.

    `prints` has values with their formats, `p:.2f`, each printed in the prose; `labels` a map for each translation.
    """
    file = f"articles/{folder.name}/en.md"
    folder.mkdir(parents=True, exist_ok=True)
    cells: list[Block] = []
    line = first_line
    for number, source in enumerate((IMPORTS, *sources)):
        source = textwrap.dedent(source).strip("\n")
        cells.append(CodeCell(f"c{number}", source, "show", line, Where(file, line - 2)))
        line += len(source.splitlines()) + 4
    words = {
        key: FigureText((Text("A caption.", Where(file, 7)),), "What it shows.", Where(file, 7)) for key in figures
    }
    glued = tuple(_glue(text, Where(file, line + number)) for number, text in enumerate(prints))
    document = Document((*cells, Paragraph(glued, Where(file, line)), *blocks))
    source_version = Version("en", file, Metadata("A Topic", (), (), figures=words, where=Where(file, 1)), document)
    versions = {"en": source_version}
    for language, texts in (labels or {}).items():
        translated = f"articles/{folder.name}/{language}.md"
        metadata = Metadata("Un tema", (), (), figures=words, labels=texts, where=Where(translated, 2))
        versions[language] = Version(language, translated, metadata, Document(()))
    return Article(folder.name, folder, source_version, versions)


def line_of(topic: Article, label: str, number: int = 1) -> int:
    """The line in the file of a cell's line, counted from 1."""
    return next(cell.line for cell in topic.cells if cell.label == label) + number - 1


def _glue(text: str, where: Where) -> Inline:
    name, _, format = text.partition(":")
    return Glue(name, (), format, where)
