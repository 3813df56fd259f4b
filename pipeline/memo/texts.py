"""The text of every page as queries, so that an edit costs the page that it is on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.folded import folded
from pipeline.memo import reading
from pipeline.memo.engine import Memo, query
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.memo.results import ran
from pipeline.memo.sources import written
from pipeline.read.document import Cite, Column, FigurePlace, Glue, GluedTable, walk, walk_blocks
from pipeline.render.html.site import Name
from pipeline.render.plain import plain
from pipeline.render.plain_page import BETWEEN, UNKNOWN, Known, Piece, PlainSection, plain_sections, plain_words
from pipeline.render.references import formatted
from pipeline.render.values import shown_value
from pipeline.run.outcome import Ran
from pipeline.run.results import Value
from pipeline.titles import capitalised

TOPIC, CONCEPT = "topic", "concept"
SECTIONS, PIECES = "\f", "\n"  # neither is left in a folded text


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as it is searched: its words by section, and the same without case and accents."""

    kind: str  # topic | summary | concept
    language: str
    folder: str  # in the site: "es/softmax-function/"
    title: str
    sections: tuple[PlainSection, ...]
    folded_title: str
    folded_headings: str
    folded_text: str  # title and sections, parted by SECTIONS; of a section heading and pieces, parted by PIECES


def page_texts(memo: Memo) -> Iterator[PageText]:
    """Every page that can be read: topics, their summaries, and the glossary."""
    for slug in written(memo):
        for part in (ARTICLE, SUMMARY):
            for language in reading.languages(memo, slug, part):
                yield topic_text(memo, slug, part, language)
    for key in reading.concepts(memo):
        yield from concept_texts(memo, key)


@query
def topic_text(memo: Memo, slug: str, part: str, language: str) -> PageText:
    """A topic or its summary in one language."""
    head, document = reading.metadata(memo, slug, part, language), reading.document(memo, slug, part, language)
    known = _known(memo, slug, part, language)
    first, *others = plain_sections(document.blocks, known)
    above = (plain_words(line, known) for line in (head.summary, *head.key_points))
    lead = PlainSection("", "", (*(Piece(words) for words in above if words), *first.pieces))
    said = reading.messages(memo)[0].get(language, {})
    notes = (
        PlainSection(said.get("notes", ""), f"_note-{note.label}", (Piece(plain_words(note.children, known)),))
        for note in document.footnotes
    )
    there = reading.reference_keys(memo)
    cited = dict.fromkeys(key for node in walk(document) if isinstance(node, Cite) for key in node.keys if key in there)
    references = (
        PlainSection(
            said.get("references", ""),
            f"_ref-{key}",
            (Piece(plain(formatted(reading.reference(memo, key), language))),),
        )
        for key in cited
    )
    name = Name(TOPIC, language, f"{slug}/{part}" if part else slug)
    return page_text(part or TOPIC, name, head.title, (lead, *others, *notes, *references))


@query
def concept_texts(memo: Memo, key: str) -> tuple[PageText, ...]:
    """A concept of the glossary in each of its languages."""
    concept = reading.concept(memo, key)[0]
    assert concept is not None, "asked only for those that could be read"
    found = []
    for language, text in concept.texts.items():
        meaning = plain_words(text.definition, Known())
        section = PlainSection("", "", (Piece(BETWEEN.join((meaning, *text.aliases))),))
        found.append(page_text(CONCEPT, Name(CONCEPT, language, key), capitalised(text.term), (section,)))
    return tuple(found)


def page_text(kind: str, name: Name, title: str, sections: tuple[PlainSection, ...]) -> PageText:
    """A page with what is compared of it."""
    headings = PIECES.join(dict.fromkeys(folded(section.heading) for section in sections))
    parts = (PIECES.join(map(folded, (one.heading, *(piece.text for piece in one.pieces)))) for one in sections)
    whole = SECTIONS.join((folded(title), *parts))
    return PageText(kind, name.language, name.folder, title, sections, folded(title), headings, whole)


def _known(memo: Memo, slug: str, part: str, language: str) -> Known:
    """What a topic's cells gave, as far as it is known, as a page in one language shows it."""
    cells = {cell.label: cell for cell in reading.code(memo, slug)}
    try:
        one: Ran | None = memo.ask(ran(slug))
    except KeyError:  # its cells never ran
        one = None
    if one is None:
        return Known(cells=cells)
    record = one.entry.record
    values = {name: value["value"] for name, value in record["values"].items()}
    known = Known(
        value=lambda node: _printed(values[node.name], node, language) if node.name in values else UNKNOWN,
        rows=lambda table: _rows(values.get(table.name), table, language),
        cells=cells,
        outputs={
            label: tuple(text for text in (output["stdout"], output["value"]) if text.strip())
            for label, output in record["outputs"].items()
        },
    )
    source = memo.given.config.source_language
    texts = {
        **reading.metadata(memo, slug, part, source).figures,
        **reading.metadata(memo, slug, part, language).figures,
    }
    figures = {
        name: (plain_words(text.caption, known), text.alt)
        for name, figure in record["figures"].items()
        if (text := texts.get(figure["caption"]))
    }
    placed = {
        block.name
        for block in walk_blocks(reading.document(memo, slug, part, language).blocks)
        if isinstance(block, FigurePlace)
    }
    captions: dict[str, list[str]] = {}
    for name in (name for name in figures if name not in placed):
        captions.setdefault(record["figures"][name]["cell"], []).extend(figures[name])
    return replace(known, figures=figures, captions=captions)


def _printed(value: Value, node: Glue | Column, language: str) -> str:
    """A value as it is printed, or that it is not known where it does not fit: that is a problem, which others tell."""
    try:
        return shown_value(value, node.index if isinstance(node, Glue) else (), node.format, language)
    except ValueError:
        return UNKNOWN


def _rows(value: Value, table: GluedTable, language: str) -> list[list[str]]:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return [[_printed(row.get(column.key, ""), column, language) for column in table.columns] for row in rows]
