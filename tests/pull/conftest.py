"""The render tests' sample, which holds every kind of node, with a person who edits its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from pipeline.deploy.drift import Drift, Edit
from pipeline.pull import Pulled, pull
from pipeline.pull.remake import with_files
from pipeline.pull.rendering import render_one
from pipeline.read.article import Sources
from pipeline.run.results import Results
from tests.render.conftest import sample, sample_results

__all__ = ["sample", "sample_results"]

EDIT = Edit(7, "Reader", "2026-11-21T12:00:00Z", "better so")


@dataclass(frozen=True)
class Wiki:
    """What the bot would have written; what a person makes of it is pulled."""

    sources: Sources
    results: Mapping[str, Results]

    def page(self, title: str = "Sample Topic") -> str:
        return render_one(self.sources, self.results, {}, title).text

    def edited(self, *changes: tuple[str, str], title: str = "Sample Topic") -> str:
        text = self.page(title)
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    def pulled(self, now: str, title: str = "Sample Topic", before: str | None = None) -> Pulled:
        source = render_one(self.sources, self.results, {}, title).file
        drift = Drift(title, source, (EDIT,), self.page(title) if before is None else before, now)
        return pull([drift], self.sources, self.results)

    def made_of(self, pulled: Pulled, title: str = "Sample Topic") -> str:
        """The page, made of the patched sources."""
        changed = {file: text for file, text in pulled.after.items() if text != pulled.before[file]}
        return render_one(with_files(self.sources, changed), self.results, {}, title).text


@pytest.fixture(scope="session")
def wiki_of_sample(sample: Sources, sample_results: Mapping[str, Results]) -> Wiki:
    return Wiki(sample, sample_results)
