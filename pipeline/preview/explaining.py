"""What a diagnostic means, as a page: the same text as `marovi explain M042`, and where it is found now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from pipeline.diagnostics.explain import find, text_of
from pipeline.diagnostics.page import Explained, pages
from pipeline.errors import MaroviError, Problem
from pipeline.preview.frame import framed
from pipeline.preview.topic_state import States
from pipeline.read.blocks import parse
from pipeline.read.context import Known, Reading
from pipeline.render.html.addresses import Addresses
from pipeline.render.html.blocks import blocks
from pipeline.render.html.formulas import Formulas
from pipeline.render.html.inline import Writing
from pipeline.render.html.site import Tongue

if TYPE_CHECKING:
    from pipeline.preview.live import Live

ADDRESS = "/_live/explain/"
WRITTEN_IN = "en"  # as are all problems


def explain_page(live: Live, language: str, what: str = "") -> bytes | None:
    """The page of a code or of a rule; the list of all where none is named; None for one that there is not."""
    try:
        found = find(what) if what else None
    except MaroviError:
        return None
    now = live.states()
    address = ADDRESS + (found.code if found else "")
    with live.asking() as memo:
        said, names = memo.given.sources.messages[language], memo.given.sources.tongues
        return framed(
            memo,
            language,
            "live-explain.html.j2",
            f"{found.code} {found.rule}" if found else said["live-explain-all"],
            tongues=[Tongue(code, names[code], f"{address}?in={code}" if code != language else None) for code in names],
            explained=found,
            text=explanation(found, said) if found else "",
            found=tuple(_found(now, found.rule)) if found else (),
            everything=() if found else pages(),
            written_in=WRITTEN_IN,
        )


def explanation(page: Explained, said: Mapping[str, str]) -> Markup:
    """What it means, an example and how to mend it, as HTML."""
    document = parse(text_of(page), Reading("", WRITTEN_IN, Known()), 1)
    return blocks(document.blocks, Writing(WRITTEN_IN, "", Addresses({}, {}), Formulas(), said))


def _found(now: States, rule: str) -> Iterator[Problem]:
    """Every problem of this rule that there is now."""
    yield from (problem for problem in now.problems if problem.rule == rule)
    for topic in now.topics:
        yield from (problem for problem in topic.problems if problem.rule == rule)
