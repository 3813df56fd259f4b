"""Chinese as it is set here: full-width punctuation, “ ” for quotes, a space around foreign words, simplified."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.check.prose import CODE, MATH, VALUE, Places, runs
from pipeline.errors import Problem
from pipeline.read.article import Sources

HAN = r"\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WIDE = HAN + r"\u3000-\u303f\uff01-\uff5e"  # Chinese signs and punctuation
LATIN = rf"A-Za-z0-9\u00c0-\u024f\u0370-\u03ff{CODE}{MATH}{VALUE}"
WIDTH = {",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
FORMS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    # what to find (its group is shown and located), what is wrong with it, what to do
    (
        re.compile(
            rf"(?<=[{WIDE}])([,.;:?!()])|([,;:?!()])(?=\s?[{WIDE}])|(\.)(?=[{HAN}])|(?<=[{LATIN}])([,;:])(?=\s[^\n]*[{HAN}])"
        ),
        "half-width {} in Chinese text",
        "write {wide}",
    ),
    (
        re.compile(rf"([\"'])(?=[{WIDE}])|(?<=[{WIDE}])([\"'])"),
        "the straight quote {} in Chinese text",
        "write “ and ”",
    ),
    (re.compile("([「」『』«»])"), "the quote {} in Chinese text", "write “ and ”"),
    (re.compile(rf"(?<=[{HAN}])(\.{{3}}|…(?!…)(?<!……))"), "{} in Chinese text", "write ……"),
    (re.compile("([０-９Ａ-Ｚａ-ｚ]+)"), "the full-width {}", "write Latin letters and digits in half width"),
    (
        re.compile(rf"(?<=[{HAN}])([{LATIN}])|([{LATIN}])(?=[{HAN}])"),
        "no space between Chinese and {}",
        "put one space",
    ),
    (re.compile(rf"(?<=[{WIDE}])( +)(?=[{WIDE}])"), "a space between Chinese signs", "delete it"),
    (
        re.compile(rf"(?<=[{LATIN}])( +)(?=[，。；：？！、）”])|(?<=[，。；：？！、（“])( +)(?=[{LATIN}])"),
        "a space next to {}",
        "delete it",
    ),
)
THING = {CODE: "code", MATH: "a formula", VALUE: "a value"}
TABLE = Path(__file__).parent / "traditional.txt"


def chinese(sources: Sources) -> Iterator[Problem]:
    if "zh" not in sources.languages:
        return
    places = Places(sources.root)
    table = traditional()
    for run in runs(sources, ("zh",)):
        if not re.search(f"[{HAN}]", run.text):
            continue
        for pattern, message, remedy in FORMS:
            for found in pattern.finditer(run.text):
                sign = next(filter(None, found.groups()))
                shown = THING.get(sign, "full-width punctuation" if sign.isspace() else repr(sign))
                where = places.of(run, found.start())
                yield Problem(where, message.format(shown), remedy.format(wide=repr(WIDTH.get(sign, ""))), "chinese")
        for offset, sign in enumerate(run.text):
            if sign in table:
                message = f"the traditional sign {sign!r} in simplified Chinese"
                yield Problem(places.of(run, offset), message, f"write {table[sign]!r}", "chinese")


@functools.cache
def traditional() -> dict[str, str]:
    """Traditional characters that simplified Chinese does not use, and what it has in their place."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {pair[0]: pair[1] for line in lines if not line.startswith("#") for pair in line.split()}
