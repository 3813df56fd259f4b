"""A topic in two languages as rows: what matches stands in one row, what one of them lacks leaves a gap in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from markupsafe import Markup

from pipeline.memo import inputs, pages, reading
from pipeline.memo.engine import Memo
from pipeline.memo.reading import ARTICLE
from pipeline.preview.answers import NoSuchPageError
from pipeline.preview.elsewhere import prefixed, rooted
from pipeline.preview.moved_on import MovedOn, moved_on
from pipeline.preview.pairing import Text, merged, paired_blocks, paired_sections
from pipeline.read.document import Block, Footnote
from pipeline.render.html.blocks import blocks
from pipeline.render.html.formulas import Formulas
from pipeline.render.html.inline import Writing, inlines
from pipeline.render.html.page import Definition, Note, definitions
from pipeline.render.model import PageModel, ReferenceEntry
from pipeline.render.numbers import direction
from pipeline.translate.align import said
from pipeline.translate.consequences import Consequence
from pipeline.translate.head import Place, texts_of
from pipeline.translate.marks import SAID, changed_words, marked_lines
from pipeline.translate.stamping import stamps_of
from pipeline.translate.text import Block as Written
from pipeline.translate.text import File, Section, take_apart

RIGHT = "right-"  # in front of the ids of the right side


@dataclass(frozen=True, slots=True)
class Change:
    """What the source said and says, word by word: (" ", both), ("-", went), ("+", came)."""

    kind: str  # changed | new | gone
    runs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One language's half of a row."""

    shown: Markup
    place: str  # articles/x/es.md:41
    line: int
    marks: tuple[str, ...] = ()  # kinds of what its translator was told is to be done
    changes: tuple[Change, ...] = ()  # of the source, since it was made from that
    outdated: str = ""  # of a heading whose section is older than the source: since when, or "?"

    @property
    def waits(self) -> bool:
        return bool(self.marks or self.changes or self.outdated)


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side; None is a gap. `number` counts the rows that wait for somebody, 0 for all others."""

    kind: str  # title | summary | point | block | note | reference
    left: Side | None
    right: Side | None
    number: int = 0
    change: Change | None = None  # of the source, where one side lacks the text

    @property
    def waits(self) -> bool:
        return any(side is None or side.waits for side in (self.left, self.right))


@dataclass(frozen=True, slots=True)
class Column:
    """One of the two languages: what its page is called and where it is; without a file there is no page yet."""

    language: str
    name: str
    direction: str
    title: str
    file: str
    address: str  # of the page in the preview
    definitions: tuple[Definition, ...] = ()
    references: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Both columns and the rows in them, from the title down."""

    left: Column
    right: Column
    rows: tuple[Row, ...]

    @property
    def waiting(self) -> int:
        return sum(bool(row.number) for row in self.rows)


def beside(memo: Memo, slug: str, part: str, left: str, right: str) -> Beside:
    """Put two languages of a page beside each other.

    Raises NoSuchPageError for a page that there is not; a language in which it is not written yet is all gaps.
    """
    if not reading.is_topic(memo, slug) or memo.given.config.source_language not in reading.languages(memo, slug, part):
        raise NoSuchPageError(slug)
    one, other = (_Page(memo, slug, part, language, prefix) for language, prefix in ((left, ""), (right, RIGHT)))
    rows = [*_heads(one, other), *_bodies(one, other), *_notes(one, other)]
    numbered, count = [], 0
    for row in rows:
        count += row.waits
        numbered.append(replace(row, number=count if row.waits else 0))
    return Beside(one.column(), other.column(), tuple(numbered))


