"""English is American here, and the same throughout a page. What no American dictionary has, `spelling` reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.check.prose import Places, runs_of
from pipeline.errors import Problem
from pipeline.read.article import Sources

BRITISH = {
    "amidst": "amid",
    "amongst": "among",
    "analogue": "analog",
    "burnt": "burned",
    "dreamt": "dreamed",
    "grey": "gray",
    "greyscale": "grayscale",
    "learnt": "learned",
    "spelt": "spelled",
    "towards": "toward",
    "whilst": "while",
}
# Both are American; a page keeps to one.
EITHER = {"afterwards": "afterward", "catalogue": "catalog", "dialogue": "dialog", "acknowledgement": "acknowledgment"}
WORD = re.compile(r"[A-Za-z]+")


def american(sources: Sources) -> Iterator[Problem]:
    if "en" not in sources.languages:
        return
    places = Places(sources.root)
    for topic in sources.articles.values():
        for page in topic.pages:
            if "en" not in page.versions:
                continue
            found = [
                (run, match.start(), match[0])
                for run in runs_of(page, page.versions["en"])
                for match in WORD.finditer(run.text)
            ]
            used = {word.lower() for _, _, word in found}
            for run, offset, word in found:
                plain = word.lower()
                if plain in BRITISH:
                    message = f"{word!r} is British"
                    yield Problem(places.of(run, offset), message, f"write {BRITISH[plain]!r}", "american")
                elif plain in EITHER and EITHER[plain] in used:
                    message = f"{word!r} here and {EITHER[plain]!r} elsewhere on the page"
                    yield Problem(places.of(run, offset), message, f"write {EITHER[plain]!r}", "american", "warning")
