"""Alternative text is read aloud as it stands: no markup in it, and not the caption once more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.check.prose import Places, runs_of
from pipeline.errors import Problem
from pipeline.read.article import Sources
from pipeline.read.blocks import plain_text
from pipeline.read.document import ImageFigure, walk

MARKUP = re.compile(r"\{[a-z]+\}`|\$[^$\n]+\$|\\[A-Za-z]+|`|\*\*|\]\(")


def alternative(sources: Sources) -> Iterator[Problem]:
    places = Places(sources.root)
    for topic in sources.articles.values():
        for page in topic.pages:
            for version in page.versions.values():
                for run in runs_of(page, version):
                    found = MARKUP.search(run.text) if run.kind == "alternative text" else None
                    if found:
                        message = f"{found[0]!r} in an alternative text would be read as it stands"
                        yield Problem(places.of(run, found.start()), message, "say it in words", "alt")
                figures = version.metadata.figures.values() if not page.parent else ()
                texts = [(one.alt, one.caption, one.where) for one in figures]
                texts += [
                    (one.alt, one.caption, one.where) for one in walk(version.document) if isinstance(one, ImageFigure)
                ]
                for alt, caption, where in texts:
                    if alt and alt == plain_text(caption):
                        remedy = "say what there is to see for somebody who cannot see it"
                        yield Problem(where, "the alternative text is the caption", remedy, "alt")
