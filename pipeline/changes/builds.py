"""Changed pages and pictures: two builds, by title and by hash."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.changes.model import Page, Picture, Topic
from pipeline.render.page import KINDS, File, Rendered

_COMPUTED = re.compile(
    r" - .+ \([a-z]{2,3}(-[a-z0-9]+)*\)\.png$"
)  # figures of cells; pictures from a folder are one for all


def page_changes(old: Rendered, new: Rendered) -> tuple[Page, ...]:
    """Return the pages that are made, changed or no longer made, in the order in which they are published."""
    was = {page.title: page for page in old.pages}
    stands = {page.title: page for page in new.pages}
    changes = _changes(
        {title: page.sha1 for title, page in was.items()}, {title: page.sha1 for title, page in stands.items()}
    )
    found = [Page(title, (stands.get(title) or was[title]).kind, change) for title, change in changes]
    return tuple(sorted(found, key=lambda page: (list(KINDS).index(page.kind), page.title)))  # type: ignore[arg-type]


def picture_changes(old: Rendered, new: Rendered, topics: Iterable[Topic]) -> tuple[Picture, ...]:
    """Return the files with other bytes, by title; `topics` say which figures have other numbers."""
    was, stands = _files(old), _files(new)
    changes = _changes(
        {title: file.sha1 for title, file in was.items()}, {title: file.sha1 for title, file in stands.items()}
    )
    drawn = {(topic.slug, name.replace("_", " ")) for topic in topics for name in topic.figures}
    found = []
    for title, change in changes:
        source = (stands.get(title) or was[title]).source
        known = any(f"/{slug}/" in f"/{source}/" and f" - {name} (" in title for slug, name in drawn)
        redrawn = change == "changed" and bool(_COMPUTED.search(title)) and not known
        found.append(Picture(title, change, source, redrawn))
    return tuple(found)


def _files(build: Rendered) -> Mapping[str, File]:
    return {file.title: file for file in build.files}


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for title in sorted({*old, *new}):
        if title not in old:
            yield title, "new"
        elif title not in new:
            yield title, "gone"
        elif old[title] != new[title]:
            yield title, "changed"
