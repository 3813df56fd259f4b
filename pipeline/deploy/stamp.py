"""The summary of the bot's edits: for people to read, and for the bot to tell later whose words a revision holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.deploy.live import LivePage

MARK = "[deploy-bot]"
LONGEST = 300  # signs of what was done; MediaWiki has room for 500 in all
# What MediaWiki writes before the bot's words into the revision that a move leaves, in whatever language it speaks.
MOVED = r"^.*\]\].*: "
BASE = re.compile(rf"^({MOVED})?{re.escape(MARK)} .* on (\d+)$")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all edits of one deployment have in common."""

    deployment: str
    commit: str

    def summary(self, what: str, base: int) -> str:
        """Say what was done, from which commit, by which deployment and on top of which revision (0: none)."""
        return f"{MARK} {what[:LONGEST]} ({self.commit or 'not committed'}) deployment {self.deployment} on {base}"


SOURCE = re.compile(rf"^(?:{MOVED})?{re.escape(MARK)} (\S+?)(?:: new title)? \(")


def source_of(comment: str | None) -> str:
    """The source file that a summary of the bot names, "" when it names none."""
    match = SOURCE.match(comment or "")
    return match[1] if match else ""


def deployment_of(comment: str | None) -> str:
    """The deployment that a summary of the bot names, "" when it is not the bot's."""
    match = re.search(rf"{re.escape(MARK)} .* deployment (\w+)", comment or "")
    return match[1] if match else ""


def base_of(comment: str) -> int | None:
    """The revision on top of which an edit was meant to be saved; None when its summary does not say."""
    match = BASE.match(comment)
    # An older bot did not say in a move what it meant to move.
    return int(match[2]) if match and not (match[1] and match[2] == "0") else None


def is_own_merge(chain: Sequence[LivePage], base: int, bot: str) -> bool:
    """Whether all revisions of a page since `base` are of runs of the bot that had this very base, or built on each
    other. `chain` is from the newest down to the one that stands on `base`.

    Then MediaWiki merged nothing but the bot's own words. It did not where the chain does not lead to the base.
    """
    return (
        bool(chain)
        and chain[-1].parent == base
        and all(
            one.user == bot and one.sha1 is not None and base_of(one.comment or "") in (base, one.parent)
            for one in chain
        )
    )


def is_whole(user: str | None, comment: str | None, parent: int, bot: str) -> bool:
    """Whether a revision holds what the bot sent and nothing else.

    It does not when MediaWiki merged it with an edit that came between, when the bot moved such an edit along with the
    page, nor when it put a person's words back: all are recognised by a parent that is not the revision named in the
    summary.
    """
    # A first revision holds nobody's words before it: a redirect that a move left names what was moved.
    return user == bot and comment is not None and (not parent or base_of(comment) in (None, parent))
