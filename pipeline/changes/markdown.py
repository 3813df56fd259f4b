"""A report of changes as Markdown that fits into one comment; words from articles stay words in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.changes.model import Changes, Number
from pipeline.literal import literal

MARK = "<!-- marovi changes -->"  # how the comment is found again
LONGEST = 65_536  # signs that GitHub takes
# Signs that the rows of each part may take: together less than LONGEST, whatever is in them.
ROOM = {
    "numbers": 24_000, "checks": 8_000, "levels": 4_000, "figures": 6_000, "translations": 3_000, "words": 3_000,
    "versions": 4_000, "kinds": 2_000, "pages": 5_000, "notes": 3_000,
}  # fmt: skip
CELL = 90  # signs of a text in a table
DIFFERENCE = 400  # signs of a paragraph
LEAD = "the lead"


def comment(changes: Changes, address: str = "") -> str:
    """Return the report; `address` leads to the one with pictures."""
    lines = [MARK, "## What this changes", "", _opening(changes)]
    if address:
        lines += ["", f"[The whole report, with figures before and after]({address}) (a file to download)"]
    for part in (_numbers, _checks, _levels, _figures, _translations, _versions, _pages, _notes):
        lines += part(changes)
    return "\n".join(lines) + "\n"


def _opening(changes: Changes) -> str:
    if changes.nothing:
        return f"Against {literal(changes.base, CELL)}: no number, figure, page or translation is another one."
    numbers = sum(len(topic.numbers) for topic in changes.topics)
    outdated = sum(bool(one.outdated) for one in changes.translations)
    parts = [
        _count(numbers, "changed number or output", "changed numbers and outputs"),
        _count(len(changes.pictures), "figure file", "figure files"),
        _count(len(changes.pages), "wiki page", "wiki pages"),
        _count(outdated, "outdated translation", "outdated translations"),
    ]
    return f"Against {literal(changes.base, CELL)}: {', '.join(part for part in parts if part) or 'small changes'}."


def _count(number: int, one: str, many: str) -> str:
    return f"**{number}** {one if number == 1 else many}" if number else ""


def _numbers(changes: Changes) -> list[str]:
    rows = []
    for topic in changes.topics:
        for number in topic.numbers:
            rows.append(f"| {literal(topic.slug, CELL)} | {_change(number)} | {_where(number.where)} |")
        if topic.unprinted:
            names = ", ".join(topic.unprinted)
            rows.append(f"| {literal(topic.slug, CELL)} | {literal(names, CELL)} | | | on no page |")
    return _table("numbers", "Numbers", ("topic", "what", "before", "after", "printed at"), rows)


def _checks(changes: Changes) -> list[str]:
    rows = [f"| {literal(topic.slug, CELL)} | {_change(check)} |" for topic in changes.topics for check in topic.checks]
    return _table("checks", "Claims and comparisons", ("topic", "what", "before", "after"), rows)


def _levels(changes: Changes) -> list[str]:
    rows = [
        f"| {literal(topic.slug, CELL)} | {literal(topic.old_level, CELL)} | {literal(topic.new_level, CELL)} |"
        for topic in changes.topics
        if topic.old_level != topic.new_level
    ]
    return _table("levels", "How far numbers are verified", ("topic", "before", "after"), rows)


def _figures(changes: Changes) -> list[str]:
    rows = [
        f"| {literal(topic.slug, CELL)} | {literal(name, CELL)} | other numbers |"
        for topic in changes.topics
        for name in topic.figures
    ]
    rows += [
        f"| {literal(picture.source, CELL)} | {literal(picture.title, CELL)} | "
        f"{'drawn otherwise' if picture.redrawn else literal(picture.change, CELL)} |"
        for picture in changes.pictures
    ]
    return _table("figures", "Figures", ("topic", "figure", "what"), rows)


def _translations(changes: Changes) -> list[str]:
    rows = [
        f"| {literal(one.file, CELL)} | {_sections(one.outdated)} | {_sections(one.still)} | {_sections(one.settled)} |"
        for one in changes.translations
    ]
    head = ("translation", "outdated by this", "outdated before", "brought up to date")
    words = [
        f"- {literal(f'{one.file}:{text.line}' if text.line else one.file, CELL)}, {_sections((text.section,))}, "
        f"{literal(text.change, CELL)}: {literal(text.difference, DIFFERENCE)}"
        + (f", where the translation has {literal(text.translation, DIFFERENCE)}" if text.translation else "")
        for one in changes.translations
        for text in one.paragraphs
    ]
    lines = _table("translations", "Translations", head, rows)
    if words:
        lines += ["", "<details><summary>Word by word</summary>", "", *_fitting("words", words), "", "</details>"]
    return lines


def _versions(changes: Changes) -> list[str]:
    rows = [
        f"| {literal(one.title, CELL)} | {literal(one.old, CELL)} | {literal(one.new, CELL)} "
        f"| {literal(one.note) if one.note else ''} |"
        for one in changes.versions
    ]
    return _table("versions", "Templates and modules", ("page", "before", "after", ""), rows)


def _pages(changes: Changes) -> list[str]:
    if not changes.pages:
        return []
    counts = Counter((page.kind, page.change) for page in changes.pages)
    kinds = list(dict.fromkeys(page.kind for page in changes.pages))
    words = ("new", "changed", "gone")
    rows = [f"| {literal(kind, CELL)} | {' | '.join(str(counts[kind, word]) for word in words)} |" for kind in kinds]
    titles = [f"| {literal(page.title, CELL)} | {literal(page.change, CELL)} |" for page in changes.pages]
    lines = ["", "### Pages", "", "| kind | new | changed | gone |", "|---|--:|--:|--:|", *_fitting("kinds", rows)]
    details = ["", "<details><summary>Titles</summary>", "", "| page | |", "|---|---|"]
    return [*lines, *details, *_fitting("pages", titles), "", "</details>"]


def _notes(changes: Changes) -> list[str]:
    return ["", *_fitting("notes", [f"- {literal(note, 400)}" for note in changes.notes])] if changes.notes else []


def _change(number: Number) -> str:
    old = literal(number.old, CELL) if number.old is not None else "new"
    new = literal(number.new, CELL) if number.new is not None else "gone"
    return f"{literal(number.what, CELL)} | {old} | {new}"


def _where(places: Sequence[str]) -> str:
    shown = ", ".join(literal(place, CELL) for place in places[:3])
    return f"{shown} and {len(places) - 3} more" if len(places) > 3 else shown


def _sections(sections: Sequence[str]) -> str:
    return literal(", ".join(section or LEAD for section in sections), 2 * CELL) if sections else ""


def _table(part: str, heading: str, head: Sequence[str], rows: Sequence[str]) -> list[str]:
    if not rows:
        return []
    return ["", f"### {heading}", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head), *_fitting(part, rows)]


def _fitting(part: str, rows: Iterable[str]) -> list[str]:
    """The first rows that have room; the last line says how many had not."""
    kept: list[str] = []
    room = ROOM[part]
    listed = list(rows)
    for row in listed:
        if len(row) >= room:
            break
        kept.append(row)
        room -= len(row) + 1
    left = len(listed) - len(kept)
    return [*kept, "", f"… and {left} more: see the report."] if left else kept
