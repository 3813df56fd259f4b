"""A figure as PNG in one language, the same bytes on each run."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure

from runtime import glyphs
from runtime.copies import copied
from runtime.labels import Words, recording_texts, with_words
from runtime.style import SCREEN_DPI, house_style

DPI = 2 * SCREEN_DPI  # sharp on a screen with two pixels for one


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture, and each text drawn in it that has a letter outside of `$…$`, once, in the order they are drawn."""

    png: bytes
    texts: tuple[str, ...]


def render_png(fig: Figure, labels: Mapping[str, str], language: str) -> bytes:
    """Return `fig` as PNG, 200 pixels an inch, with its words and numbers in `language` (a code such as `es`).

    A text that is a key of `labels` is drawn as its value; numbers without words get the decimal mark of the
    language. `fig` stays as it is. No date, version or name gets into the file, so equal figures give equal bytes.

    Raises ValueError for a text the fonts have no glyph for, for a formula that matplotlib cannot read, and for an
    unknown language.
    """
    ((_, rendered),) = render_each(fig, {language: labels})
    if isinstance(rendered, ValueError):
        raise rendered
    return rendered.png


def render_each(fig: Figure, labels: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Rendered | ValueError]]:
    """Yield each language of `labels` with `fig` drawn in it as `render_png` says, or with what that raises.

    Each picture is as it would be alone. One copy of the figure is drawn again and again, because making it, and the
    ticks on its axes, takes longer than drawing.
    """
    with house_style():
        page = copied(fig)
        page.set_dpi(DPI)
        try:
            words: Words | ValueError = Words(page)
            places = _Places(page)
        except ValueError as error:  # a formula that cannot be read cannot in any language
            words = error
    for language, own in labels.items():
        if isinstance(words, ValueError):
            yield language, words
        else:
            places.take()
            yield language, _rendered(page, words, own, language)


class _Places:
    """Where the axes of a page stand before it is laid out: from elsewhere they might come to other ends."""

    def __init__(self, page: Figure) -> None:
        self._places = [
            (ax, ax.get_position(original=True).frozen(), ax.get_position().frozen(), ax.get_in_layout())
            for ax in page.axes
        ]

    def take(self) -> None:
        for ax, original, active, is_in_layout in self._places:
            ax.set_position(original, which="original")
            ax.set_position(active, which="active")
            ax.set_in_layout(is_in_layout)  # who is given a place is laid out no more


def _rendered(page: Figure, words: Words, labels: Mapping[str, str], language: str) -> Rendered | ValueError:
    file = io.BytesIO()
    try:
        with house_style():
            for text in words.put_into(language, labels):
                glyphs.set_fonts(text)
                glyphs.check(text)
            with recording_texts() as drawn:
                page.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
            # a longer word may have moved the ticks to other numbers
            for text in drawn:
                glyphs.check(text)
            return Rendered(file.getvalue(), with_words(drawn))
    except ValueError as error:
        return error
