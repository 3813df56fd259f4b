"""Lines that came or went: paragraphs, headings, formulas, items of lists, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.pull.from_source import Lost
from pipeline.pull.from_wiki import formula_of_wiki, signs_of_wiki
from pipeline.pull.lines import Hunk, Line
from pipeline.pull.outcome import SourceEdit
from pipeline.pull.places import Lines
from pipeline.pull.to_source import escaped, source_of_signs

if TYPE_CHECKING:
    from pipeline.pull.rendering import Part
    from pipeline.pull.trace import Tracer

ITEM = re.compile(r"([*#]+) ?(.*)", re.DOTALL)
HEADING = re.compile(r"(={2,6})\s*(.*?)\s*\1\s*")
FORMULA = re.compile(r'<math display="block">\n?(.*?)\n?</math>\s*', re.DOTALL)
OTHER = re.compile(
    r"[:;{|!]|<(?!math|code|ref|nowiki|br)|\[\[(?:File|Category|Image):|----|__|\{\{(?!Term\||#tag:ref)", re.I
)


class NotTraceable(Exception):
    """Why lines cannot be brought into the sources."""


def edits(tracer: Tracer, part: Hunk, ours: Sequence[Line], theirs: Sequence[Line]) -> list[SourceEdit]:
    """The edits of the page's file that take out `ours` and put in `theirs`. Raises NotTraceable, Unsayable, Lost."""
    found: list[SourceEdit] = []
    written = [line.text for line in theirs if line.text.strip()]
    if any(line.text for line in ours):
        found += _removed(tracer, ours)
    if written:
        found += _added(tracer, part, written, theirs)
    if not found:
        raise NotTraceable("empty lines mean nothing in the sources")
    return found


# --- what went ----------------------------------------------------------------------------------------------------


def _removed(tracer: Tracer, ours: Sequence[Line]) -> list[SourceEdit]:
    full = [line for line in ours if line.text]
    parts = [tracer.part_of(line) for line in full]
    if any(part is None or part.what == "the summary" for part in parts):
        raise NotTraceable("templates and what stands in them are made by the pipeline")
    known = [part for part in parts if part is not None]
    if any(part.what in ("Cell", "CodeBlock", "FigureBox") for part in known):
        raise NotTraceable("code, what it printed, and its figures are taken out in the source alone")
    found: list[SourceEdit] = []
    done: set[int] = set()
    for line, part in zip(full, known, strict=True):
        if part.start in done:
            continue
        start, end = full[0].start, full[-1].end
        if start <= part.start and part.end <= end:
            done.add(part.start)
            found.append(_without_block(tracer, part))
        elif part.what == "List":
            found.append(_without_lines(tracer, line))
        elif part.what == "Table":
            if line.text != "|-":
                done_row = _without_lines(tracer, line)
                if done_row not in found:
                    found.append(done_row)
        else:
            raise NotTraceable("a part of a block went")
    return found


def _without_block(tracer: Tracer, part: Part) -> SourceEdit:
    places = tracer.places[tracer.rendering.file]
    block = _block_of(tracer, part)
    start, end = places.offset(block.first), places.offset(block.last)
    if places.text[end : end + 1] == "\n":
        end += 1
    elif start > 0 and places.text[start - 2 : start] == "\n\n":
        start -= 1
    return SourceEdit(tracer.rendering.file, start, end, "")


def _block_of(tracer: Tracer, part: Part) -> Lines:
    blocks = tracer.places[tracer.rendering.file].blocks
    found = next((block for block in blocks if block.first <= part.line < block.last), None)
    if part.file != tracer.rendering.file or found is None:
        raise Lost("another file makes this block")
    return found


def _without_lines(tracer: Tracer, line: Line) -> SourceEdit:
    """Take out the lines of the source that make this one."""
    first, last = _source_lines(tracer, line)
    places = tracer.places[tracer.rendering.file]
    return SourceEdit(tracer.rendering.file, places.offset(first), places.offset(last + 1), "")


