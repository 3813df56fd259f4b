"""Results by what they depend on: a topic whose cells, libraries and labels are the same is not computed again."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import platform
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.read.article import Article
from pipeline.run.record import EnvironmentRecord, Record
from pipeline.run.settings import RunSettings

FORMAT = 1  # goes up when an entry or the way cells run changes
LIBRARIES = ("numpy", "torch", "matplotlib", "babel")
_ENTRY = "results.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic's record, the record of its second run if there was one, and the folder its pictures are in."""

    record: Record
    second: Record | None
    folder: Path


def picture_path(folder: Path, figure: str, language: str) -> Path:
    """Return where an entry keeps a figure as drawn for one language."""
    return folder / f"{figure}.{language}.png"


def foundation(settings: RunSettings) -> str:
    """Return a hash of what all topics depend on: runtime, versions, device."""
    return _digest(
        {
            "format": FORMAT,
            "runtime": _runtime_digest(),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "libraries": {name: _version(name) for name in LIBRARIES},
            "device": _device(settings.device),
        }
    )


def key_of(article: Article, languages: tuple[str, ...], foundation: str) -> str:
    """Return the key of a topic's results. It does not change when cells only move within their file."""
    return _digest(
        {
            "foundation": foundation,
            "cells": [[cell.label, cell.source] for cell in article.cells],
            "labels": {language: dict(article.drawn_labels[language]) for language in languages},
        }
    )


def load(cache: Path, key: str) -> Entry | None:
    """Return an entry, or None when there is none or when it is damaged."""
    folder = _folder(cache, key)
    try:
        kept = json.loads((folder / _ENTRY).read_bytes())
        body = kept["body"]
        if kept["sha256"] != _digest(body):
            return None
        for name, figure in body["record"]["figures"].items():
            for language, image in figure["images"].items():
                picture = picture_path(folder, name, language).read_bytes()
                if hashlib.sha1(picture).hexdigest() != image["sha1"]:
                    return None
        return Entry(body["record"], body["second"], folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # damaged, so it is computed again and replaced


def empty(settings: RunSettings) -> Entry:
    """Return the entry of a topic without cells: there is nothing to run, and nothing that could come out otherwise."""
    libraries = {name: _version(name) for name in ("numpy", "torch", "matplotlib")}
    record = Record(
        values={},
        figures={},
        outputs={},
        checks=[],
        environment=EnvironmentRecord(
            python=platform.python_version(),
            numpy=libraries["numpy"],
            torch=libraries["torch"],
            matplotlib=libraries["matplotlib"],
            device=settings.device,
            system=f"{platform.system()} {platform.machine()}",
        ),
        seconds=0.0,
        peak_bytes=0,
        computed=datetime.now(UTC).date().isoformat(),
    )
    return Entry(record, record, settings.cache)


def store(
    cache: Path, key: str, record: Record, second: Record | None, pictures: Mapping[tuple[str, str], bytes]
) -> Entry:
    """Keep a topic's results in one step: a reader sees all of an entry or nothing of it."""
    folder = _folder(cache, key)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        for (name, language), picture in pictures.items():
            picture_path(fresh, name, language).write_bytes(picture)
        body = {"record": record, "second": second}
        (fresh / _ENTRY).write_text(json.dumps({"sha256": _digest(body), "body": body}), encoding="utf-8")
        fresh.chmod(0o755)
        _put_in_place(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return Entry(record, second, folder)


def read_pictures(entry: Entry) -> dict[tuple[str, str], bytes]:
    """Return the pictures of an entry by figure and language."""
    return {
        (name, language): picture_path(entry.folder, name, language).read_bytes()
        for name, figure in entry.record["figures"].items()
        for language in figure["images"]
    }


def _put_in_place(fresh: Path, folder: Path) -> None:
    old = fresh.with_name(fresh.name + ".old")
    with suppress(FileNotFoundError):
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        # another build was quicker with the same results
        if not (folder / _ENTRY).is_file():
            raise
        shutil.rmtree(fresh)
    shutil.rmtree(old, ignore_errors=True)


def _folder(cache: Path, key: str) -> Path:
    return cache / "results" / key[:2] / key


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _runtime_digest() -> str:
    """Hash every file of the runtime package, found without importing it."""
    found = importlib.util.find_spec("runtime")
    if found is None or found.origin is None:
        raise RunError("the package `runtime` is not installed", "run ./script/publish, which sets everything up")
    folder = Path(found.origin).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        raise RunError(f"{library} is not installed", "run ./script/publish, which sets everything up") from None


def _device(device: str) -> str:
    """Name the device without importing torch: a GPU by what its driver says."""
    if device == "cpu":
        return "cpu"
    models = [
        line
        for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information"))
        for line in path.read_text().splitlines()
        if line.startswith("Model:")
    ]
    return f"{device} {models}"
