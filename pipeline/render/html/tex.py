"""TeX as authors write it, put into the dialect that the MathML converter speaks; what it shows stays the same."""

from __future__ import annotations

import re
from collections.abc import Callable

ROW_SPACE = re.compile(r"\\\\\*?[ \t]*\[\s*-?[\d.]+\s*(?:pt|em|ex|mu|mm|cm|in|px)\s*\]")
PLACED = re.compile(r"\\begin\{((?:gathered|aligned|split|array)\*?)\}[ \t]*\[[tcb]\]")
ALIGNED_AT = re.compile(r"\\begin\{alignedat\}[ \t]*\{\d+\}")
ENVIRONMENTS = {"alignedat": "aligned", "split": "aligned", "smallmatrix": "matrix"}
ENVIRONMENT = re.compile(r"\\(begin|end)\{(" + "|".join(ENVIRONMENTS) + r")\}")
TEXT = re.compile(r"\\(?:text|textrm|textnormal|mbox)(?![A-Za-z])\s*\{")
STACK = re.compile(r"\\substack\s*\{")


def prepared(tex: str) -> str:
    """Return `tex` for math-core: the same formula without the constructs that it lacks."""
    tex = ROW_SPACE.sub(r"\\\\", tex)
    tex = PLACED.sub(r"\\begin{\1}", tex)
    tex = ALIGNED_AT.sub(r"\\begin{aligned}", tex)
    tex = ENVIRONMENT.sub(lambda found: f"\\{found[1]}{{{ENVIRONMENTS[found[2]]}}}", tex)
    tex = _each_argument(tex, STACK, lambda rows: rf"\begin{{subarray}}{{c}}{rows}\end{{subarray}}")
    return _each_argument(tex, TEXT, _text)


def closing_brace(tex: str, start: int) -> int:
    """Where the group whose `{` stands just before `start` ends: the index of its `}`, or -1."""
    depth = 1
    position = start
    while position < len(tex):
        sign = tex[position]
        if sign == "\\":
            position += 1
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                return position
        position += 1
    return -1


def _each_argument(tex: str, command: re.Pattern[str], rewrite: Callable[[str], str]) -> str:
    done = []
    position = 0
    while found := command.search(tex, position):
        end = closing_brace(tex, found.end())
        if end < 0:
            break
        done += [tex[position : found.start()], rewrite(tex[found.end() : end])]
        position = end + 1
    return "".join(done) + tex[position:]


def _text(words: str) -> str:
    r"""`a $x$ b` as `{\text{a }x\text{ b}}`: the converter knows no formula inside of text."""
    parts = re.split(r"(?<!\\)\$", words)
    if len(parts) % 2 == 0:
        return rf"\text{{{_spaced(words)}}}"
    shown = [part if index % 2 else rf"\text{{{_spaced(part)}}}" for index, part in enumerate(parts) if part]
    return "{" + "".join(shown) + "}" if len(shown) != 1 else shown[0]


def _spaced(words: str) -> str:
    """Keep the space after an escaped sign, which the converter would swallow as if a command's name ended there."""
    return re.sub(r"\\([%$#&_{}]) ", r"\\\1{} ", words)
