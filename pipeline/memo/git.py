"""What git says of the sources, asked once in each build; the history only when there is a new commit."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline import commits
from pipeline.memo import reading
from pipeline.memo.engine import Memo, outside, query

FOLDERS = ("articles", "templates")


@outside
def state(memo: Memo) -> tuple[str, tuple[str, ...]]:
    """The commit checked out, and the files of the sources that differ from it."""
    return commits.state(memo.given.root, FOLDERS)


@query
def head(memo: Memo) -> str:
    return state(memo)[0]


@query
def changed(memo: Memo) -> tuple[str, ...]:
    return state(memo)[1]


@query
def changed_folders(memo: Memo) -> Mapping[str, None]:
    """The folders in which, or below which, something differs from the commit checked out."""
    return {name[:place]: None for name in changed(memo) for place, sign in enumerate(name) if sign == "/"}


@query
def last_commits(memo: Memo) -> Mapping[str, str]:
    """Slug -> the last commit that touched its folder; none for a folder that was never committed."""
    if not head(memo):
        return {}
    folders = reading.topics(memo)[0]
    found = commits.last_commits(memo.given.root, folders.values())
    return {slug: found[folder] for slug, folder in folders.items() if folder in found}


@query
def uncommitted(memo: Memo, slug: str) -> bool:
    """Whether a topic's files differ from the commit checked out."""
    return reading.folder_of(memo, slug) in changed_folders(memo)


@query
def commit(memo: Memo, slug: str) -> str:
    """The last commit that changed a topic, UNCOMMITTED when its files differ from it."""
    return commits.UNCOMMITTED if uncommitted(memo, slug) else last_commits(memo).get(slug, commits.UNCOMMITTED)


def clean_head(memo: Memo) -> str:
    """The commit checked out, UNCOMMITTED when something differs from it."""
    return commits.UNCOMMITTED if changed(memo) else head(memo)
