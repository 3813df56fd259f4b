"""Changed files as a patch that `git apply` takes, or written in place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path

LINE = re.compile(r"[^\n]*\n|[^\n]+")
NO_NEWLINE = "\\ No newline at end of file\n"


def unified(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """A unified diff of every file that differs, in the order of their names."""
    parts: list[str] = []
    for file in sorted(after):
        old, new = LINE.findall(before[file]), LINE.findall(after[file])
        for line in difflib.unified_diff(old, new, f"a/{file}", f"b/{file}"):
            parts.append(line if line.endswith("\n") else line + "\n" + NO_NEWLINE)
    return "".join(parts)


def write(root: Path, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Write the files that differ, each in one step; return their names."""
    changed = tuple(sorted(file for file in after if after[file] != before[file]))
    for file in changed:
        path = root / file
        temporary = path.with_name(f".{path.name}.pull")
        temporary.write_text(after[file], encoding="utf-8")
        temporary.replace(path)
    return changed
