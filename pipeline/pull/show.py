"""What was pulled, as a person and as a script read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.pull.outcome import Disagreement, Pull, Untraced

if TYPE_CHECKING:
    from pipeline.pull import Pulled

LONGEST = 160


def show_pulled(pulls: Sequence[Pull]) -> str:
    """A page after the other: what the patch takes over, and exactly what it does not."""
    lines: list[str] = []
    for page in pulls:
        lines.append(f"{page.title}  ({page.source or 'made from many sources'})")
        lines += [
            f"  {f'revision {edit.revision}' if edit.revision else 'uploaded'}  {edit.timestamp}  {edit.user}  "
            f"{edit.comment}".rstrip()
            for edit in page.edits
        ]
        if page.sources_moved_on:
            lines.append("  the sources no longer make what the bot wrote last; what still matches was traced")
        if not page.traced and page.is_whole:
            lines.append("  the sources say the same already")
        lines += [f"  traced to {one.where}" for one in page.traced]
        lines += [f"  traced to {one.where}, where the pipeline spells the same otherwise" for one in page.respelled]
        for number in page.disagreements:
            lines.append(
                f"  disagrees with the computed value {number.name!r} at {number.where}: computed {number.computed}, "
                f"{_writer(number)}"
            )
        for one in page.untraced:
            lines += _untraced(one)
        lines.append("")
    return "\n".join([*lines, _counts(pulls)])


def pulled_json(pulled: Pulled) -> str:
    pages = [page.to_json() for page in pulled.pulls]
    return json.dumps({"pages": pages, "patch": pulled.patch}, ensure_ascii=False, default=str)


def _writer(number: Disagreement) -> str:
    if number.by:
        return f"{number.by} wrote {number.written} ({number.when[:10]})"
    return f"somebody wrote {number.written}" + (f"; who is not known: {number.unknown}" if number.unknown else "")


def _untraced(one: Untraced) -> list[str]:
    place = f"line {one.line} of the page" + (f", near {one.where}" if one.where else "")
    lines = [f"  not traced ({place}): {one.why}"]
    lines += [f"    - {_short(line)}" for line in one.before.split("\n") if line]
    return lines + [f"    + {_short(line)}" for line in one.now.split("\n") if line]


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _counts(pulls: Sequence[Pull]) -> str:
    if not pulls:
        return "No page was changed by people."
    traced = sum(len(page.traced) + len(page.respelled) for page in pulls)
    left = sum(len(page.untraced) for page in pulls)
    numbers = sum(len(page.disagreements) for page in pulls)
    return (
        f"{len(pulls)} page{'s' if len(pulls) != 1 else ''} changed by people: {traced} changes traced, "
        f"{left} not traced, {numbers} disagreements with computed values."
    )
