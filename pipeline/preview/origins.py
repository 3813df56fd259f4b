"""The page, and the panel beside a text, that say where a number, a figure or a cell comes from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from pipeline.literal import shortened
from pipeline.memo import reading
from pipeline.memo.engine import Memo
from pipeline.memo.results import has_results
from pipeline.preview.answers import NoSuchPageError
from pipeline.preview.frame import framed, waiting
from pipeline.preview.origin import Origin, origin
from pipeline.preview.past import Change
from pipeline.render.html.blocks import CELL_LANGUAGE
from pipeline.render.html.heads import how_folder
from pipeline.render.html.words import filled, lines, words
from pipeline.render.numbers import localize
from pipeline.run.reproduce import first_difference
from pipeline.run.schedule import CONDITIONS

if TYPE_CHECKING:
    from pipeline.preview.live import Live

TEMPLATE = "live-origin.html.j2"
LONGEST = 160  # signs of what was and is printed
SHORT_HASH = 12

__all__ = ["address", "origin", "origin_page", "parts_of"]


def origin_page(live: Live, language: str, slug: str, kind: str, name: str) -> bytes:
    """Return the page at `/_live/origin/SLUG/KIND/NAME?in=LANGUAGE`; a panel shows its element `#_origin`.

    While the topic has no results it says what keeps it. Raises NoSuchPageError where there is nothing of that kind
    (value, figure, cell) and name.
    """
    with live.asking() as memo:
        if reading.is_topic(memo, slug) and not has_results(memo, slug):
            state = live.state_of(slug)
            return waiting(memo, "", ("topic", language, slug, ""), state.problems if state else ())
        title, parts = parts_of(memo, language, slug, kind, name)
        return framed(memo, language, TEMPLATE, title, slug=slug, **parts)


def parts_of(memo: Memo, language: str, slug: str, kind: str, name: str) -> tuple[str, dict[str, Any]]:
    """Return the page's title and what its template is filled with."""
    if language not in memo.given.config.languages:
        raise NoSuchPageError(language)
    found = origin(memo, slug, kind, name, language)
    said, tongues = memo.given.sources.messages[language], memo.given.sources.tongues
    parts = {
        "origin": found,
        "topic_link": Markup('<a href="/{}/{}/">{}</a>').format(found.language, slug, found.topic),
        "source": memo.given.config.source_language,
        "label": said[f"live-origin-{kind}" if found.cell else "live-origin-picture"],
        "places": [
            (one, tongues[one], list(some)) for one, some in groupby(found.places, lambda place: place.language)
        ],
        "history": [
            (when, [_told(change, found) for change in changes])
            for when, changes in ((group[0], group) for group in _by_commit(found.history))
        ],
        "is_whole": found.is_whole,
        "others_of": lambda one: [other for other in one.cell.published if other != (one.kind, one.name)],
        "quoted": lambda text: Markup("<code>%s</code>") % text,
        "conditions": CONDITIONS,
        "how": f"/{how_folder(language)}",
        "colored": lambda code: memo.given.site.colored(lines(code), CELL_LANGUAGE),
        "printed": lambda text: words(lines(text)),
        "digits": lambda number: localize(f"{number:.3g}", language),
        "seconds": lambda number: localize(f"{number:.2g}" if number < 10 else f"{number:.0f}", language),
        "address": lambda kind, name: address(slug, kind, name, language),
        "fill": _filled,
    }
    return filled(said["live-origin-title"], name, found.topic), parts


def address(slug: str, kind: str, name: str, language: str) -> str:
    """Where the origin of something is told."""
    return f"/_live/origin/{slug}/{kind}/{quote(name, safe='')}?in={language}"


def _by_commit(history: Sequence[Change]) -> list[list[Change]]:
    return [list(group) for _, group in groupby(history, lambda change: change.commit)]


def _told(change: Change, found: Origin) -> Change:
    """A change as a person reads it: digits in the language's habits, of an output the line that differs."""
    old, new = change.old, change.new
    if found.kind == "figure":
        old, new = old[:SHORT_HASH], new[:SHORT_HASH]
    elif found.kind == "cell":
        old, new = first_difference(old, new)
    elif not found.holds_words:
        old, new = localize(old, found.language), localize(new, found.language)
    old, new = shortened(old, LONGEST), shortened(new, LONGEST)
    return Change(change.commit, change.date, change.subject, change.what, old, new)


def _filled(message: str, *pieces: object) -> Markup:
    return filled(message, *(piece if isinstance(piece, Markup) else str(piece) for piece in pieces))
