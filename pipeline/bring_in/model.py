"""What comes from a wiki, and what is to be said about it: pages, what could not be carried over, what was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["left out", "changed", "to do", "missing"]
KINDS: Mapping[Kind, str] = {
    "left out": "stands on the page and in no file",
    "changed": "stands in the files in another form",
    "to do": "is for an author to settle",
    "missing": "words that readers of the page see and that are neither in the files nor above",
}


@dataclass(frozen=True, slots=True)
class WikiPage:
    """One page as it stood on the wiki."""

    title: str  # with its namespace in English, and spaces: Glossary:Learning rate/es
    namespace: str  # "" for articles, else its English name
    text: str
    redirect: str = ""  # the title it leads to


@dataclass(frozen=True, slots=True)
class Left:
    """Something of a page that did not simply come over; `text` is what stands there, in full."""

    page: str
    line: int  # of the page's wikitext, from 1
    kind: Kind
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Wiki:
    """The pages of one wiki, and ways to ask it for more, where it can be asked."""

    name: str
    pages: tuple[WikiPage, ...]
    picture: Callable[[str], bytes | None] = lambda title: None  # File:… -> its bytes
    shown: Callable[[str, str], str] | None = None  # title, wikitext -> the words its readers see
    left: tuple[Left, ...] = ()  # what the reading itself could not take


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import made: files by path below the folder of articles, and all there is to say."""

    files: Mapping[str, bytes] = field(repr=False)
    topics: Mapping[str, str]  # slug -> title
    concepts: tuple[str, ...]
    left: tuple[Left, ...]


def canonical(title: str) -> str:
    """A title as MediaWiki keeps it: spaces for underscores, the first letter of the name upper case."""
    title = " ".join(title.replace("_", " ").split())
    namespace, colon, name = title.partition(":")
    if colon and namespace[:1].isalpha() and not name.startswith(" "):
        return f"{_upper(namespace)}:{_upper(name)}"
    return _upper(title)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:] if len(text[:1].upper()) == 1 else text
