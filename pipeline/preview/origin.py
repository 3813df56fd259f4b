"""Where a number, a figure or a cell comes from: the code, how far it was checked, where else it stands, its past."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pipeline.memo import reading, results
from pipeline.memo.engine import Memo
from pipeline.preview.answers import NoSuchPageError
from pipeline.preview.past import Change, Held, Words, changes_of, past
from pipeline.preview.places import Place, Places, holds_words
from pipeline.read.article import Article
from pipeline.read.document import CodeCell, Embed, walk
from pipeline.render.html.figures import figure_place
from pipeline.run.printed import is_table
from pipeline.run.results import CellOutput, Check, Differs, Environment, Image, Level, Results, Value
from pipeline.titles import figure_file
from pipeline.verify.accepted import contents

KINDS = ("value", "figure", "cell")
LONGEST = 20_000  # signs of a value at full precision
AFTER_NAME = re.compile(r"[.:\[]")  # an index, a column or a format follows the name of a value


@dataclass(frozen=True, slots=True)
class Source:
    """The cell that made it. `place` is where the page shows it, None where its code is hidden."""

    label: str
    code: str
    where: str  # articles/x/en.md:41, the first line of its code
    output: CellOutput
    checks: tuple[Check, ...]
    published: tuple[tuple[str, str], ...]  # kind and name of all that it published
    place: Place | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as it is drawn for a language."""

    address: str
    alt: str
    width: int  # pixels on the page
    height: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the results of the topic are verified, and by what."""

    level: Level
    reproduced: bool
    environment: Environment
    computed: str  # ISO date
    checks: int  # of the whole topic
    devices: tuple[tuple[str, str, str], ...]  # name, version of torch, date


@dataclass(frozen=True, slots=True)
class Origin:
    """All that is known of one value, figure or cell. Without a cell it is a picture that an author put there."""

    slug: str
    kind: str
    name: str
    language: str  # of the words below: that of the reader, or the source's where the topic is not in it
    topic: str  # the page's title
    exact: str  # a value at full precision, the hash of a figure's data
    printed: tuple[tuple[str, str], ...]  # format or part -> how the page prints it
    picture: Picture | None
    cell: Source | None
    standing: Standing | None
    differs: Differs | None  # between devices or runs, and why, in the words of the page's language
    places: tuple[Place, ...]
    history: tuple[Change, ...]
    is_whole: bool = True  # whether all commits were looked at
    holds_words: bool = False  # whether a text is in the value: its digits are written the same in all languages

    @property
    def is_committed(self) -> bool:
        """Whether the newest commit holds what is shown, as far as git knows."""
        return not any(not change.commit for change in self.history)


def origin(memo: Memo, slug: str, kind: str, name: str, language: str = "") -> Origin:
    """Look up where something comes from, in the words of a language (the source's unless said).

    Raises NoSuchPageError where there is no such topic or nothing of that kind and name, or where the topic has no
    results.
    """
    language = language or memo.given.config.source_language
    if not reading.is_topic(memo, slug) or not results.has_results(memo, slug) or kind not in KINDS:
        raise NoSuchPageError(f"{slug}/{kind}/{name}")
    article = memo.given.sources.articles[slug]
    language = language if language in article.versions else memo.given.config.source_language
    look = _Look(memo, article, language, results.shown(memo, slug))
    label = look.cell_of(kind, name)
    if label is None:
        places = tuple(look.pages.of_picture(name)) if kind == "figure" else ()
        if not places:
            raise NoSuchPageError(f"{slug}/{kind}/{name}")
        return Origin(slug, kind, name, language, look.title, "", (), None, None, None, None, places, ())
    what = f"{kind} {name}"
    differs = look.results.differs.get(what)
    known = past(memo, slug)
    history = changes_of(known, _Pick(kind, name), look.now(kind, name) if not _by_run(differs) else None)
    return Origin(
        slug=slug,
        kind=kind,
        name=name,
        language=language,
        topic=look.title,
        exact=look.exact(kind, name),
        printed=tuple(look.pages.printed(name, language)) if kind == "value" else (),
        picture=look.picture(name) if kind == "figure" else None,
        cell=look.source(label),
        standing=look.standing(),
        differs=Differs(differs.by, look.words(differs.reason)) if differs else None,
        places=tuple(look.places(kind, name, label)),
        history=history,
        is_whole=known.is_whole,
        holds_words=kind == "value" and holds_words(look.values[name]),
    )


class _Look:
    """One topic being looked at, for a reader of one language."""

    def __init__(self, memo: Memo, article: Article, language: str, shown: Results) -> None:
        self.memo, self.article, self.language, self.results = memo, article, language, shown
        self.version = article.versions[language]
        self.title = self.version.title
        measured = results.results(memo, article.slug)
        assert measured is not None, "asked only for topics with results"
        self.measured = measured  # with seconds and lines, which pages do not show
        self.values = {one: glued.value for one, glued in shown.glued.items()}
        self.pages = Places(article, self.values)

    def cell_of(self, kind: str, name: str) -> str | None:
        if kind == "cell":
            return name if name in self.article.code else None
        found = (self.results.glued if kind == "value" else self.results.figures).get(name)
        return found.cell if found else None

    def exact(self, kind: str, name: str) -> str:
        if kind == "value":
            return written(self.values[name])
        return self.results.figures[name].data_sha256 if kind == "figure" else ""

    def picture(self, name: str) -> Picture:
        figure = self.results.figures[name]
        source = self.memo.given.config.source_language
        drawn = self.language if self.language in figure.images else source
        image: Image = figure.images[drawn]
        texts = self.version.metadata.figures.get(figure.caption) or self.article.source.metadata.figures.get(
            figure.caption
        )
        place = figure_place(figure_file(self.article.title, name, drawn))
        return Picture(f"/{quote(place)}", texts.alt if texts else "", (image.width + 1) // 2, (image.height + 1) // 2)

    def source(self, label: str) -> Source:
        cell = next(one for one in self.article.cells if one.label == label)
        output = self.measured.outputs.get(label) or CellOutput(label, "", "", (), 0.0)
        published = (
            *(("value", one) for one, glued in self.results.glued.items() if glued.cell == label),
            *(("figure", one) for one, figure in self.results.figures.items() if figure.cell == label),
        )
        checks = tuple(check for check in self.measured.checks if check.cell == label)
        where = f"{self.article.source.file}:{cell.line}"
        return Source(label, cell.source, where, output, checks, published, self.shown_at(cell))

    def shown_at(self, cell: CodeCell) -> Place | None:
        if cell.code == "hide":
            return None
        for node in walk(self.version.document.blocks):
            if isinstance(node, CodeCell | Embed) and node.label == cell.label:
                return self.pages.place(self.article, self.version, node)
        return None

    def places(self, kind: str, name: str, label: str) -> Iterator[Place]:
        if kind == "value":
            return self.pages.of_value(name)
        return self.pages.of_cell(label, name if kind == "figure" else "")

    def standing(self) -> Standing:
        found = self.results
        devices = tuple((one.name, one.torch, one.date) for one in found.devices.values())
        return Standing(found.level, found.reproduced, found.environment, found.computed, len(found.checks), devices)

    def words(self, reason: str) -> str:
        return self.version.metadata.labels.get(reason, reason)

    def now(self, kind: str, name: str) -> Words:
        held = contents(self.article, self.results)
        output = {cell: "\n".join(filter(None, (one["stdout"], one["value"]))) for cell, one in held["output"].items()}
        return _Pick(kind, name)(Held(held["printed"], held["figures"], output))


def written(value: Value) -> str:
    """A value with all its digits; of a table a row on each line, of what is very long the beginning."""
    if is_table(value):
        text = "\n".join(_as_json(row) for row in value)
    elif isinstance(value, list) and any(isinstance(item, list) for item in value):
        text = "[" + ",\n ".join(_as_json(item) for item in value) + "]"
    else:
        text = value if isinstance(value, str) else _as_json(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def _as_json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Pick:
    """What results.json holds of one thing."""

    kind: str
    name: str

    def __call__(self, held: Held) -> Words:
        if self.kind == "value":
            return {
                key: text for key, text in held.printed.items() if AFTER_NAME.split(key, maxsplit=1)[0] == self.name
            }
        of: Mapping[str, str] = held.figures if self.kind == "figure" else held.output
        return {self.name: of[self.name]} if self.name in of else {}


def _by_run(differs: Differs | None) -> bool:
    return differs is not None and differs.by == "run"
