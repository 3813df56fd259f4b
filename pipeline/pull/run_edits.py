"""One run of words, as the source has it and as a person left it: the smallest edits of the source between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import yaml

from pipeline.pull.from_source import Lost
from pipeline.pull.outcome import SourceEdit
from pipeline.pull.places import Places, Stretch, Style
from pipeline.pull.signs import Sign, keys, shown, tokens
from pipeline.pull.to_source import escaped, source_of_signs


@dataclass(frozen=True, slots=True)
class Number:
    """A computed number that a person changed."""

    name: str
    computed: str
    written: str


@dataclass(slots=True)
class RunEdits:
    """`keys` are the signs that the source has afterwards: all that the person left, but for `numbers`."""

    edits: list[SourceEdit] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class _Change:
    """Signs [i, j) of the source become signs [k, m) of the wiki."""

    i: int
    j: int
    k: int
    m: int


def edits_between(
    ours: Sequence[Sign], theirs: Sequence[Sign], stretch: Stretch, places: Places, file: str
) -> RunEdits:
    """Find the edits. Raises Unsayable where the source cannot say it, Lost where its place is not known."""
    found = RunEdits()
    after: list[str] = []
    done = 0
    for change in _changes(ours, theirs):
        after += keys(ours[done : change.i])
        numbers = list(_numbers(ours[change.i : change.j], theirs[change.k : change.m]))
        if numbers:
            found.numbers += numbers
            after += keys(ours[change.i : change.j])
        else:
            found.edits.append(_edit(change, ours, theirs, stretch, file))
            after += keys(theirs[change.k : change.m])
        done = change.j
    found.keys = (*after, *keys(ours[done:]))
    if stretch.style == "yaml" and found.edits:
        found.edits = _requoted(found.edits, stretch, places, file)
    return found


def _changes(ours: Sequence[Sign], theirs: Sequence[Sign]) -> list[_Change]:
    """The differences, word by word, widened to whole values, terms and pieces of code."""
    our_tokens, their_tokens = tokens(ours), tokens(theirs)
    matcher = SequenceMatcher(None, [t.keys for t in our_tokens], [t.keys for t in their_tokens], autojunk=False)
    starts = [token.start for token in our_tokens] + [len(ours)]
    their_starts = [token.start for token in their_tokens] + [len(theirs)]
    changes = [
        _Change(starts[i], starts[j], their_starts[k], their_starts[m])
        for operation, i, j, k, m in matcher.get_opcodes()
        if operation != "equal"
    ]
    same = {
        starts[i] + step: their_starts[k] + step
        for operation, i, j, k, _ in matcher.get_opcodes()
        if operation == "equal"
        for step in range(starts[j] - starts[i])
    }
    while True:
        for change in changes:
            _widen(change, ours, theirs, same)
        merged = _merged(changes)
        if len(merged) == len(changes):
            return merged
        changes = merged


def _widen(change: _Change, ours: Sequence[Sign], theirs: Sequence[Sign], same: Mapping[int, int]) -> None:
    """Take in all of an atom that is touched; `same` pairs the signs that did not change."""
    if _is_within_literal(change, ours, theirs):
        return
    while 0 < change.i < len(ours) and _same_atom(ours, change.i - 1, change.i):
        change.i -= 1
        change.k = same.get(change.i, change.k)
    while 0 < change.j < len(ours) and _same_atom(ours, change.j - 1, change.j):
        change.m = same[change.j] + 1 if change.j in same else change.m
        change.j += 1


def _is_within_literal(change: _Change, ours: Sequence[Sign], theirs: Sequence[Sign]) -> bool:
    """Whether only a number in {lit} becomes another one."""
    if not all(sign.is_letter for sign in theirs[change.k : change.m]):
        return False
    if change.i == change.j:
        inside = 0 < change.i < len(ours) and _same_atom(ours, change.i - 1, change.i)
        return inside and ours[change.i].literal
    touched = ours[change.i : change.j]
    return touched[0].literal and all(sign.atom == touched[0].atom for sign in touched) and change.k < change.m


def _same_atom(signs: Sequence[Sign], one: int, other: int) -> bool:
    return signs[one].atom is not None and signs[one].atom == signs[other].atom


def _merged(changes: list[_Change]) -> list[_Change]:
    merged: list[_Change] = []
    for change in changes:
        last = merged[-1] if merged else None
        if last is not None and (change.i < last.j or change.k < last.m):
            last.i, last.k = min(last.i, change.i), min(last.k, change.k)
            last.j, last.m = max(last.j, change.j), max(last.m, change.m)
        else:
            merged.append(change)
    return merged


def _numbers(ours: Sequence[Sign], theirs: Sequence[Sign]) -> Iterator[Number]:
    """Computed values that a change touches, where it leaves a number in their place."""
    written = shown(theirs)
    if not re.search(r"\d", written):
        return
    seen: set[tuple[int, int] | None] = set()
    for sign in ours:
        if sign.value and sign.atom not in seen:
            seen.add(sign.atom)
            computed = "".join(one.key for one in ours if one.atom == sign.atom)
            yield Number(sign.value, computed, written.strip())


def _edit(change: _Change, ours: Sequence[Sign], theirs: Sequence[Sign], stretch: Stretch, file: str) -> SourceEdit:
    touched, written = ours[change.i : change.j], theirs[change.k : change.m]
    literal = _is_within_literal(change, ours, theirs)
    previous = ours[change.i - 1].key if change.i and ours[change.i - 1].is_letter else ""
    text = source_of_signs(written, stretch.style, literal, stretch.kind == "plain", previous)
    if not touched:
        place = _behind(ours, change.i, literal)
        return SourceEdit(file, place, place, text)
    firsts = [sign.start for sign in touched]
    if firsts != sorted(firsts):
        raise Lost("the mark of a footnote and its text, which stand in different places of the source")
    first, last = touched[0], touched[-1]
    start = first.atom[0] if first.atom and not literal else first.start
    end = last.atom[1] if last.atom and not literal else last.end
    return SourceEdit(file, start, end, text)


def _behind(ours: Sequence[Sign], at: int, literal: bool) -> int:
    if not ours:
        raise Lost("an empty place")
    if at == 0:
        return ours[0].atom[0] if ours[0].atom else ours[0].start
    before = ours[at - 1]
    return before.atom[1] if before.atom and not literal else before.end


def _requoted(edits: list[SourceEdit], stretch: Stretch, places: Places, file: str) -> list[SourceEdit]:
    """A YAML value without quotes gets them where its new words would mean something to YAML."""
    start, end = stretch.whole
    text = places.text[start:end]
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start - start] + edit.text + text[edit.end - start :]
    flow = _is_flow(places.text, start)
    try:
        fits = yaml.safe_load(f"[{text}]" if flow else f"x: {text}") == ([text] if flow else {"x": text})
    except yaml.YAMLError:
        fits = False
    if fits or "\n" in text:
        return edits
    quoted: Style = '"'
    return [SourceEdit(file, start, end, f'"{escaped(text, quoted)}"')]


def _is_flow(text: str, start: int) -> bool:
    """Whether a value stands in braces or brackets on its line."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return "{" in line or "[" in line
