"""Where two pages show a reader something else: the site's page and what the wiki makes of the same text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.preview.as_seen import Seen

AROUND = 5  # words before a difference


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two pages differ; one side is empty where only the other has something."""

    kind: str  # words | headings | links | figures | tables | preformatted | markup
    after: str  # what stands before it on both
    site: str
    wiki: str

    def __str__(self) -> str:
        after = f"after {self.after!r}: " if self.after else ""
        return f"{self.kind}: {after}site {self.site!r}, wiki {self.wiki!r}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def differences(site: Seen, wiki: Seen) -> list[Difference]:
    """Where the two differ, in order within each kind; [] when a reader sees the same."""
    found = list(_differences("words", site.words, wiki.words, AROUND, " "))
    found += _differences("headings", site.headings, wiki.headings)
    found += _differences("links", site.links, wiki.links)
    found += _differences("figures", site.figures, wiki.figures)
    found += _nested("tables", site.tables, wiki.tables)
    lines = [tuple(tuple(text.splitlines()) for text in side.preformatted) for side in (site, wiki)]
    found += _nested("preformatted", *lines)
    found += [Difference("markup", "", one, "") for one in site.unbalanced]
    found += [Difference("markup", "", "", one) for one in wiki.unbalanced]
    return found


def _nested(kind: str, mine: Sequence[tuple[str, ...]], theirs: Sequence[tuple[str, ...]]) -> Iterator[Difference]:
    for one, other in zip(mine, theirs, strict=False):
        yield from _differences(kind, one, other)
    for rest in mine[len(theirs) :]:
        yield Difference(kind, "", "\n".join(rest), "")
    for rest in theirs[len(mine) :]:
        yield Difference(kind, "", "", "\n".join(rest))


def _differences(
    kind: str, mine: tuple[str, ...], theirs: tuple[str, ...], around: int = 1, between: str = "\n"
) -> Iterator[Difference]:
    matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    for change, a, b, c, d in matcher.get_opcodes():
        if change != "equal":
            before = between.join(mine[max(a - around, 0) : a])
            yield Difference(kind, before, between.join(mine[a:b]), between.join(theirs[c:d]))
