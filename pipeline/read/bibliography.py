"""references.bib: one bibliography for all topics and languages."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise
from pathlib import Path

from pipeline.errors import suggest
from pipeline.read.article import Reference
from pipeline.read.context import Reading
from pipeline.read.source import load

REQUIRED = {
    "article": ("author", "title", "journal", "year"),
    "book": ("author", "title", "publisher", "year"),
    "incollection": ("author", "title", "booktitle", "year"),
    "inproceedings": ("author", "title", "booktitle", "year"),
    "mastersthesis": ("author", "title", "school", "year"),
    "misc": ("title", "year"),
    "phdthesis": ("author", "title", "school", "year"),
    "techreport": ("author", "title", "institution", "year"),
}
# Words that LaTeX prints as they stand; decoding takes longer than all else that is done with an entry.
NOTHING_OF_LATEX = re.compile(r"(?:[^\W_]|[ .:;()/+]|,(?!,)|-(?!-))*")


def read_references(path: Path, reading: Reading) -> dict[str, Reference]:
    """Read the bibliography; problems of single entries are reported at their line.

    A reference's fields are plain text; `author` and `editor` read "Last, First and Last, First".
    """
    text = load(path, reading)
    if text is None:
        return {}
    from pybtex.database import parse_string  # slow to import, and needed only when sources are read
    from pybtex.exceptions import PybtexError

    places = _places(text, reading)
    try:
        entries = parse_string(text, "bibtex").entries
    except PybtexError as error:
        message = f"cannot be read: {str(error).partition(': ')[2] or error}"
        line = _torn(text) or getattr(error, "lineno", None) or 1
        reading.report(reading.where(line), message, "balance braces and commas", "bibliography")
        return {}
    references: dict[str, Reference] = {}
    for key, entry in entries.items():
        fields = {name.lower(): _plain(value) for name, value in entry.fields.items()}
        for role, people in entry.persons.items():
            fields[role.lower()] = " and ".join(_plain(str(person)) for person in people)
        kind = entry.type.lower()
        where = reading.where(places.get(key, 1))
        if kind not in REQUIRED:
            reading.report(where, f"{key}: unknown kind of entry @{kind}", suggest(kind, REQUIRED), "bibliography")
        for name in REQUIRED.get(kind, ()):
            if not fields.get(name) and not (name == "author" and fields.get("editor")):
                reading.report(where, f"{key}: the field {name!r} is missing", f"add {name} = {{…}}", "bibliography")
        references[key] = Reference(key, kind, fields, where)
    for key, line in places.items():
        if key not in references:
            reading.report(
                reading.where(line), f"the entry {key!r} cannot be read", "balance its braces", "bibliography"
            )
    return references


def _torn(text: str) -> int:
    """The line of the first entry whose braces do not pair up, which a parser notices only further below; or 0."""
    starts = [found.start() for found in re.finditer(r"^[ \t]*@", text, re.MULTILINE)] + [len(text)]
    for start, end in pairwise(starts):
        signs = re.findall(r"(?<!\\)[{}]", text[start:end])
        if signs.count("{") != signs.count("}"):
            return text.count("\n", 0, start) + 1
    return 0


def _places(text: str, reading: Reading) -> dict[str, int]:
    places: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r"\s*@(\w+)\s*\{\s*([^,\s]+)\s*,", line)
        if match and match[1].lower() not in ("comment", "string", "preamble"):
            if match[2] in places:
                message = f"the entry {match[2]!r} stands twice"
                reading.report(reading.where(number), message, "keep one of them", "bibliography")
            places[match[2]] = number
    return places


def _plain(value: str) -> str:
    """The text LaTeX would print, as Unicode."""
    if NOTHING_OF_LATEX.fullmatch(value):
        return " ".join(value.split())
    import latexcodec  # noqa: F401  (registers the codec)

    text: str = codecs.getdecoder("ulatex")(value)[0]  # type: ignore[arg-type]
    return " ".join(re.sub(r"[{}]", "", text).split())
