"""What was rendered, on disk: build/manifest.json, a file a page in build/pages/, the files in build/files/."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pipeline.errors import MaroviError
from pipeline.render.page import KINDS, File, Listed, Newest, Page, Rendered
from pipeline.render.stored import REMEDY, StoredFile, StoredPage, content_of
from pipeline.taken_over import as_json, record_of

MANIFEST = "manifest.json"
FORMAT = 1
Titled = TypeVar("Titled", Page, File)
LONGEST_NAME = 180  # bytes; file systems have room for 255, and some of them store two for one


def write(rendered: Rendered, folder: Path) -> None:
    """Write everything below `folder`, the same bytes for the same content; all of it, or nothing when that fails.

    Other things in `folder` stay as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".manifest-", dir=folder))
    try:
        _fill(rendered, staged)
        for name in ("pages", "files"):
            if (folder / name).exists():
                (folder / name).replace(staged / f"old-{name}")
            (staged / name).replace(folder / name)
        (staged / MANIFEST).replace(folder / MANIFEST)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def read(folder: Path) -> Rendered:
    """Read what `write` wrote.

    Raises MaroviError where there is no build, or a file is missing or not the one the manifest speaks of.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MaroviError(f"nothing was built in {folder}", "run `marovi build` first") from None
    except (OSError, ValueError) as error:
        raise MaroviError(f"{path} cannot be read ({error})", REMEDY) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise MaroviError(f"{path} is not of this version", REMEDY)
    try:
        pages = tuple(_page(entry, folder) for entry in manifest["pages"])
        files = tuple(_file(entry, folder) for entry in manifest["files"])
        taken_over = record_of(manifest.get("taken over", {}))
        newest = _newest(manifest["newest"]) if manifest.get("newest") else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MaroviError(f"{path} is damaged ({error!r})", REMEDY) from error
    return Rendered(pages, files, str(manifest.get("commit", "")), taken_over, newest)


_UNSAFE = re.compile(r'[%/\\:*?"<>|\x00-\x1f\x7f]|^\.|[. ]$')


def file_names(titles: Iterable[str]) -> dict[str, str]:
    """Title -> a name that any file system takes, and tells from the others when it does not know upper case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for title in titles:
        name = _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", title)
        if len(name.encode()) > LONGEST_NAME:
            name = name.encode()[: LONGEST_NAME - 11].decode(errors="ignore") + "~" + _digest(title)
        if name.casefold() in taken:
            name += "~" + _digest(title)
        taken.add(name.casefold())
        names[title] = name
    return names


def _digest(title: str) -> str:
    return hashlib.sha1(title.encode()).hexdigest()[:10]


def layout(rendered: Rendered) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Where each page and file lies below build/: path, SHA-1, and the way to the bytes."""
    for path, page in _paths("pages", rendered.pages, ".wiki"):
        yield path, page.sha1, lambda page=page: page.text.encode()  # type: ignore[misc]
    for path, file in _paths("files", rendered.files):
        yield path, file.sha1, lambda file=file: file.content  # type: ignore[misc]


def text_of(rendered: Rendered) -> str:
    """The manifest: what there is, where, and with which hash."""
    manifest = {
        "format": FORMAT,
        "commit": rendered.commit,
        "taken over": as_json(rendered.taken_over),
        "newest": asdict(rendered.newest) if rendered.newest else None,
        "pages": [
            {
                "title": page.title,
                "kind": page.kind,
                "language": page.language,
                "source": page.source,
                "path": path,
                "sha1": page.sha1,
            }
            for path, page in _paths("pages", rendered.pages, ".wiki")
        ],
        "files": [
            {
                "title": file.title,
                "language": file.language,
                "source": file.source,
                "path": path,
                "sha1": file.sha1,
                "text": file.text,
            }
            for path, file in _paths("files", rendered.files)
        ],
    }
    return "{\n" + ",\n".join(f" {_dumped(name)}: {_lines(value)}" for name, value in manifest.items()) + "\n}\n"


def _lines(value: object) -> str:
    """JSON with a line for each page and file, and not for each of their values, which takes four times as long."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join("  " + _dumped(one) for one in value) + "\n ]"
    return _dumped(value)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fill(rendered: Rendered, folder: Path) -> None:
    for name in ("pages", "files"):
        (folder / name).mkdir()
    for path, _, content in layout(rendered):
        (folder / path).write_bytes(content())
    (folder / MANIFEST).write_text(text_of(rendered), encoding="utf-8", newline="\n")


def _paths(folder: str, titled: Sequence[Titled], ending: str = "") -> Iterator[tuple[str, Titled]]:
    names = file_names(one.title for one in titled)
    for one in titled:
        yield f"{folder}/{names[one.title]}{ending}", one


def _page(entry: dict[str, Any], folder: Path) -> Page:
    path, sha1 = _verified(entry, folder)
    kind = next((kind for kind in KINDS if kind == entry["kind"]), None)
    if kind is None:
        raise MaroviError(f"{entry['title']!r} is of an unknown kind {entry['kind']!r}", REMEDY)
    return StoredPage(entry["title"], kind, entry["language"], entry["source"], path, sha1)


def _file(entry: dict[str, Any], folder: Path) -> File:
    path, sha1 = _verified(entry, folder)
    return StoredFile(entry["title"], entry["text"], entry["language"], entry["source"], path, sha1)


def _verified(entry: dict[str, Any], folder: Path) -> tuple[Path, str]:
    """The path and the hash of what an entry speaks of, from inside `folder` and nowhere else."""
    path, sha1 = folder / str(entry["path"]), str(entry["sha1"])
    if not path.resolve().is_relative_to(folder.resolve()):
        raise MaroviError(f"{entry['path']!r} leads out of {folder}", REMEDY)
    content_of(path, sha1)
    return path, sha1


def _newest(held: dict[str, Any]) -> Newest:
    articles = (
        Listed(one["title"], one["date"], {language: (words, page) for language, (words, page) in one["links"].items()})
        for one in held["articles"]
    )
    return Newest(held["title"], held["source"], tuple(articles))
