"""Printed digits in the habits of a language: its decimal mark, its grouping, its percent sign, a real minus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"
SUPERSCRIPTS = str.maketrans("+-0123456789", "\u207a\u207b⁰¹²³⁴⁵⁶⁷⁸⁹")
BETWEEN = re.compile(r"(?<=[\w)%]), (?=[\w(+-])")  # the numbers of a vector
SPACE = re.compile(r"[\s\u00a0\u202f]")
# What Python's format() makes of a number. Hexadecimal digits and the like do not match as a whole and stay.
NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[+-]?)(?:(?P<whole>\d+(?:[,_]\d{3})*)(?:\.(?P<fraction>\d+))?(?:e(?P<exponent>[+-]\d+))?"
    r"|(?P<word>inf|nan))(?P<percent>%?)(?![\w.])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a language writes numbers, from Unicode's CLDR."""

    decimal: str
    group: str
    minus: str
    before_percent: str  # the space, or "", between the digits and the sign
    least_grouped: int  # digits before the first grouping mark: Spanish writes 1234 but 12.345

    @property
    def separator(self) -> str:
        """What stands between the numbers of a vector."""
        return "; " if self.decimal == "," else ", "


@cache
def habits(language: str) -> Habits:
    """The habits of `language`, or of English where CLDR does not know it."""
    locale = _locale(language)
    symbols = locale.number_symbols.get("latn", locale.number_symbols)
    percent = locale.percent_formats[None].pattern
    mark = "\u200e" if locale.character_order == "right-to-left" else ""
    return Habits(
        decimal=symbols["decimal"],
        group=symbols["group"],
        minus=mark + MINUS,
        before_percent=NO_BREAK_SPACE if re.search(r"\s%", percent) else "",
        least_grouped=2 if language.split("-")[0] in ("es", "pt", "pl", "it") else 1,
    )


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    return "rtl" if _locale(language).character_order == "right-to-left" else "ltr"


def localize(printed: str, language: str) -> str:
    """Rewrite the language-neutral digits of a value for readers of `language`."""
    rules = habits(language)

    def number(match: re.Match[str]) -> str:
        sign = rules.minus if match["sign"] == "-" else match["sign"]
        if match["word"]:
            return sign + ("∞" if match["word"].lower() == "inf" else "NaN") + match["percent"]
        digits = _grouped(match["whole"], rules) + (rules.decimal + match["fraction"] if match["fraction"] else "")
        if int(match["exponent"] or 0):
            power = str(int(match["exponent"])).translate(SUPERSCRIPTS)
            digits += f"{NO_BREAK_SPACE}×{NO_BREAK_SPACE}10{power}"
        return sign + digits + (rules.before_percent + "%" if match["percent"] else "")

    return NUMBER.sub(number, _separated(printed.strip(), rules.separator))


def localize_tex(printed: str, language: str) -> str:
    """The same as TeX: `0{,}5`, `1.2 \\times 10^{-5}`, `97.6\\%`."""
    rules = habits(language)

    def number(match: re.Match[str]) -> str:
        percent = (r"\," if rules.before_percent else "") + r"\%" if match["percent"] else ""
        if match["word"]:
            return match["sign"] + (r"\infty" if match["word"].lower() == "inf" else r"\mathrm{NaN}") + percent
        digits = _braced(_grouped(match["whole"], rules))
        if match["fraction"]:
            digits += _braced(rules.decimal) + match["fraction"]
        if int(match["exponent"] or 0):
            digits += rf" \times 10^{{{int(match['exponent'])}}}"
        return match["sign"] + digits + percent

    return NUMBER.sub(number, _separated(printed.strip(), rules.separator))


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _separated(printed: str, separator: str) -> str:
    return BETWEEN.sub(separator, printed) if ", " in printed else printed


def _grouped(whole: str, rules: Habits) -> str:
    """Group as the author's format asked, unless the language leaves so short a number whole."""
    if whole.isdecimal():
        return whole
    groups = whole.replace("_", ",").split(",")
    if len(groups) == 2 and len(groups[0]) < rules.least_grouped:
        return "".join(groups)
    return rules.group.join(groups)


def _braced(digits: str) -> str:
    """In TeX's math a comma is punctuation with space behind it, unless it stands in braces."""
    return SPACE.sub(r"\\,", digits.replace(",", "{,}"))
