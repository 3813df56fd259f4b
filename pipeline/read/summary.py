"""A topic's summary: a page of its own that tells it in one page, with the topic's values and figures, without code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.read.article import Article, Metadata, Provenance, Version
from pipeline.read.blocks import parse
from pipeline.read.context import Reading
from pipeline.read.document import CodeCell, Document, Embed, walk
from pipeline.read.sections import section_hashes
from pipeline.read.source import load
from pipeline.read.version import split
from pipeline.read.yaml_source import check_schema, load_yaml

FOLDER = "summary"


def with_summary(article: Article, readings: Mapping[str, Reading]) -> Article:
    """Return the article with what its folder `summary` holds; `readings` has one for each language.

    A language that the article does not have is passed over: `check` asks for the article first.
    """
    folder = article.folder / FOLDER
    if not folder.is_dir():
        return article
    versions = {}
    for language, parent in article.versions.items():
        path = folder / f"{language}.md"
        if path.is_file():
            version = _read(path, readings[language], parent)
            if version is not None:
                versions[language] = version
    source = versions.get(article.source.language)
    if source is None:
        if not any(reading.problems for reading in readings.values()):
            reading = readings[article.source.language]
            reading.report(reading.where(), "is missing", "write it: it is the source of the summary", "unreadable")
        return article
    summary = Article(f"{article.slug}/{FOLDER}", folder, source, versions, parent=article.title)
    return replace(article, summary=summary)


def _read(path: Path, reading: Reading, parent: Version) -> Version | None:
    text = load(path, reading)
    if text is None:
        return None
    head, body, body_line = split(text, reading)
    metadata = read_head(head, reading, parent.metadata) if head is not None else None
    if metadata is None:
        return None
    document = read_body(body, body_line, reading)
    sections = section_hashes(document, body, body_line, "")
    return Version(reading.language, reading.file, metadata, document, sections)


def read_head(text: str, reading: Reading, parent: Metadata) -> Metadata | None:
    """Read the head of a summary of what `parent` is the head of; None after reporting what is wrong."""
    mapped = load_yaml(text, reading, first_line=2)
    if mapped is None or not check_schema(mapped, "summary", reading):
        return None
    return replace(
        parent,
        kind="summary",
        summary=(),
        key_points=(),
        provenance=Provenance(**mapped.data.get("provenance", {})),
        translated_from=mapped.data.get("translated_from", {}),
        where=reading.where(),
    )


def read_body(body: str, first_line: int, reading: Reading) -> Document:
    """Read the prose of a summary, which starts on `first_line` of the file."""
    document = parse(body, reading, first_line)
    if not document.blocks:
        message = "has a head but no text"
        reading.report(reading.where(first_line), message, "write the summary below the head", "empty")
    for node in walk(document):
        if isinstance(node, (CodeCell, Embed)):
            remedy = "print values with {glue} and place figures with {figure}; the code stands in the topic's page"
            reading.report(node.where, "a summary holds code", remedy, "summary")
    return document
