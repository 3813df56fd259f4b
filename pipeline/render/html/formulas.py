"""Formulas: TeX to MathML that a browser draws by itself, with the TeX kept inside for copying and for comparison."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache

from markupsafe import Markup, escape
from math_core import LatexError, LatexToMathML

from pipeline.errors import Problem, Where
from pipeline.render.html.tex import prepared
from pipeline.render.wikitext.escape import printable

STYLED = re.compile(r'(<[a-z]+(?: [a-z]+="[^"<>]*")*) style="([^"<>]*)"')
ERROR = re.compile(r"(?:(\d+): )?(.*)", re.DOTALL)
# Chromium does not stretch a bracket that is itself the base of an index; a row around it does.
TALL_BASE = re.compile(r"(<m(?:sub|sup|subsup)>)(<mo [^<>]*minsize=[^<>]*>[^<>]*</mo>)")
MATH = re.compile(r"<math( display=\"block\")?>(.*)</math>", re.DOTALL)


class Formulas:
    """Converts the formulas of one page, and remembers the styles and the mistakes in them.

    The site's Content-Security-Policy allows no style attributes, so each set of declarations becomes a class.
    """

    def __init__(self) -> None:
        self._converter = _converter()
        self._made: dict[tuple[str, bool], Markup | str] = {}
        self._styles: dict[str, str] = {}
        self.problems: list[Problem] = []

    def mathml(self, tex: str, where: Where, *, block: bool) -> Markup:
        """Return `<math>` for `tex`; a formula that is wrong is noted in `problems` and shown as its TeX."""
        made = self._made.get((tex, block))
        if made is None:
            made = self._made[tex, block] = self._convert(tex, block)
        if isinstance(made, Markup):
            return made
        self.problems.append(Problem(where, f"formula: {made}", "mend the TeX; amsmath's commands are known", "math"))
        return Markup('<code class="tex">%s</code>') % tex

    @property
    def styles(self) -> dict[str, str]:
        """The classes that the formulas so far use, each with its declarations."""
        return dict(sorted(self._styles.items()))

    def _convert(self, tex: str, block: bool) -> Markup | str:
        tex = printable(tex).strip()
        readied = prepared(tex)
        try:
            made = self._converter.convert_with_local_state(readied, displaystyle=block)
        except LatexError as error:
            return _explained(str(error), readied)
        made = TALL_BASE.sub(r"\1<mrow>\2</mrow>", STYLED.sub(self._classed, made))
        found = MATH.fullmatch(made)
        if found is None:  # pragma: no cover - the converter always gives one <math> element
            return "the converter gave no formula"
        display = "block" if block else "inline"
        return Markup(
            f'<math display="{display}" alttext="{escape(tex)}"><semantics><mrow>{found[2]}</mrow>'
            f'<annotation encoding="application/x-tex">{escape(tex)}</annotation></semantics></math>'
        )

    def _classed(self, found: re.Match[str]) -> str:
        rules = "; ".join(sorted(rule.strip() for rule in found[2].split(";") if rule.strip()))
        name = "m-" + hashlib.sha256(rules.encode()).hexdigest()[:8]
        self._styles[name] = rules
        return f'{found[1]} class="{name}"'


def stylesheet(styles: Iterable[Mapping[str, str]]) -> str:
    """The rules behind the classes of many pages' formulas, in a fixed order."""
    known = {name: rules for page in styles for name, rules in page.items()}
    return "".join(f".{name} {{ {rules} }}\n" for name, rules in sorted(known.items()))


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)


def _explained(error: str, tex: str) -> str:
    found = ERROR.fullmatch(error.strip())
    place, message = (found[1], found[2]) if found else (None, error)
    message = message.strip().rstrip(".")
    message = message[:1].lower() + message[1:]
    rest = tex[int(place) :] if place else ""
    if not rest.strip():
        return f"{message}, in “{_shortened(tex)}”"
    return f"{message}, at “{_shortened(rest)}”"


def _shortened(tex: str) -> str:
    line = " ".join(tex.split())
    return line if len(line) <= 40 else line[:39] + "…"