def _source_lines(tracer: Tracer, line: Line) -> tuple[int, int]:
    """The first and the last line of the source that hold the words of a line."""
    found = [stretch for run in tracer.runs_in(line) for stretch in [tracer.stretches.get(run)] if stretch]
    if not found:
        raise Lost("no line of the source makes it")
    return found[0].line, max(stretch.line + stretch.text.count("\n") for stretch in found)


# --- what came ----------------------------------------------------------------------------------------------------


def _added(tracer: Tracer, part: Hunk, written: list[str], theirs: Sequence[Line]) -> list[SourceEdit]:
    before = _neighbor(tracer, part.i - 1, -1)
    after = _neighbor(tracer, part.j, 1)
    inside = _within(tracer, part)
    if inside is not None and inside.what == "Table":
        return [_new_row(tracer, part, inside, written)]
    lists = [line for line in (before, after) if line is not None and ITEM.match(line.text) and _is_list(tracer, line)]
    if all(ITEM.match(line) for line in written) and lists and not _apart(theirs):
        return _new_items(tracer, written, lists)
    if inside is not None:
        raise NotTraceable("it stands in the middle of a block")
    return [_new_blocks(tracer, part, theirs)]


def _apart(theirs: Sequence[Line]) -> bool:
    return any(not line.text for line in theirs)


def _neighbor(tracer: Tracer, at: int, step: int) -> Line | None:
    return tracer.lines[at] if 0 <= at < len(tracer.lines) else None


def _is_list(tracer: Tracer, line: Line) -> bool:
    part = tracer.part_of(line)
    return part is not None and part.what == "List"


def _within(tracer: Tracer, part: Hunk) -> Part | None:
    """The block that goes on both above and below the place."""
    place = tracer.lines[part.i].start if part.i < len(tracer.lines) else len(tracer.rendering.text)
    end = tracer.lines[part.j - 1].end if part.j > part.i else place - 1
    return next((one for one in tracer.rendering.parts if one.start < place and end < one.end), None)


def _new_items(tracer: Tracer, written: list[str], neighbors: list[Line]) -> list[SourceEdit]:
    neighbor = neighbors[0]
    above = neighbor is neighbors[0] and (len(neighbors) == 2 or _precedes(tracer, neighbor))
    marks = {match[1] for line in written if (match := ITEM.match(line))}
    line = _with_mark(tracer, neighbor, marks)
    places = tracer.places[tracer.rendering.file]
    first, _ = _source_lines(tracer, line)
    raw = places.text.split("\n")[first - 1]
    lead = re.match(r"\s*(?:[-*+]|\d+[.)])\s+", raw)
    if lead is None:
        raise Lost("the item does not start a line of the source")
    texts = []
    for number, item in enumerate(written, 1):
        match = ITEM.match(item)
        words = match[2] if match else item
        texts.append(_counted(lead[0], number) + source_of_signs(signs_of_wiki(words.strip(), tracer.names), ""))
    if above:
        _, last = _source_lines(tracer, neighbor)
        place = places.offset(last + 1)
    else:
        place = places.offset(first)
    return [SourceEdit(tracer.rendering.file, place, place, "".join(f"{text}\n" for text in texts))]


def _precedes(tracer: Tracer, line: Line) -> bool:
    """Whether the line is the last of its list."""
    index = tracer.lines.index(line)
    following = tracer.lines[index + 1] if index + 1 < len(tracer.lines) else None
    return following is None or not ITEM.match(following.text)


def _with_mark(tracer: Tracer, neighbor: Line, marks: set[str]) -> Line:
    """The nearest item of the same depth, at the neighbor or above it."""
    if len(marks) != 1:
        raise NotTraceable("items of several depths came")
    (mark,) = marks
    index = tracer.lines.index(neighbor)
    while index >= 0 and (match := ITEM.match(tracer.lines[index].text)):
        if match[1] == mark:
            return tracer.lines[index]
        if not match[1].startswith(mark):
            break
        index -= 1
    raise NotTraceable("it starts a list inside of a list")


def _counted(lead: str, further: int) -> str:
    return re.sub(r"\d+", lambda match: str(int(match[0]) + further), lead)


