"""Does a template compile? Lua by Lua's own compiler, wikitext by its braces and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.errors import Problem, Where
from pipeline.render.templates.files import WikiFile

SHOWN = re.compile(
    r"<!--.*?-->|<(nowiki|pre|syntaxhighlight|templatedata)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
INCLUSION = re.compile(r"<(/?)(includeonly|noinclude|onlyinclude)\s*>", re.IGNORECASE)
BRACES = re.compile(r"\{{2,}|\}{2,}")


def problems_of(file: WikiFile) -> tuple[Problem, ...]:
    """What would keep a page from working on the wiki, with the line it is on."""
    if file.ending == ".lua":
        return tuple(_lua(file))
    if file.ending == ".wiki":
        return (*_braces(file), *_inclusion(file))
    return ()


def _lua(file: WikiFile) -> Iterator[Problem]:
    from lupa import lua51

    try:
        lua51.LuaRuntime(encoding=None, register_eval=False).compile(file.text.encode())
    except lua51.LuaSyntaxError as error:
        said = error.args[0].decode()  # [string "<python>"]:12: unexpected symbol near 'x'
        _, line, what = re.split(r":(\d+): ", said, maxsplit=1)
        yield _problem(file, int(line), f"does not compile: {what}")


def _braces(file: WikiFile) -> Iterator[Problem]:
    """Each `{{` and `{{{` has its end: counted by braces, because `}}}}}` may close a call and a parameter."""
    text = _without_shown(file.text)
    opened: list[tuple[int, int]] = []  # place and number of braces
    for match in BRACES.finditer(text):
        if match[0][0] == "{":
            opened.append((match.start(), len(match[0])))
            continue
        rest = len(match[0])
        while rest and opened:
            place, count = opened.pop()
            if count > rest:
                opened.append((place, count - rest))
            rest = max(rest - count, 0)
        if rest:
            yield _problem(file, _line(text, match.start()), f"{match[0]!r} closes nothing")
    for place, count in opened:
        yield _problem(file, _line(text, place), f"{'{' * count!r} is never closed")


def _inclusion(file: WikiFile) -> Iterator[Problem]:
    text = _without_shown(file.text)
    opened: list[tuple[str, int]] = []
    for match in INCLUSION.finditer(text):
        name = match[2].lower()
        if not match[1]:
            opened.append((name, match.start()))
        elif opened and opened[-1][0] == name:
            opened.pop()
        else:
            yield _problem(file, _line(text, match.start()), f"{match[0]} closes nothing")
    for name, place in opened:
        yield _problem(file, _line(text, place), f"<{name}> is never closed")


def _without_shown(text: str) -> str:
    """The text with what is only shown blanked out; every line stays where it is."""
    return SHOWN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _problem(file: WikiFile, line: int, message: str) -> Problem:
    return Problem(Where(file.path, line), message, "mend it; the wiki would show an error on every page", "template")
