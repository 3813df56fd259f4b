"""From a person's edit of a page to edits of its sources, one line of the page after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.errors import Where
from pipeline.pull import structure
from pipeline.pull.from_source import Lost, signs_of
from pipeline.pull.from_wiki import formula_of_wiki, signs_of_wiki
from pipeline.pull.lines import Hunk, Line, carried, hunks, lines_of, paired
from pipeline.pull.names import Names
from pipeline.pull.outcome import Disagreement, SourceEdit, Untraced
from pipeline.pull.places import Places, Stretch
from pipeline.pull.rendering import Part, Rendering, Run
from pipeline.pull.run_edits import edits_between
from pipeline.pull.signs import Sign, keys
from pipeline.pull.to_source import Unsayable
from pipeline.read.blocks import heading_id

CODE = "it is code, or what code printed: change the cell"
TEMPLATES = "templates and what stands in them are made by the pipeline"
MOVED = "the sources moved on since the bot wrote these lines"


@dataclass(frozen=True, slots=True)
class Partly:
    """A line of which all but the numbers was taken over: its fixed parts, and the signs of its runs."""

    pattern: re.Pattern[str]
    kinds: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Lines of the page as the sources make it become `lines`, through `edits` of the sources."""

    i: int
    j: int
    lines: tuple[str | Partly, ...]
    edits: tuple[SourceEdit, ...]
    before: str
    now: str
    number: int  # the line on the wiki
    where: Where
    meaning: Partly | None = None  # the same line, whatever markup says it
    respelled: bool = False


@dataclass(slots=True)
class Tracing:
    """What was found on one page; items may still turn out not to say what they should."""

    items: list[Item] = field(default_factory=list)
    untraced: list[Untraced] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    moved_on: bool = False


class Tracer:
    """One page with all that is known of where it comes from."""

    def __init__(self, rendering: Rendering, names: Names, places: Mapping[str, Places]) -> None:
        self.rendering = rendering
        self.names = names
        self.places = places
        self.lines = lines_of(rendering.text)
        self.stretches = _stretches(rendering.runs, places)
        self._signs: dict[Run, list[Sign] | str] = {}

    def trace(self, before: str, now: str) -> Tracing:
        """Follow every difference between the bot's text and the person's into the sources."""
        found = Tracing()
        old, new = lines_of(before), lines_of(now)
        self._know_headings(new)
        moves = hunks(old, self.lines)
        for edit in hunks(old, new):
            hunk = carried(edit, moves)
            if hunk is None:
                if not self._said_already(edit, old, moves, new):
                    found.moved_on = True
                    found.untraced.append(_untraced(old[edit.i : edit.j], new[edit.k : edit.m], new, edit.k, MOVED))
                continue
            for part in paired(self.lines, new, hunk):
                self._part(part, new, found)
        return found

    def _know_headings(self, new: Sequence[Line]) -> None:
        """A person who renames a heading, or makes one, may link to it by its new words."""
        words = (heading[2] for line in new if (heading := structure.HEADING.fullmatch(line.text)))
        self.names = replace(self.names, headings={one: heading_id(one) for one in words})

    def _said_already(self, edit: Hunk, old: Sequence[Line], moves: Sequence[Hunk], new: Sequence[Line]) -> bool:
        """Whether the sources have since changed in the same way."""
        for move in moves:
            if (move.i, move.j) == (edit.i, edit.j):
                return [line.text for line in self.lines[move.k : move.m]] == [
                    line.text for line in new[edit.k : edit.m]
                ]
        return False

    def _part(self, part: Hunk, new: Sequence[Line], found: Tracing) -> None:
        ours, theirs = self.lines[part.i : part.j], new[part.k : part.m]
        where = self.where(part)
        try:
            if len(ours) == len(theirs) == 1:
                item = self._line(part, ours[0], theirs[0], where, found)
            else:
                edits = structure.edits(self, part, ours, theirs)
                item = self.item(part, tuple(line.text for line in theirs), edits, ours, theirs, where)
        except (Unsayable, Lost) as error:
            why = f"it holds {error}" if isinstance(error, Unsayable) else f"its place in the source is lost: {error}"
            found.untraced.append(_untraced(ours, theirs, new, part.k, why, where))
        except structure.NotTraceable as error:
            found.untraced.append(_untraced(ours, theirs, new, part.k, str(error), where))
        else:
            if item is not None:
                found.items.append(item)

    def item(
        self, part: Hunk, lines: tuple[str | Partly, ...], edits: Sequence[SourceEdit], ours: Sequence[Line],
        theirs: Sequence[Line], where: Where | None,
    ) -> Item:  # fmt: skip
        number = theirs[0].number if theirs else part.k + 1
        place = where or Where(self.rendering.file)
        return Item(part.i, part.j, lines, tuple(edits), _text(ours), _text(theirs), number, place)

    # --- one line -----------------------------------------------------------------------------------

    def _line(self, part: Hunk, ours: Line, theirs: Line, where: Where | None, found: Tracing) -> Item | None:
        runs = self.runs_in(ours)
        if not runs:
            raise structure.NotTraceable(self.why_fixed(ours))
        pattern = _pattern(ours, runs)
        match = pattern.fullmatch(theirs.text)
        if match is None:
            raise structure.NotTraceable("the markup around the words was changed")
        edits: list[SourceEdit] = []
        after: list[tuple[str, ...]] = []
        numbers: list[Disagreement] = []
        for run, words in zip(runs, match.groups(), strict=True):
            was = self.rendering.text[run.start : run.end]
            if run.value and was != words:
                place = Where(run.file, run.line, run.column)
                numbers.append(Disagreement(run.value, was, words, place))
                after.append(keys(self.wiki_signs(was, run)))
                continue
            if was == words:
                after.append(keys(self.wiki_signs(was, run)))
                continue
            stretch = self.stretch(run)
            place = Where(run.file, stretch.line, stretch.column)
            result = edits_between(
                self.source_signs(run), self.wiki_signs(words, run), stretch, self.places[run.file], run.file
            )
            edits += result.edits
            after.append(result.keys)
            numbers += [Disagreement(one.name, one.computed, one.written, place) for one in result.numbers]
        found.disagreements += numbers
        meaning = Partly(pattern, tuple(run.kind for run in runs), tuple(after))
        if not numbers:
            if not edits:
                raise structure.NotTraceable("the same words with other markup, which the sources cannot choose")
            return replace(self.item(part, (theirs.text,), edits, (ours,), (theirs,), where), meaning=meaning)
        return self.item(part, (meaning,), edits, (ours,), (theirs,), where) if edits else None

    # --- places -------------------------------------------------------------------------------------

    def runs_in(self, line: Line) -> list[Run]:
        return [run for run in self.rendering.runs if line.start <= run.start and run.end <= line.end]

    def part_of(self, line: Line) -> Part | None:
        return next((part for part in self.rendering.parts if part.start <= line.start <= part.end), None)

    def why_fixed(self, line: Line) -> str:
        part = self.part_of(line)
        if part is None or part.what == "the summary":
            return TEMPLATES
        if part.what in ("Cell", "CodeBlock"):
            return CODE if part.what == "Cell" else "code is never pulled: change it in the source"
        return "the words of this line come from no line of the source"

    def where(self, part: Hunk) -> Where | None:
        for line in (*self.lines[part.i : part.j], *reversed(self.lines[: part.i])):
            for run in self.runs_in(line):
                stretch = self.stretches.get(run)
                if stretch is not None:
                    return Where(run.file, stretch.line, stretch.column)
        return None

    def stretch(self, run: Run) -> Stretch:
        found = self.stretches.get(run)
        if found is None:
            raise Lost("the words are put together from several places")
        return found

    def source_signs(self, run: Run) -> list[Sign]:
        """The signs of a run's source. Raises Lost where they are not those of the page."""
        if not self._signs:
            self._read_all()
        signs = self._signs[run]
        if isinstance(signs, str):
            raise Lost(signs)
        on_page = self.wiki_signs(self.rendering.text[run.start : run.end], run)
        if keys(signs) != keys(on_page):
            raise Lost("it reads otherwise than the page")
        return signs

    def _read_all(self) -> None:
        """All runs in the order of the page, because a footnote is written out where its mark comes first."""
        taken: set[str] = set()
        for run in self.rendering.runs:
            stretch = self.stretches.get(run)
            if stretch is None:
                self._signs[run] = "no place in the source is known for it"
                continue
            try:
                self._signs[run] = signs_of(stretch, self.names, self.places[run.file], taken)
            except Lost as error:
                self._signs[run] = str(error)

    def wiki_signs(self, text: str, run: Run) -> list[Sign]:
        return formula_of_wiki(text) if run.kind == "tex" else signs_of_wiki(text, self.names)

    def matches(self, wanted: str | Partly, line: str) -> bool:
        """Whether a line of the page, made anew, is the one that was wanted."""
        if isinstance(wanted, str):
            return wanted == line
        match = wanted.pattern.fullmatch(line)
        if match is None:
            return False
        for words, kind, signs in zip(match.groups(), wanted.kinds, wanted.keys, strict=True):
            found = formula_of_wiki(words) if kind == "tex" else signs_of_wiki(words, self.names)
            if keys(found) != signs:
                return False
        return True


