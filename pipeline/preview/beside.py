"""The page that shows two languages of a topic side by side: matching paragraphs start at the same height."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.errors import SourceError
from pipeline.memo import reading
from pipeline.memo.engine import Memo
from pipeline.memo.results import has_results
from pipeline.preview.answers import NoSuchPageError
from pipeline.preview.frame import framed, waiting
from pipeline.preview.rows import beside
from pipeline.render.html.words import filled
from pipeline.render.numbers import direction

if TYPE_CHECKING:
    from pipeline.preview.live import Live

TEMPLATE = "live-beside.html.j2"


def beside_page(live: Live, slug: str, part: str, left: str, right: str) -> bytes:
    """Return the page at `/_live/beside/SLUG/LEFT/RIGHT`, of a summary at `/_live/beside/SLUG/summary/LEFT/RIGHT`.

    Its own words are in the language at the left. While the topic has no results, or one side cannot be made, it says
    what keeps it. Raises NoSuchPageError for a page or a language that there is not.
    """
    with live.asking() as memo:
        if not {left, right} <= set(memo.given.config.languages):
            raise NoSuchPageError(f"{left}, {right}")
        try:
            if reading.is_topic(memo, slug) and not has_results(memo, slug):
                state = live.state_of(slug)
                raise SourceError(state.problems if state else ())
            title, parts = parts_of(memo, slug, part, left, right)
        except SourceError as error:
            return waiting(memo, "", ("topic", left, slug, part), error.problems)
        return framed(memo, left, TEMPLATE, title, slug=slug, **parts)


def parts_of(memo: Memo, slug: str, part: str, left: str, right: str) -> tuple[str, dict[str, Any]]:
    """Return the page's title and what its template is filled with."""
    config, tongues = memo.given.config, memo.given.sources.tongues
    found = beside(memo, slug, part, left, right)
    words = memo.given.sources.messages[left]
    title = found.left.title or found.right.title or reading.title(memo, slug, part, config.source_language)
    parts = {
        "beside": found,
        "command": "marovi translate " + slug,
        "formulas": [one.address.strip("/") + "/" for one in (found.left, found.right) if one.address],
        "source": config.source_language,
        "source_direction": direction(config.source_language),
        "fill": lambda message, *pieces: filled(message, *map(str, pieces)),
        "said": {one: memo.given.sources.messages[one] for one in (left, right)},
        "lefts": [(one, tongues[one], address(slug, part, one, right)) for one in config.languages],
        "rights": [(one, tongues[one], address(slug, part, left, one)) for one in config.languages],
        "swapped": address(slug, part, right, left),
    }
    return filled(words["live-beside-title"], title, tongues[left], tongues[right]), parts


def address(slug: str, part: str, left: str, right: str) -> str:
    """Where two languages of a page are beside each other."""
    return "/".join(filter(None, ("/_live/beside", slug, part, left, right)))
