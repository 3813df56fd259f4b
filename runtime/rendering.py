"""A figure as PNG in one language, the same bytes on each run."""

from __future__ import annotations

import io
from collections.abc import Mapping

from matplotlib.figure import Figure

from runtime import glyphs
from runtime.copies import copied
from runtime.labels import recording_texts, translate
from runtime.style import SCREEN_DPI, house_style

DPI = 2 * SCREEN_DPI  # sharp on a screen with two pixels for one


def render_png(fig: Figure, labels: Mapping[str, str], language: str) -> bytes:
    """Return `fig` as PNG, 200 pixels an inch, with its words and numbers in `language` (a code such as `es`).

    A text that is a key of `labels` is drawn as its value; numbers without words get the decimal mark of the
    language. `fig` stays as it is. No date, version or name gets into the file, so equal figures give equal bytes.

    Raises ValueError for a text the fonts have no glyph for, for a formula that matplotlib cannot read, and for an
    unknown language.
    """
    with house_style():
        page = copied(fig)
        page.set_dpi(DPI)
        for text in translate(page, labels, language):
            glyphs.set_fonts(text)
            glyphs.check(text)
        file = io.BytesIO()
        with recording_texts() as drawn:
            page.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
        # a longer word may have moved the ticks to other numbers
        for text in drawn:
            glyphs.check(text)
        return file.getvalue()