def _pattern(line: Line, runs: Sequence[Run]) -> re.Pattern[str]:
    """A line with its runs left open."""
    parts, place = [], line.start
    for run in runs:
        parts.append(re.escape(line.text[place - line.start : run.start - line.start]))
        parts.append("(.*)" if run is runs[-1] else "(.*?)")
        place = run.end
    parts.append(re.escape(line.text[place - line.start :]))
    return re.compile("".join(parts), re.DOTALL)


def _stretches(runs: Sequence[Run], places: Mapping[str, Places]) -> dict[Run, Stretch]:
    """Pair the runs of the page with the stretches of its files, by where they start, then by their order."""
    found: dict[Run, Stretch] = {}
    by_line: dict[tuple[str, int], list[Run]] = {}
    for run in runs:
        if run.value or run.file not in places:
            continue
        stretches = places[run.file].stretches
        if run.alt:
            wanted = ("figures", run.alt, "alt")
            for stretch in stretches:
                if stretch.path == wanted:
                    found[run] = stretch
            continue
        by_line.setdefault((run.file, run.line), []).append(run)
    for (file, line), group in by_line.items():
        there = [stretch for stretch in places[file].stretches if stretch.line == line]
        for number, run in enumerate(group):
            exact = [one for one in there if one.path and one.column == run.column]
            kinds = [one for one in there if one.kind == run.kind and not one.path]
            if len(exact) == 1:
                found[run] = exact[0]
            elif len(kinds) == sum(1 for one in group if one.kind == run.kind):
                found[run] = kinds[sum(1 for one in group[:number] if one.kind == run.kind)]
    return found


def _untraced(
    ours: Sequence[Line], theirs: Sequence[Line], new: Sequence[Line], k: int, why: str, where: Where | None = None
) -> Untraced:
    number = theirs[0].number if theirs else new[min(k, len(new) - 1)].number
    return Untraced(number, _text(ours), _text(theirs), why, where)


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)