def _new_row(tracer: Tracer, part: Hunk, table: Part, written: list[str]) -> SourceEdit:
    cells = [line for line in written if line != "|-"]
    above = [line for line in tracer.lines[: part.i] if table.start < line.start and tracer.runs_in(line)]
    block = _block_of(tracer, table)
    places = tracer.places[tracer.rendering.file]
    head = places.text.split("\n")[block.first - 1]
    columns = len(re.findall(r"(?<!\\)\|", head.strip().strip("|"))) + 1
    if len(cells) != columns or not all(line.startswith("|") for line in cells) or not above or "```" in head:
        raise NotTraceable("it is not one whole row of the table")
    words = []
    for line in cells:
        match = re.fullmatch(r'\|(?: style="[^"]*" \|)?\s*(.*)', line, re.DOTALL)
        content = match[1] if match else ""
        words.append(escaped(source_of_signs(signs_of_wiki(content.strip(), tracer.names), ""), "cell"))
    _, last = _source_lines(tracer, above[-1])
    last += 1 if last == block.first else 0  # below the line of dashes
    place = places.offset(last + 1)
    return SourceEdit(tracer.rendering.file, place, place, f"| {' | '.join(words)} |\n")


def _new_blocks(tracer: Tracer, part: Hunk, theirs: Sequence[Line]) -> SourceEdit:
    place = tracer.lines[part.i].start if part.i < len(tracer.lines) else len(tracer.rendering.text)
    body = [one for one in tracer.rendering.parts if one.what != "the summary" and one.file == tracer.rendering.file]
    above = [one for one in body if one.end <= place]
    if not body or place < body[0].start - 1 or (not above and place > body[0].start) or place > body[-1].end + 2:
        raise NotTraceable("templates and what stands in them are made by the pipeline")
    places = tracer.places[tracer.rendering.file]
    blocks = _blocks(tracer, theirs)
    text = "\n\n".join(blocks)
    if not above:
        start = places.offset(_block_of(tracer, body[0]).first)
        return SourceEdit(tracer.rendering.file, start, start, f"{text}\n\n")
    start = places.offset(_block_of(tracer, above[-1]).last)
    newline = "" if places.text[:start].endswith("\n") else "\n"
    return SourceEdit(tracer.rendering.file, start, start, f"{newline}\n{text}\n")


def _blocks(tracer: Tracer, theirs: Sequence[Line]) -> list[str]:
    groups: list[list[str]] = [[]]
    for line in theirs:
        if line.text.strip():
            groups[-1].append(line.text)
        elif groups[-1]:
            groups.append([])
    return [_block(tracer, lines) for lines in groups if lines]


def _block(tracer: Tracer, lines: list[str]) -> str:
    if all(ITEM.match(line) for line in lines):
        return _list(tracer, lines)
    if len(lines) > 1:
        raise NotTraceable("several lines that are no list and no paragraph")
    line = lines[0]
    if heading := HEADING.fullmatch(line):
        return f"{'#' * len(heading[1])} {_inline(tracer, heading[2])}"
    if formula := FORMULA.fullmatch(line):
        return f"$$\n{source_of_signs(formula_of_wiki(formula[1]), '')}\n$$"
    if OTHER.match(line) or line.startswith(" "):
        raise NotTraceable("markup of the wiki that the sources do not have")
    text = _inline(tracer, line)
    return "\\" + text if re.match(r"[-+#>](?:\s|#|$)|~~~|:\s", text) else text


def _list(tracer: Tracer, lines: list[str]) -> str:
    indents: list[str] = []
    found = []
    for line in lines:
        match = ITEM.match(line)
        assert match is not None
        depth = len(match[1])
        if depth > len(indents) + 1:
            raise NotTraceable("a list that skips a depth")
        lead = "- " if match[1][-1] == "*" else "1. "
        indents[depth - 1 :] = [lead]
        found.append("".join(" " * len(one) for one in indents[:-1]) + lead + _inline(tracer, match[2].strip()))
    return "\n".join(found)


def _inline(tracer: Tracer, wikitext: str) -> str:
    return source_of_signs(signs_of_wiki(wikitext, tracer.names), "")
