"""What queries use without asking: the project's settings, and the ways to look at sources and to write pages.

None of it is an answer: sources ask the memo for what is looked at, and the frames' and the site's templates are asked
for by the queries that fill them. A memo is kept for one set of settings only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.memo.engine import Memo
from pipeline.memo.sources import kept_sources
from pipeline.memo.store import Store
from pipeline.read.article import Sources

if TYPE_CHECKING:
    from pipeline.render.html.site import Site
    from pipeline.render.wikitext.frames import Frames


@dataclass
class Given:
    """What belongs to one memo."""

    config: Config
    memo: Memo

    @property
    def root(self) -> Path:
        return self.config.root

    @property
    def compiled(self) -> Path:
        """Where compiled templates are kept."""
        return self.config.state / "templates"

    @cached_property
    def sources(self) -> Sources:
        return kept_sources(self.memo)

    @cached_property
    def frames(self) -> Frames:
        from pipeline.render.wikitext.frames import Frames

        return Frames(self.root, self.compiled)

    @cached_property
    def site(self) -> Site:
        from pipeline.memo.site import kept_site

        return kept_site(self.memo)


def memo_of(config: Config, store: Store) -> Memo:
    """Return the memo of a project."""
    memo = Memo(store)
    memo.given = Given(config, memo)
    return memo
