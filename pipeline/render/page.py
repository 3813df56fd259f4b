"""What rendering gives and publishing takes: pages and files, written to build/ with a manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.taken_over import Record

# In the order they are published: a page comes after what it needs to look right.
Kind = Literal["module", "style", "template", "interface", "file", "category", "glossary", "topic", "summary", "list"]
KINDS: tuple[Kind, ...] = (
    "module", "style", "template", "interface", "file", "category", "glossary", "topic", "summary", "list",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A wiki page as it is to stand on the wiki: `text` is already in the form MediaWiki stores."""

    title: str  # with its namespace: "Softmax Function/es", "Template:Term", "Category:Optimization"
    kind: Kind
    text: str
    language: str  # content language, "" where the wiki's own is right (templates, modules)
    source: str  # the file it was made from, relative to the repository, "" when made from many

    @property
    def sha1(self) -> str:
        """Hex SHA-1 of the text, as MediaWiki's API gives it."""
        return hashlib.sha1(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload. `text` is its description page and counts only when the file is new."""

    title: str  # "File:Softmax Function - temperature (en).png"
    content: bytes
    text: str
    language: str
    source: str

    @property
    def sha1(self) -> str:
        return hashlib.sha1(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that the list of the newest may name."""

    title: str  # of its page in the source language
    date: str  # of its text
    links: Mapping[str, tuple[str, str]]  # language -> words, page


@dataclass(frozen=True, slots=True)
class Newest:
    """The page that lists the newest articles. Which they are is known when they stand on the wiki."""

    title: str
    source: str
    articles: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """Everything that is to stand on the wiki, pages in the order of KINDS and then of title."""

    pages: tuple[Page, ...]
    files: tuple[File, ...]
    commit: str = ""  # the sources it was built from, "" when they were not committed
    taken_over: Record = field(default_factory=dict)  # people's revisions that are in them
    newest: Newest | None = None
