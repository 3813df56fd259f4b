"""What a family of nodes needs while a page is written: words, anchors, notes, and the other families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from pipeline.read.document import Block, Footnote, Inline


class Writer(Protocol):
    """One page being written."""

    @property
    def words(self) -> Mapping[str, str]:
        """templates/messages in the page's language."""

    @property
    def anchors(self) -> Mapping[str, str]:
        """The id of each heading of the page -> the anchor MediaWiki gives it."""

    def first_use(self, label: str) -> Footnote | None:
        """The footnote of that label when its mark is written for the first time, else None."""

    def inline(self, nodes: Iterable[Inline], reserved: str = "") -> str:
        """Inline nodes as one line of wikitext, in a place where `reserved` characters have a meaning."""

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Blocks as wikitext, an empty line between them."""
