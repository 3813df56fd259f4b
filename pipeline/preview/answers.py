"""What the preview can answer with, and where it takes that from: a folder that a build left, or the live project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

# What pages are made of; anything else is sent as bytes to save.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".woff2": "font/woff2",
}
HTML, JSON, TEXT = TYPES[".html"], TYPES[".json"], TYPES[".txt"]
# A drawing (SVG) that is opened by itself is a page, too.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
Events = AbstractContextManager[Iterator[bytes]]


class NoSuchPageError(LookupError):
    """Somebody asked for a topic, a language or a thing that there is not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent; with `place` the browser is to go there instead, for now if that `is_changing`."""

    content: bytes = b""
    kind: str = HTML
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    place: str | None = None
    is_changing: bool = False


class Source(Protocol):
    """Where answers come from."""

    def answer(self, path: str, query: Mapping[str, str]) -> Answer | Events | None:
        """What lies at a path without its leading slash; None where there is nothing."""
        ...

    def missing(self) -> bytes | None:
        """The page that says that there is nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """The site as a build left it. Files are looked up at each request, so a build that replaces it shows at once."""

    folder: Path

    def answer(self, path: str, query: Mapping[str, str]) -> Answer | None:
        found = located(self.folder, path)
        if found is None:
            return None
        if found.is_dir():
            return Answer(place=quote(f"/{path}/"))
        try:
            return Answer(found.read_bytes(), kind_of(found.name))
        except OSError:  # the site was replaced between finding the file and reading it
            return None

    def missing(self) -> bytes | None:
        page = self.folder / "404.html"
        return page.read_bytes() if page.is_file() else None


def kind_of(name: str) -> str:
    """The type of a file by its name."""
    return TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def located(folder: Path, path: str) -> Path | None:
    """The file that answers for `path`; a folder of pages when its slash is missing; None when there is none."""
    root = folder.resolve()
    wanted = root / path
    try:
        inside = wanted.resolve().is_relative_to(root)
        if inside and wanted.is_dir() and (wanted / "index.html").is_file():
            return wanted / "index.html" if path.endswith("/") or path == "" else wanted
        return wanted if inside and wanted.is_file() and not path.endswith("/") else None
    except OSError:  # a name that no file system takes
        return None
