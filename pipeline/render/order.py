"""The order in which a page is read, which is also the order in which a wiki numbers its notes."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.read.document import Document, Footnote, Node, Table, TermUse, parts


def in_reading_order(tree: object) -> Iterator[Node]:
    """Like `walk`, with a table's caption before its cells, and without the insides of popups."""
    if isinstance(tree, tuple):
        for part in tree:
            yield from in_reading_order(part)
        return
    if isinstance(tree, Table):
        yield tree
        for piece in (tree.caption, tree.header, tree.rows):
            yield from in_reading_order(piece)
        return
    if isinstance(tree, TermUse):
        yield tree
        return
    below = parts(tree)
    if below is None:
        return
    if not isinstance(tree, (Document, Footnote)):
        yield tree  # type: ignore[misc]
    for part in below:
        yield from in_reading_order(part)
