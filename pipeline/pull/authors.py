"""Whose number it was: the versions of a page since the bot's are followed into the sources one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.deploy.drift import Drift
from pipeline.errors import Where
from pipeline.pull.outcome import Disagreement, Untraced

# What a version of the page says otherwise than the code, and the changes in it that could not be followed.
Followed = tuple[Sequence[Disagreement], Sequence[Untraced]]


def with_authors(
    found: Sequence[Disagreement], drift: Drift, follow: Callable[[str], Followed]
) -> tuple[Disagreement, ...]:
    """Give each disagreement the edit that brought it, or why that cannot be known.

    It is the oldest edit since which the number stood there without a break. `follow` traces the text of a version.
    """
    if not found or not drift.edits:
        return tuple(found)
    texts = [*drift.versions, *[None] * (len(drift.edits) - len(drift.versions))]
    known: dict[int, Followed] = {}

    def followed(place: int) -> Followed | None:
        text = texts[place]
        if text is not None and place not in known:
            known[place] = follow(text)
        return known.get(place)

    return tuple(_with_author(one, drift, followed) for one in found)


def _with_author(one: Disagreement, drift: Drift, followed: Callable[[int], Followed | None]) -> Disagreement:
    edits = drift.edits
    place = 0  # the newest edit; what it left is what was found
    while place + 1 < len(edits):
        before = followed(place + 1)
        if before is None:
            hidden = edits[place + 1]
            return _unless_one(one, drift, place, f"the text of revision {hidden.revision} by {hidden.user} is hidden")
        numbers, unfollowed = before
        if _key(one) not in map(_key, numbers):
            if any(_same_line(other.where, one.where) for other in unfollowed):
                revision = edits[place + 1].revision
                return _unless_one(one, drift, place, f"revision {revision} had that line in a form of its own")
            break
        place += 1
    return replace(one, by=edits[place].user, when=edits[place].timestamp, revision=edits[place].revision)


def _unless_one(one: Disagreement, drift: Drift, place: int, why: str) -> Disagreement:
    """Where only one person can have been it, there is nothing unknown but the revision."""
    users = {edit.user for edit in drift.edits[place:]}
    if len(users) == 1:
        return replace(one, by=drift.edits[place].user, when=drift.edits[place].timestamp)
    return replace(one, unknown=why)


def _key(one: Disagreement) -> tuple[str, Where, str]:
    return one.name, one.where, one.written


def _same_line(one: Where | None, other: Where) -> bool:
    return one is not None and (one.file, one.line) == (other.file, other.line)