class _Page:
    """One side while it is written: marks of notes and terms are counted from the top of the page down."""

    def __init__(self, memo: Memo, slug: str, part: str, language: str, prefix: str) -> None:
        self.memo, self.slug, self.part, self.language, self.prefix = memo, slug, part, language, prefix
        self.is_source = language == memo.given.config.source_language
        self.exists = language in reading.languages(memo, slug, part)
        self.file = reading.file_of(memo, slug, part, language) if self.exists else ""
        site = memo.given.site
        self.writing = Writing(
            language, "", site.addresses, Formulas(), memo.given.sources.messages[language], site.colored
        )
        text = inputs.text(memo, self.file) if self.exists else ""
        self.taken = take_apart(text) if self.exists else File("", "", (Section(()),))
        self.moved = moved_on(memo, slug, part, language) if self.exists else MovedOn()
        self.marked = {kind: marked_lines(text, kind) for kind in SAID}
        self.model: PageModel | None = pages.model(memo, slug, part, language) if self.exists else None
        self.shown = self._stretches()
        self.footnotes: Mapping[str, Footnote] = {}
        if self.model:
            self.footnotes = {note.label: note for note in self.model.footnotes}
            self.writing.citations = {entry.key: number for number, entry in enumerate(self.model.references, 1)}
            self.writing.footnotes = {label: number for number, label in enumerate(self.footnotes, 1)}

    def text(self) -> Text:
        """Its text, with the ids of the source's sections that its sections were made from."""
        names: Sequence[str]
        if self.is_source:
            names = tuple(reading.sections(self.memo, self.slug, self.part, self.language))
        else:
            names = tuple(stamps_of(self.taken.head)) if self.exists else ()
        return Text(self.taken, tuple(names), self.is_source)

    def _stretches(self) -> dict[int, tuple[Block, ...]]:
        """What the page shows, by the line of the block that it was written as."""
        starts = sorted(block.line for section in self.taken.sections for block in section.blocks)
        found: dict[int, list[Block]] = {}
        for block in self.model.blocks if self.model else ():
            start = max((line for line in starts if line <= block.where.line), default=block.where.line)
            found.setdefault(start, []).append(block)
        return {line: tuple(shown) for line, shown in found.items()}

    def shown_at(self, written: Written | None) -> tuple[Block, ...]:
        """What the page shows of a block as it is written; of a cell also its figures."""
        return self.shown.get(written.line, ()) if written else ()

    def block(self, block: Block, written: Written, outdated: str) -> Side:
        return self.side(blocks((block,), self.writing), written.line, outdated)

    def side(self, shown: Markup, line: int, outdated: str = "") -> Side:
        marks = tuple(kind for kind, lines in self.marked.items() if line in lines)
        changes = tuple(_change(one) for one in self.moved.changes if one.line == line)
        return Side(self.placed(shown), f"{self.file}:{line}", line, marks, changes, outdated)

    def placed(self, html: Markup) -> Markup:
        return prefixed(rooted(html), self.prefix) if self.prefix else rooted(html)

    def age(self, name: str, is_lead: bool = False) -> str:
        """The commit and the day from which an outdated section was translated, "?" where git does not know it."""
        if name not in self.moved.sections or not (name or is_lead):
            return ""
        made_from = self.moved.origins.get(name)
        return f"{made_from.commit}, {made_from.date}" if made_from else "?"

    def column(self) -> Column:
        names = self.memo.given.sources.tongues
        folder = "/".join(filter(None, (self.language, self.slug, self.part)))
        return Column(
            self.language,
            names[self.language],
            direction(self.language),
            reading.title(self.memo, self.slug, ARTICLE, self.language) if self.exists else "",
            self.file,
            f"/{folder}/" if self.exists else "",
            tuple(self._definition(one) for one in definitions(self.writing)),
            tuple(self._reference(entry) for entry in (self.model.references if self.model else ())),
        )

    def _definition(self, one: Definition) -> Definition:
        link = f"/{one.link}" if one.link is not None else None
        return Definition(self.prefix + one.id, one.term, self.placed(one.definition), link)

    def _reference(self, entry: ReferenceEntry) -> Note:
        count = self.writing.uses[f"ref-{entry.key}"]
        uses = tuple(f"{self.prefix}_use-ref-{entry.key}-{number}" for number in range(1, count + 1))
        return Note(f"{self.prefix}_ref-{entry.key}", uses, self.placed(inlines(entry.text, self.writing)))


