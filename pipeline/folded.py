"""Text without what somebody who looks for it may leave out: case, accents, the width of signs, spaces around Han."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Marks of Latin, Greek, Cyrillic and their like; in scripts such as Devanagari marks are letters, and stay.
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
HAN = "\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE = re.compile(r"\s")
_BESIDE_HAN = re.compile(rf"(?<=[{HAN}]) +| +(?=[{HAN}])")


def folded(text: str) -> str:
    """`Regresión` as `regresion`, `Ｓoftmax 函数` as `softmax函数`; every kind of space is a plain one."""
    if text.isascii():
        return _SPACE.sub(" ", text.casefold())
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return _BESIDE_HAN.sub("", _SPACE.sub(" ", bare))


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its signs the place in `text` that it comes from; one more for its end."""
    whole: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        bare = _sign(sign)
        whole.append(bare)
        places += [place] if len(bare) == 1 else [place] * len(bare)
    places.append(len(text))
    joined = "".join(whole)
    kept, start = [], 0
    for gap in _BESIDE_HAN.finditer(joined):
        kept += places[start : gap.start()]
        start = gap.end()
    return _BESIDE_HAN.sub("", joined), kept + places[start:]


@cache
def _sign(sign: str) -> str:
    return _SPACE.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKD", sign)).casefold())
