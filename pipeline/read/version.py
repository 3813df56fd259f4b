"""One language's file of an article: the head between its `---` lines, and the prose below."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Where, suggest
from pipeline.read.article import FigureText, Metadata, PaperDetails, Provenance, Version
from pipeline.read.blocks import parse, parse_inline
from pipeline.read.context import Reading
from pipeline.read.document import Document
from pipeline.read.sections import section_hashes
from pipeline.read.source import load
from pipeline.read.vocabulary import Words
from pipeline.read.yaml_source import Mapped, check_schema, load_yaml


@dataclass(frozen=True, slots=True)
class Head:
    """What stands between the `---` lines: the metadata, and the words of it that a translator translates."""

    metadata: Metadata
    words: str


def read_version(path: Path, reading: Reading, vocabulary: Words, source: Version | None) -> Version | None:
    """Read en.md (`source` is None) or a translation of `source`; None after reporting what is wrong."""
    text = load(path, reading)
    if text is None:
        return None
    head, body, body_line = split(text, reading)
    if head is None:
        return None
    known = read_head(head, reading, vocabulary, source.metadata if source else None)
    if known is None:
        return None
    document = read_body(body, body_line, reading)
    sections = section_hashes(document, body, body_line, known.words)
    return Version(reading.language, reading.file, known.metadata, document, sections)


def read_head(text: str, reading: Reading, vocabulary: Words, source: Metadata | None) -> Head | None:
    """Read the head of en.md (`source` is None) or of a translation; None after reporting what is wrong."""
    mapped = load_yaml(text, reading, first_line=2)
    if mapped is None:
        return None
    if not isinstance(mapped.data, dict):
        reading.report(reading.where(2), "the head holds no keys", "write title: and the others", "yaml")
        return None
    if not check_schema(mapped, "article" if source is None else "translation", reading):
        return None
    return Head(_metadata(mapped, reading, vocabulary, source), _head_words(mapped.data))


def read_body(body: str, first_line: int, reading: Reading) -> Document:
    """Read the prose below a head, which starts on `first_line` of the file."""
    document = parse(body, reading, first_line)
    if not document.blocks:
        reading.report(reading.where(first_line), "has a head but no text", "write the article below the head", "empty")
    return document


def _head_words(data: dict[str, Any]) -> str:
    """What a translator translates of the head, as one text."""
    words = [data["title"], data["summary"], *data["key_points"]]
    for name, figure in sorted(data.get("figures", {}).items()):
        words += [name, figure["caption"], figure["alt"]]
    return "\n\n".join(words)


def split(text: str, reading: Reading) -> tuple[str | None, str, int]:
    """Return the head, the text below it and the line on which that starts; None after reporting a missing head."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        reading.report(reading.where(), "does not start with a head", "start it with a line --- and its keys", "head")
        return None, "", 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :]), number + 2
    reading.report(reading.where(), "the head is never closed", "end it with a line ---", "head")
    return None, "", 0


def _metadata(mapped: Mapped, reading: Reading, vocabulary: Words, source: Metadata | None) -> Metadata:
    data: dict[str, Any] = mapped.data
    words: dict[str, Any] = {
        "title": " ".join(data["title"].split()),
        "summary": parse_inline(data["summary"], mapped.value("summary"), reading),
        "key_points": tuple(
            parse_inline(point, mapped.value("key_points", number), reading)
            for number, point in enumerate(data["key_points"])
        ),
        "labels": data.get("labels", {}),
        "figures": {name: _figure(mapped, name, reading) for name in data.get("figures", {})},
        "translated_from": data.get("translated_from", {}),
        "provenance": Provenance(**data.get("provenance", {})),
        "where": mapped.key("title"),
    }
    if source is None:
        _check_names(mapped, reading, vocabulary)
        related = data.get("related", {})
        shared: dict[str, Any] = {
            "kind": data.get("kind", "article"),
            "field": data["field"],
            "subfield": data.get("subfield", ""),
            "topic_area": data["topic_area"],
            "difficulty": data["difficulty"],
            "prerequisites": tuple(data.get("prerequisites", ())),
            "categories": tuple(data["categories"]),
            "related_articles": tuple(related.get("articles", ())),
            "related_papers": tuple(related.get("papers", ())),
            "paper": _paper(data["paper"]) if "paper" in data else None,
        }
        return Metadata(**words, **shared)
    _check_parallel(mapped, reading, source)
    return Metadata(
        **words,
        kind=source.kind,
        field=source.field,
        subfield=source.subfield,
        topic_area=source.topic_area,
        difficulty=source.difficulty,
        prerequisites=source.prerequisites,
        categories=source.categories,
        related_articles=source.related_articles,
        related_papers=source.related_papers,
        paper=source.paper,
    )


def _figure(mapped: Mapped, name: str, reading: Reading) -> FigureText:
    data = mapped.data["figures"][name]
    caption = parse_inline(data["caption"], mapped.value("figures", name, "caption"), reading)
    return FigureText(caption, " ".join(data["alt"].split()), mapped.key("figures", name))


def _paper(data: dict[str, Any]) -> PaperDetails:
    return PaperDetails(**{**data, "authors": tuple(data["authors"]), "year": str(data["year"])})


def _check_names(mapped: Mapped, reading: Reading, vocabulary: Words) -> None:
    """Fields, areas and categories have names in every language; prerequisites and related topics exist."""
    data = mapped.data
    named: list[tuple[str, Where]] = [
        (data[key], mapped.value(key)) for key in ("field", "subfield", "topic_area", "difficulty") if data.get(key)
    ]
    named += [(name, mapped.value("categories", number)) for number, name in enumerate(data["categories"])]
    for name, where in named:
        if name not in vocabulary:
            remedy = suggest(name, vocabulary) or "add it to articles/categories.yaml"
            reading.report(where, f"unknown category {name!r}", remedy, "category")
    slugs = [(slug, mapped.value("prerequisites", number)) for number, slug in enumerate(data.get("prerequisites", ()))]
    for kind in ("articles", "papers"):
        related = data.get("related", {}).get(kind, ())
        slugs += [(slug, mapped.value("related", kind, number)) for number, slug in enumerate(related)]
    for slug, where in slugs:
        if slug not in reading.known.topics:
            remedy = suggest(slug, reading.known.topics) or "make the topic, or add it to articles/planned.yaml"
            reading.report(where, f"unknown topic {slug!r}", remedy, "link")


def _check_parallel(mapped: Mapped, reading: Reading, source: Metadata) -> None:
    points = len(mapped.data["key_points"])
    if points != len(source.key_points):
        message = f"{points} key points where the source has {len(source.key_points)}"
        reading.report(mapped.key("key_points"), message, "translate each of them", "parity")
    figures = mapped.data.get("figures", {})
    for name in source.figures:
        if name not in figures:
            where = mapped.key("figures") if figures else mapped.value()
            message = f"the translation key figures.{name} is missing"
            reading.report(where, message, "add its caption and alt", "key")
    for name in figures:
        if name not in source.figures:
            message = f"figures.{name} is not in the source"
            reading.report(mapped.key("figures", name), message, suggest(name, source.figures), "unknown-key")
