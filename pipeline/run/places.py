"""Where shared results lie: a folder, or whatever fsspec reaches by a URL (s3://, gs://, sftp://, …)."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import urlsplit

from pipeline.errors import ConfigurationError

_AT_A_TIME = 8


class Place(Protocol):
    """Keeps pieces of bytes under names such as `ab/abcd…/1234`. What goes wrong is an exception of any kind."""

    at_a_time: int  # threads that may use it side by side

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, newest first where that is known; none when there is no such folder."""

    def read(self, name: str, largest: int) -> bytes:
        """Return what lies under a name. Raises ValueError when it has more than `largest` bytes."""

    def write(self, name: str, content: bytes) -> None:
        """Keep `content` under a name: a reader gets all of it or nothing of it."""


def place(where: str, root: Path | None) -> Place:
    """Return the place of a folder, a relative one below `root`, or of a URL.

    Nothing is connected yet. Raises ConfigurationError when what reaches such URLs is not installed, without naming
    passwords in the URL.
    """
    if "://" not in where:
        return Folder((root or Path()) / Path(where).expanduser())
    return Remote(where)


def shown(where: str) -> str:
    """Return a place for people: without user, password and query, which may be secret."""
    if "://" not in where:
        return where
    parts = urlsplit(where)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


class Folder:
    """A folder, also one on a network drive."""

    at_a_time = _AT_A_TIME

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self, folder: str) -> list[str]:
        try:
            with os.scandir(self._folder / folder) as entries:
                found = [(entry.stat().st_mtime, entry.name) for entry in entries if not entry.name.startswith(".")]
        except FileNotFoundError:
            return []
        return [name for _, name in sorted(found, reverse=True)]

    def read(self, name: str, largest: int) -> bytes:
        with (self._folder / name).open("rb") as file:
            return _bounded(file.read(largest + 1), largest)

    def write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".new-", dir=path.parent, delete=False) as file:
            try:
                file.write(content)
                os.fchmod(file.fileno(), 0o644)
                file.flush()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise


class Remote:
    """What a URL names, through fsspec, whose settings and credentials come from where each kind has them."""

    def __init__(self, url: str) -> None:
        scheme = url.partition("://")[0]
        try:
            import fsspec
        except ImportError:
            raise ConfigurationError(
                f"the shared cache {shown(url)} needs the package fsspec", "run: pip install 'marovi[shared]'"
            ) from None
        try:
            kind = fsspec.get_filesystem_class(scheme)
        except ImportError as error:
            raise ConfigurationError(
                f"the shared cache {shown(url)} needs another package", f"install what fsspec names: {error}"
            ) from None
        except ValueError:
            raise ConfigurationError(
                f"the shared cache {shown(url)} is of the kind {scheme!r}, which fsspec does not know",
                "give a folder, or a URL such as s3://bucket/marovi",
            ) from None
        self.at_a_time = _AT_A_TIME if getattr(kind, "async_impl", False) else 1  # others may have a single connection
        self._url = url
        self._lock = threading.Lock()
        self._opened: tuple[Any, PurePosixPath] | None = None

    def _there(self) -> tuple[Any, PurePosixPath]:
        """Connect with the first use, which may take its time."""
        import fsspec

        with self._lock:
            if self._opened is None:
                files, path = fsspec.core.url_to_fs(self._url)
                self._opened = files, PurePosixPath(path)
            return self._opened

    def names(self, folder: str) -> list[str]:
        files, path = self._there()
        files.invalidate_cache()
        try:
            found: list[dict[str, Any]] = files.ls(str(path / folder), detail=True)
        except FileNotFoundError:
            return []
        # where several kinds of store say when a thing was written, they do so under different names
        dated = [(str(_written(one)), str(one["name"]).rpartition("/")[2]) for one in found]
        return [name for _, name in sorted(dated, reverse=True) if not name.startswith(".")]

    def read(self, name: str, largest: int) -> bytes:
        files, path = self._there()
        with files.open(str(path / name), "rb") as file:
            return _bounded(file.read(largest + 1), largest)

    def write(self, name: str, content: bytes) -> None:
        files, path = self._there()
        files.makedirs(str((path / name).parent), exist_ok=True)
        # on object stores a write is one step; elsewhere a half-written one is found by its digest
        files.pipe_file(str(path / name), content)


def _written(found: dict[str, Any]) -> object:
    return next((found[name] for name in ("LastModified", "mtime", "created", "updated") if found.get(name)), "")


def _bounded(content: bytes, largest: int) -> bytes:
    if len(content) > largest:
        raise ValueError(f"more than {largest} bytes")
    return content


def without_secrets(text: str, where: str) -> str:
    """Take out of a message what the URL of a place has that nobody should read."""
    if "://" in where:
        text = text.replace(where, shown(where))
        parts = urlsplit(where)
        for secret in filter(None, [parts.netloc.rpartition("@")[0], parts.password, parts.query]):
            text = text.replace(secret, "***")
    return re.sub(r"://[^/@\s]+@", "://***@", text)
