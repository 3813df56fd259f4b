"""What queries use without asking: the project's settings, and the ways to look at sources and to write pages.

None of it is an answer: sources ask the memo for what is looked at, and the frames' and the site's templates are asked
for by the queries that fill them. A memo is kept for one set of settings only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.config import Config
from pipeline.memo.building import BuildMemo
from pipeline.memo.engine import Memo
from pipeline.memo.sources import kept_sources
from pipeline.memo.store import Store
from pipeline.read.article import Sources

if TYPE_CHECKING:
    from pipeline.render.html.site import Site
    from pipeline.render.wikitext.frames import Frames


Made = TypeVar("Made")


@dataclass
class Given:
    """What belongs to one memo."""

    config: Config
    memo: Memo
    _made: dict[str, tuple[tuple[object, ...], Any]] = field(default_factory=dict)

    def made_of(self, answers: tuple[object, ...], name: str, make: Callable[[], Made]) -> Made:
        """Return what `make` makes of `answers` of queries, made anew only when one of these is another object.

        For what is costly to make from what all topics share, is asked for by each, and needs no place in the memo.
        """
        held = self._made.get(name)
        if held is None or any(one is not other for one, other in zip(held[0], answers, strict=True)):
            held = self._made[name] = (answers, make())
        made: Made = held[1]
        return made

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


def memo_of(config: Config, store: Store) -> BuildMemo:
    """Return the memo of a project."""
    from pipeline.memo import git, judging, pages, results, runs, site  # noqa: F401  # whose queries a store knows

    memo = BuildMemo(store)
    memo.given = Given(config, memo)
    return memo
