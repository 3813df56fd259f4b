"""Which font draws a text, and whether it has the characters."""

from __future__ import annotations

import functools

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from runtime.labels import split_formulas
from runtime.style import CHINESE, LATIN


def set_fonts(text: Text) -> None:
    """Give `text` fonts that have its characters where the house has any.

    Without a formula each character comes from the first font that has it. With one, matplotlib takes the words
    around it from the first font alone, so that must be the Chinese one when there are Chinese words.
    """
    properties = text.get_fontproperties()
    if properties.get_file() is not None:
        return
    families = [family for family in properties.get_family() if family != CHINESE]
    around = {character for part in _words_around_formulas(text) for character in part}
    if around - _characters(_path(properties, families[0] if families else LATIN)):
        text.set_fontfamily([CHINESE, *families])
    else:
        text.set_fontfamily([*families, CHINESE])


def check(text: Text) -> None:
    """Raise ValueError, naming the text and the characters, when its fonts lack a glyph for one of them."""
    properties = text.get_fontproperties()
    own = properties.get_file()
    paths = [str(own)] if own else [_path(properties, family) for family in properties.get_family()]
    missing: list[str] = []
    for line in text.get_text().split("\n"):
        parts = _parts(text, line)
        with_formula = any(formula for _, formula in parts)
        for part, formula in parts:
            if formula:
                known = _in_formulas()
            else:
                known = frozenset().union(*(_characters(path) for path in paths[: 1 if with_formula else None]))
            missing += [character for character in part if character not in known]
    if missing:
        named = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in dict.fromkeys(missing))
        raise ValueError(f"the figure's text {text.get_text()!r} has characters that the fonts lack: {named}")


def _words_around_formulas(text: Text) -> list[str]:
    lines = [_parts(text, line) for line in text.get_text().split("\n")]
    return [part for parts in lines if any(formula for _, formula in parts) for part, formula in parts if not formula]


def _parts(text: Text, line: str) -> list[tuple[str, bool]]:
    return split_formulas(line) if text.get_parse_math() else [(line, False)]


def _path(properties: FontProperties, family: str) -> str:
    """Return the file of the font that draws `family` in the weight and slant of `properties`."""
    single = properties.copy()
    single.set_family(family)
    return str(font_manager.findfont(single))


@functools.cache
def _in_formulas() -> frozenset[str]:
    """Return what may stand in a formula as it is: the math fonts are LATIN's, up to the end of the first plane."""
    return frozenset(c for c in _characters(_path(FontProperties(), LATIN)) if ord(c) < 0x10000)


@functools.cache
def _characters(path: str) -> frozenset[str]:
    return frozenset(map(chr, font_manager.get_font(path).get_charmap()))