def _heads(left: _Page, right: _Page) -> Iterator[Row]:
    """The words in the heads that a page shows: title, summary, key points."""
    ours, theirs = _head(left), _head(right)
    for place in dict.fromkeys((*ours, *theirs)):
        kind = {"title": "title", "summary": "summary"}.get(str(place[0]), "point")
        yield Row(kind, ours.get(place), theirs.get(place))


def _head(page: _Page) -> dict[Place, Side]:
    if page.model is None:
        return {}
    lines = {place: one.line + 2 for place, one in texts_of(page.taken.head).items()}
    title = Markup("<h2>%s</h2>") % reading.title(page.memo, page.slug, page.part, page.language)
    shown: dict[Place, Markup] = {("title",): title}
    if page.model.summary:
        shown["summary",] = Markup("<p>%s</p>") % inlines(page.model.summary, page.writing)
    for number, point in enumerate(page.model.key_points):
        shown["key_points", number] = Markup("<p>%s</p>") % inlines(point, page.writing)
    found = {place: page.side(html, lines.get(place, 1)) for place, html in shown.items()}
    # captions stand with their figures, so what changed in them is told with the title
    captions = set(lines.values()) - {side.line for side in found.values()}
    others = tuple(_change(one) for one in page.moved.changes if one.line in captions)
    first = found["title",]
    found["title",] = replace(first, changes=(*first.changes, *others), outdated=page.age("", True))
    return found


def _bodies(left: _Page, right: _Page) -> Iterator[Row]:
    ours, theirs = left.text(), right.text()
    for here, there in paired_sections(ours, theirs):
        one = ours.file.sections[here] if here is not None else Section(())
        other = theirs.file.sections[there] if there is not None else Section(())
        since = left.age(_name(ours, here)), right.age(_name(theirs, there))
        for first, second in paired_blocks(one, other, right.is_source):
            mine = one.blocks[first] if first is not None else None
            its = other.blocks[second] if second is not None else None
            shown = left.shown_at(mine), right.shown_at(its)
            for number, couple in enumerate(zip_longest(*shown)):
                # a heading says of its section whether it is outdated
                ages = tuple(
                    age if place == 0 and number == 0 else "" for age, place in zip(since, (first, second), strict=True)
                )
                yield Row(
                    "block",
                    left.block(couple[0], mine, ages[0]) if couple[0] and mine else None,
                    right.block(couple[1], its, ages[1]) if couple[1] and its else None,
                    change=_unplaced(left, right, mine if its is None else None)
                    or _unplaced(right, left, its if mine is None else None),
                )


def _name(text: Text, number: int | None) -> str:
    """The source's id of a section with a heading; "" where nobody knows it. The lead has none: the title speaks."""
    known = len(text.names) == len(text.file.sections)
    return text.names[number] if known and number else ""


def _unplaced(source: _Page, translation: _Page, block: Written | None) -> Change | None:
    """What changed in a block of the source that has no text of its own in the translation."""
    if block is None or not source.is_source:
        return None
    now = said(block)
    return next((_change(one) for one in translation.moved.changes if one.now == now and not one.line), None)


def _notes(left: _Page, right: _Page) -> Iterator[Row]:
    """The footnotes, each beside the one of the same name; those that only the right has come last."""
    labels, others = list(left.footnotes), list(right.footnotes)
    pairs = {number: others.index(label) for number, label in enumerate(labels) if label in right.footnotes}
    for here, there in merged(len(labels), len(others), pairs):
        yield Row(
            "note",
            _note(left, labels[here]) if here is not None else None,
            _note(right, others[there]) if there is not None else None,
        )


def _note(page: _Page, label: str) -> Side:
    note = page.footnotes[label]
    number = page.writing.footnotes[label]
    uses = Markup("").join(
        Markup('<a href="#_use-note-{0}-{1}" aria-label="{1}">↑</a>').format(label, use)
        for use in range(1, page.writing.uses[f"note-{label}"] + 1)
    )
    words = inlines(note.children, page.writing)
    shown = Markup('<p id="_note-{}"><span class="back">{}. {}</span> {}</p>').format(label, number, uses, words)
    return page.side(shown, note.where.line)


def _change(one: Consequence) -> Change:
    return Change(one.change, tuple(changed_words(one.was, one.now)))
