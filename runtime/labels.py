"""The words drawn in a figure, and how they are put into another language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from warnings import catch_warnings, filterwarnings

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.text import Text

from runtime.copies import copied
from runtime.style import house_style

_DOLLAR = re.compile(r"(?<!\\)\$")
_POWER = re.compile(r"[-+\u2212]?[\d.,]+e[-+\u2212]?\d+")  # 1e-5, with which matplotlib labels small numbers
_DECIMAL = re.compile(r"(?<![\d.])(\d*)\.(\d+)(?!\d|\.\d)")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d),\s+(?=[-+\u2212]?[\d.])")
_NUMBER_OF_A_TICK = re.compile(r"\$\\mathdefault\{([-+\u2212]?[\d.]+)\}\$")


def texts(fig: Figure) -> tuple[str, ...]:
    """Return each text drawn in `fig` that has a letter outside of `$…$`, once, in the order they are drawn.

    That is what a translation must give a label for: titles, names of axes, legends, annotations, tick labels set
    by hand; not numbers, not formulas, not what is invisible or out of view. `fig` stays as it is.
    """
    with house_style():
        page = copied(fig)
        _set_ticks(page, _without_formula)
        return with_words(_drawn_texts(page))


def with_words(drawn: Iterable[Text]) -> tuple[str, ...]:
    """Return what they say, each once, of those that have a letter outside of `$…$`."""
    return tuple(dict.fromkeys(said for text in drawn if has_words(said := text.get_text())))


class Words:
    """The texts of a page that are drawn, put into one language after another. The page is changed."""

    def __init__(self, page: Figure) -> None:
        self._written: Callable[[str], str] = _without_formula
        # drawing makes the labels of ticks anew
        _set_ticks(page, lambda text: self._written(text))
        self._first = [(text, text.get_text()) for text in _drawn_texts(page)]

    def put_into(self, language: str, labels: Mapping[str, str]) -> list[Text]:
        """Put the texts and the labels of ticks into `language`, and return the texts.

        A text in `labels` becomes its value; one without words gets the decimal mark of the language. Raises
        ValueError for an unknown language.
        """
        mark = _decimal_mark(language)

        def written(text: str) -> str:
            if text in labels:
                return labels[text]
            return text if has_words(text) else _with_mark(_without_formula(text), mark)

        self._written = written
        for text, said in self._first:
            text.set_text(written(said))
        return [text for text, _ in self._first]


def _drawn_texts(page: Figure) -> list[Text]:
    """Draw `page` without keeping the picture and return the texts that got drawn, each once."""
    with _not_laid_out(page), recording_texts() as drawn:
        page.draw_without_rendering()
    return drawn


@contextmanager
def _not_laid_out(page: Figure) -> Iterator[None]:
    """Leave the axes where they are: laying out takes longest, and is done when the picture is made."""
    layout = page.get_layout_engine()
    if layout is None:  # to set none again would set that of the style
        yield
        return
    page.set_layout_engine("none")
    try:
        yield
    finally:
        page.set_layout_engine(layout)


@contextmanager
def recording_texts() -> Iterator[list[Text]]:
    """Give a list that receives each text that is drawn in the meantime.

    Only drawing says which texts a reader sees: ticks are made while drawing, and what is hidden, empty or out of
    view never gets there.
    """
    drawn: dict[int, Text] = {}
    found: list[Text] = []
    draw = Text.draw

    def draw_and_tell(self: Text, renderer: Any) -> None:
        if self.get_visible() and self.get_text().strip() and id(self) not in drawn:
            drawn[id(self)] = self
            found.append(self)
        draw(self, renderer)

    setattr(Text, "draw", draw_and_tell)  # noqa: B010
    try:
        with catch_warnings():
            # glyphs.check says the same as an error, and names the text
            filterwarnings("ignore", message="Glyph ", category=UserWarning)
            yield found
    finally:
        setattr(Text, "draw", draw)  # noqa: B010


def has_words(text: str) -> bool:
    """Say whether `text` has a letter outside of `$…$`."""
    return any(
        not formula and not _POWER.fullmatch(part.strip()) and any(character.isalpha() for character in part)
        for line in text.split("\n")
        for part, formula in split_formulas(line)
    )


def split_formulas(line: str) -> list[tuple[str, bool]]:
    """Return the parts of one line of text, each with whether it is a formula, as matplotlib reads it."""
    if not is_math_text(line):
        return [(line, False)]
    return [(part, number % 2 == 1) for number, part in enumerate(_DOLLAR.split(line)) if part]


def _set_ticks(page: Figure, written: Callable[[str], str]) -> None:
    """Have each label of a tick drawn as `written` gives it."""
    formatters = {id(one.formatter): one.formatter for axis in _axes_below(page) for one in (axis.major, axis.minor)}
    for formatter in formatters.values():  # axes that share their ticks share it
        _answer(formatter, written)


def _axes_below(artist: Artist) -> Iterator[Axis]:
    """Yield each axis in a figure; one is not asked for what stands in it, because it would make its ticks first."""
    for child in artist.get_children():
        if isinstance(child, Axis):
            yield child
        else:
            yield from _axes_below(child)


def _answer(formatter: Any, written: Callable[[str], str]) -> None:
    format_ticks, get_offset = formatter.format_ticks, formatter.get_offset
    formatter.format_ticks = lambda values: [written(text) for text in format_ticks(values)]
    formatter.get_offset = lambda: written(get_offset())


def _without_formula(text: str) -> str:
    """Return the label of a tick as plain text if it is but a number: it looks the same, and a formula takes long."""
    number = _NUMBER_OF_A_TICK.fullmatch(text)
    return number[1] if number else text


def _with_mark(text: str, mark: str) -> str:
    """Return `text` with `mark` in its numbers; numbers in a list are then separated by semicolons."""
    if mark == ".":
        return text

    def line(text: str) -> str:
        maths = is_math_text(text)
        parts = _DOLLAR.split(text) if maths else [text]
        for number, part in enumerate(parts):
            # in a formula a bare comma would be followed by a space
            decimal = rf"\1{{{mark}}}\2" if maths and number % 2 else rf"\1{mark}\2"
            if _DECIMAL.search(part):
                parts[number] = _DECIMAL.sub(decimal, _BETWEEN_NUMBERS.sub("; ", part))
        return "$".join(parts)

    return "\n".join(map(line, text.split("\n")))


def _decimal_mark(language: str) -> str:
    try:
        return get_decimal_symbol(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"the language {language!r} is unknown, so its decimal mark is too") from None
