"""How two texts differ, for a person: lines with a few around them, and in long lines the words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

AROUND = 2  # lines
WORD = re.compile(r"\s+|\w+|[^\w\s]")
RED, GREEN, PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"
ALIKE = 0.5  # of two lines that are compared word by word


def difference(
    title: str, theirs: str, ours: str, names: tuple[str, str] = ("on the wiki", "wanted"), colored: bool = False
) -> list[str]:
    """Lines of a unified diff, from the wiki's text to ours; changed words are marked `[-old-]` and `{+new+}`.

    With `colored`, what goes is red and what comes is green as well, for a terminal.
    """
    old, new = theirs.splitlines(), ours.splitlines()
    width = max(map(len, names)) + 1
    lines = [f"{sign} {name + ':':<{width}} {title}" for sign, name in zip(("---", "+++"), names, strict=True)]
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        first, last = group[0], group[-1]
        lines.append(f"@@ -{first[1] + 1},{last[2] - first[1]} +{first[3] + 1},{last[4] - first[3]} @@")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [f"  {line}" for line in old[i1:i2]]
            else:
                lines += _changed(old[i1:i2], new[j1:j2])
    if len(lines) == 2:
        return []
    return [_color(line) for line in lines] if colored else lines


def _color(line: str) -> str:
    if line.startswith("~ "):
        line = re.sub(r"\[-.*?-\]", lambda match: f"{RED}{match[0]}{PLAIN}", line)
        return re.sub(r"\{\+.*?\+\}", lambda match: f"{GREEN}{match[0]}{PLAIN}", line)
    color = RED if line.startswith("-") else GREEN if line.startswith("+") else ""
    return f"{color}{line}{PLAIN}" if color else line


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            yield from _line(before, after)
    else:
        yield from (f"- {line}" for line in old)
        yield from (f"+ {line}" for line in new)


def _line(before: str, after: str) -> Iterator[str]:
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        yield from (f"- {before}", f"+ {after}")
        return
    parts = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append("".join(old[i1:i2]))
            continue
        if i2 > i1:
            parts.append(f"[-{''.join(old[i1:i2])}-]")
        if j2 > j1:
            parts.append(f"{{+{''.join(new[j1:j2])}+}}")
    yield f"~ {''.join(parts)}"
