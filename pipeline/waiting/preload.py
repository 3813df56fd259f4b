"""What a build needs: imported before anybody asks, and what libraries make at first use made.

Nothing here looks at the project: what comes of its files is made by who was asked, from the files as they then are.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable

# A build imports these where it comes to need them; what they import comes along.
_MODULES = (
    "sysconfig",
    "babel.dates",
    "babel.numbers",
    "pipeline.cli",
    "pipeline.build",
    "pipeline.report",
    "pipeline.diagnostics",
    "pipeline.memo.given",
    "pipeline.memo.git",
    "pipeline.memo.judging",
    "pipeline.memo.output",
    "pipeline.memo.pages",
    "pipeline.memo.results",
    "pipeline.memo.runs",
    "pipeline.memo.site",
    "pipeline.read.directives",
    "pipeline.render.adopted",
    "pipeline.run.keeper",
    "pipeline.run.topics",
    "pipeline.shown",
    "pipeline.taken_over",
    "pipeline.waiting.attending",
)


def preload(languages: Iterable[str]) -> None:
    """Import what builds import, put the parser together, and let Babel read what it knows of the languages."""
    for name in _MODULES:
        importlib.import_module(name)
    from pipeline.read.blocks import markdown
    from pipeline.render.numbers import habits

    for language in languages:
        habits(language)
    markdown()
