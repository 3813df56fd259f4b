"""The edits that problems call for, where there is one right answer: new bytes for each file."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.check.american import BRITISH, EITHER
from pipeline.check.chinese import WIDTH, traditional
from pipeline.errors import Problem

BOM = b"\xef\xbb\xbf"
TRAILING = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+(?=\n|\Z)")
WORD = re.compile(r"[A-Za-z]+")
SPELLINGS = {**BRITISH, **EITHER}
ENGLISH = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"}
OPENS = re.compile(r"(?:^|[\s(\[—*_])\"(?=[\w¿¡`{$*_])")
CLOSES = re.compile(r"(?<=[^\W\d]|[.…?!)`}$*])\"(?=[\s.,;:)\]?!—*_]|$)")
Edit = tuple[int, int, str]  # from where to where in the text, and what comes there


def edited(root: Path, problems: Iterable[Problem]) -> Mapping[str, bytes]:
    """The new content of each file that can be mended."""
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.where.file, []).append(problem)
    found = {}
    for file, ones in by_file.items():
        path = root / file
        if path.is_file():
            raw = path.read_bytes()
            new = _bytes(raw, {one.rule for one in ones})
            new = new if new != raw else _words(raw, file, ones)
            if new != raw:
                found[file] = new
    return found


def _bytes(raw: bytes, rules: set[str]) -> bytes:
    """What keeps a file from being read."""
    if "encoding" in rules and raw.startswith(BOM):
        raw = raw.removeprefix(BOM)
    if "line-ends" in rules and b"\r" not in raw.replace(b"\r\n", b""):
        raw = raw.replace(b"\r\n", b"\n")
    return TRAILING.sub(b"", raw) if "control" in rules else raw


def _words(raw: bytes, file: str, problems: list[Problem]) -> bytes:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    edits = set()
    for problem in problems:
        if 1 <= problem.where.line <= len(starts):
            at = starts[problem.where.line - 1] + problem.where.column - 1
            edits |= set(_edits(text, at, file, problem))
    if any(problem.rule == "bibliography" for problem in problems):
        edits |= set(_repeated_entries(text))
    last = len(text) + 1
    for start, end, new in sorted(edits, reverse=True):
        if end <= last:  # none of two that overlap undoes the other
            text = text[:start] + new + text[end:]
            last = start
    return text.encode()


def _edits(text: str, at: int, file: str, problem: Problem) -> Iterator[Edit]:
    sign = text[at : at + 1]
    if problem.rule == "american":
        word = WORD.match(text, at)
        if word and word[0].lower() in SPELLINGS:
            right = SPELLINGS[word[0].lower()]
            yield at, word.end(), right.capitalize() if word[0][0].isupper() else right
    elif problem.rule == "chinese":
        if "half-width" in problem.message and sign in WIDTH:
            yield at, at + 1, WIDTH[sign]
        elif "traditional" in problem.message and sign in traditional():
            yield at, at + 1, traditional()[sign]
        elif problem.message.startswith("a space"):
            start = len(text[:at].rstrip(" "))
            if at > start and text[start - 1] != "\n":
                yield start, at, ""
    elif problem.rule == "quotes" and problem.message.startswith("the quote"):
        if file.endswith("/en.md") and sign in ENGLISH:
            yield at, at + 1, ENGLISH[sign]
        elif file.endswith("/es.md") and sign == '"':
            yield from _guillemets(text, at)


def _guillemets(text: str, at: int) -> Iterator[Edit]:
    """« or » for a straight quote whose neighbours leave no doubt which."""
    begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line, inside = text[begin : end if end >= 0 else len(text)], at - begin
    opens = any(found.end() - 1 == inside for found in OPENS.finditer(line))
    closes = any(found.start() == inside for found in CLOSES.finditer(line))
    if opens != closes:
        yield at, at + 1, "«" if opens else "»"


def _repeated_entries(text: str) -> Iterator[Edit]:
    """Entries of a bibliography that stand there before, the same to the letter but for spaces."""
    seen = set()
    pieces = [found.start() for found in re.finditer(r"^[ \t]*@", text, re.MULTILINE)] + [len(text)]
    for start, end in itertools.pairwise(pieces):
        entry = " ".join(text[start:end].split())
        if entry in seen:
            yield start, end, ""
        seen.add(entry)
