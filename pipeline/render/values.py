"""A value as a page prints it: its digits in the habits of a language, its words as the author wrote them."""

from __future__ import annotations

from pipeline.render.numbers import localize, localize_tex
from pipeline.run.results import Value
from pipeline.verify.printed import printed


def shown_value(value: Value, index: tuple[int, ...], format: str, language: str) -> str:
    """Return the part of `value` at `index` for readers of `language`. Raises ValueError as `printed` does."""
    text = printed(value, index, format)
    return text if _holds_words(value, index) else localize(text, language)


def shown_in_tex(value: Value, index: tuple[int, ...], format: str, language: str) -> str:
    """The same inside a formula."""
    text = printed(value, index, format)
    return text if _holds_words(value, index) else localize_tex(text, language)


def _holds_words(value: Value, index: tuple[int, ...]) -> bool:
    """Whether a string is in what is printed: its digits are the author's and stay as they are."""
    for place in index:
        value = value[place]
    if isinstance(value, list):
        return any(_holds_words(item, ()) for item in value)
    return isinstance(value, str)
