"""Pages and files that stay on disk until their content is asked for: a wiki's worth of them takes little memory."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.errors import MaroviError
from pipeline.render.page import File, Kind, Page

REMEDY = "run `marovi build` again"


class StoredPage(Page):
    """A page whose text is read, and held to be what was built, each time it is asked for."""

    __slots__ = ("_path", "_sha1")
    _path: Path
    _sha1: str

    def __init__(self, title: str, kind: Kind, language: str, source: str, path: Path, sha1: str) -> None:
        _fill(self, title=title, kind=kind, language=language, source=source, _path=path, _sha1=sha1)

    @property
    def text(self) -> str:
        return content_of(self._path, self._sha1).decode()

    @property
    def sha1(self) -> str:
        return self._sha1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and _marks(self) == _marks(other)

    def __hash__(self) -> int:
        return hash(_marks(self))


class StoredFile(File):
    """A file whose bytes are read, and held to be what was built, each time they are asked for."""

    __slots__ = ("_path", "_sha1")
    _path: Path
    _sha1: str

    def __init__(self, title: str, text: str, language: str, source: str, path: Path, sha1: str) -> None:
        _fill(self, title=title, text=text, language=language, source=source, _path=path, _sha1=sha1)

    @property
    def content(self) -> bytes:
        return content_of(self._path, self._sha1)

    @property
    def sha1(self) -> str:
        return self._sha1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, File) and _marks(self) == _marks(other)

    def __hash__(self) -> int:
        return hash(_marks(self))


def content_of(path: Path, sha1: str) -> bytes:
    """The bytes of a file. Raises MaroviError when it is missing, or not what was built."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MaroviError(f"{path} cannot be read ({error.strerror})", REMEDY) from error
    if hashlib.sha1(content).hexdigest() != sha1:
        raise MaroviError(f"{path} was changed since it was built", REMEDY)
    return content


def _fill(one: Page | File, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(one, name, value)


def _marks(one: Page | File) -> tuple[str, ...]:
    """What makes a page or a file what it is, its content by the hash."""
    kind = one.kind if isinstance(one, Page) else one.text
    return one.title, kind, one.language, one.source, one.sha1
