"""Results by what they depend on: a topic is computed again when any of it has changed, and only then.

An entry is found in two steps. The key is of what is known beforehand: cells, labels, Python, processor, device,
environment and the engine that runs cells. Below it lie entries, each with what its run used besides: files, the
modules of `runtime`, libraries. The one whose needs are all as they were is the topic's.

    results/ab/abcd…/1234…/results.json      a digest of the rest; what the runs used; what they gave
                          /curve.es.png      a picture, whose SHA-1 is in results.json
                          /pictures.json     size and times of the pictures when they were last read and checked
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.read.article import Article
from pipeline.run.libraries import ABSENT
from pipeline.run.needs import Present, digest_of, well_formed
from pipeline.run.record import EnvironmentRecord, Record
from pipeline.run.settings import RunSettings
from pipeline.run.surroundings import CODE, surroundings

FORMAT = 2  # goes up when an entry changes
TEMPORARY = (".new-", ".old-")  # how the names of folders begin that are being written or removed
RESULTS = "results.json"
CHECKED = "pictures.json"
_CANDIDATES = 16  # entries of a key that are looked at, those last used first
_TICK = 100_000_000  # nanoseconds in which a file may change without its times telling
_FIGURE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic's record, the record of its second run if there was one, and the folder its pictures are in.

    `needs` and `second_needs` are what the runs used; `key` identifies everything the results depend on.
    """

    record: Record
    second: Record | None
    folder: Path
    key: str
    needs: Mapping[str, str]
    second_needs: Mapping[str, str]


def picture_path(folder: Path, figure: str, language: str) -> Path:
    """Return where an entry keeps a figure as drawn for one language. Raises ValueError for what is no such name."""
    if not _FIGURE.fullmatch(figure) or not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{figure!r} in {language!r} can be no picture's name")
    return folder / f"{figure}.{language}.png"


def foundation(settings: RunSettings, code: Path = CODE) -> str:
    """Return a hash of what all topics depend on, whatever they use."""
    return _digest({"format": FORMAT, **surroundings(settings, code)})


def present(settings: RunSettings, code: Path = CODE) -> Present:
    """Return how files and libraries are now."""
    if not (code / "runtime").is_dir():
        raise RunError("the package `runtime` is not installed", "run ./script/publish, which sets everything up")
    folders = {name: code / name for name in ("runtime", "pipeline")}
    return Present(folders | ({"project": settings.root} if settings.root else {}) | {"code": code})


def key_of(article: Article, languages: tuple[str, ...], foundation: str) -> str:
    """Return the key of a topic's results. It does not change when cells only move within their file."""
    return _digest(
        {
            "foundation": foundation,
            "cells": [[cell.label, cell.source] for cell in article.cells],
            "language": article.source.language,
            "labels": {language: dict(article.drawn_labels[language]) for language in languages},
        }
    )


def load(cache: Path, key: str, present: Present) -> Entry | None:
    """Return the entry whose needs are all as they were, or None when there is none or when it is damaged.

    The second run is left out when only what that one used has changed.
    """
    for folder in _candidates(cache, key):
        entry = read(folder, key, present)
        if entry is not None:
            with suppress(OSError):
                os.utime(folder / RESULTS)  # used now
            return entry
    return None


def read(folder: Path, key: str, present: Present | None = None) -> Entry | None:
    """Return the entry in a folder, whole and undamaged, or None; without `present` whatever it needs."""
    try:
        digest, needs, second_needs, body = (folder / RESULTS).read_bytes().split(b"\n", 3)
        if digest.decode() != _digest_of_parts(key, needs, second_needs, body):
            return None
        first, again = json.loads(needs), json.loads(second_needs)
        if not (well_formed(first) and well_formed(again)) or (present is not None and not present.hold(first)):
            return None
        records = json.loads(body)
        entry = Entry(records["record"], records["second"], folder, full_key(key, first), first, again)
        if not _pictures_are_whole(entry):
            return None
        if present is not None and entry.second is not None and not present.hold(again):
            return replace(entry, second=None, second_needs={})
        return entry
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # damaged, so it is computed again and replaced


def store(
    cache: Path,
    key: str,
    record: Record,
    second: Record | None,
    pictures: Mapping[tuple[str, str], bytes],
    present: Present,
) -> Entry:
    """Keep a topic's results in one step: a reader sees all of an entry or nothing of it."""
    needs = present.stated(record["needs"])
    again = present.stated(second["needs"]) if second else {}
    entry = Entry(record, second, folder_of(cache, key, needs), full_key(key, needs), needs, again)
    put(entry, key, pictures)
    return entry


def put(entry: Entry, key: str, pictures: Mapping[tuple[str, str], bytes]) -> None:
    """Write an entry where it belongs, unless another build was quicker with the same; what is damaged is replaced."""
    folder = entry.folder
    fresh = _new_folder(folder.parent)
    try:
        for (name, language), picture in pictures.items():
            picture_path(fresh, name, language).write_bytes(picture)
        (fresh / RESULTS).write_bytes(_written(entry, key))
        fresh.chmod(0o755)
        while not _rename(fresh, folder):
            there = read(folder, key)
            if there is not None and _same(there, entry):
                return
            remove(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _same(there: Entry, entry: Entry) -> bool:
    """Say whether an entry may stand for another of the same needs: its pictures are those that ours speaks of."""
    return there.record["figures"] == entry.record["figures"] and (there.second is not None or entry.second is None)


def remove(folder: Path) -> bool:
    """Take an entry out in one step, so that nobody reads half of one; False when somebody else was quicker."""
    try:
        away = Path(tempfile.mkdtemp(prefix=TEMPORARY[1], dir=folder.parent))
    except OSError:
        return False
    try:
        folder.rename(away)
    except OSError:
        return False
    finally:
        shutil.rmtree(away, ignore_errors=True)
    return True


def add_second(entry: Entry, key: str, second: Record, present: Present) -> Entry:
    """Keep the record of a second run beside that of the first."""
    entry = replace(entry, second=second, second_needs=present.stated(second["needs"]))
    _replace(entry.folder / RESULTS, _written(entry, key))
    return entry


def empty(settings: RunSettings, key: str, present: Present) -> Entry:
    """Return the entry of a topic without cells: there is nothing to run, and nothing that could come out otherwise."""
    versions = {name: present.version(name).partition(" ")[0] for name in ("numpy", "torch", "matplotlib")}
    for name, version in versions.items():
        if version == ABSENT:
            raise RunError(f"{name} is not installed", "run ./script/publish, which sets everything up")
    record = Record(
        values={},
        figures={},
        outputs={},
        checks=[],
        environment=EnvironmentRecord(
            python=platform.python_version(),
            numpy=versions["numpy"],
            torch=versions["torch"],
            matplotlib=versions["matplotlib"],
            device=settings.device,
            system=f"{platform.system()} {platform.machine()}",
        ),
        seconds=0.0,
        peak_bytes=0,
        computed=datetime.now(UTC).date().isoformat(),
        needs=[],
    )
    return Entry(record, record, settings.cache, key, {}, {})


def read_pictures(entry: Entry) -> dict[tuple[str, str], bytes]:
    """Return the pictures of an entry by figure and language."""
    return {(name, language): path.read_bytes() for name, language, path, _ in _pictures(entry)}


def full_key(key: str, needs: Mapping[str, str]) -> str:
    """Return the key of results with everything that they used."""
    return _digest([key, digest_of(needs)])


def _candidates(cache: Path, key: str) -> list[Path]:
    """Return the entries of a key, the one that was used last first."""
    found: list[tuple[int, Path]] = []
    with suppress(OSError), os.scandir(folder_of(cache, key, None)) as entries:
        for entry in entries:
            if not entry.name.startswith(TEMPORARY):
                with suppress(OSError):
                    found.append(((Path(entry.path) / RESULTS).stat().st_mtime_ns, Path(entry.path)))
    return [path for _, path in sorted(found, reverse=True)[:_CANDIDATES]]


def _pictures(entry: Entry) -> Iterator[tuple[str, str, Path, str]]:
    """Yield figure, language, file and SHA-1 of each picture."""
    for name, figure in entry.record["figures"].items():
        for language, image in figure["images"].items():
            yield name, language, picture_path(entry.folder, name, language), image["sha1"]


def _pictures_are_whole(entry: Entry) -> bool:
    """Hold each picture against its digest; those that were before, and whose size and times have not changed since,
    are not read."""
    checked = entry.folder / CHECKED
    looked, known = 0, {}
    with suppress(OSError, ValueError):
        looked, known = checked.stat().st_mtime_ns, json.loads(checked.read_bytes())
    seen: dict[str, list[Any]] = {}
    for _, _, path, sha1 in _pictures(entry):
        stat = path.stat()
        seen[path.name] = [sha1, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
        if max(stat.st_mtime_ns, stat.st_ctime_ns) > looked - _TICK:
            looked = 0
        if (not looked or known.get(path.name) != seen[path.name]) and (
            hashlib.sha1(path.read_bytes()).hexdigest() != sha1
        ):
            return False
    if seen and (not looked or known != seen):
        with suppress(OSError):
            _replace(checked, json.dumps(seen).encode())
    return True


def _new_folder(parent: Path) -> Path:
    while True:
        parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # it was empty, and an eviction has removed it
            return Path(tempfile.mkdtemp(prefix=TEMPORARY[0], dir=parent))


def _rename(folder: Path, target: Path) -> bool:
    """Give a folder its name; False when there is something of this name already."""
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise
        return False
    return True


def _replace(path: Path, content: bytes) -> None:
    """Write a file of an entry in one step, unless the entry is gone: it is computed again by whoever needs it."""
    beside = path.parent.parent  # what a killed build leaves must not lie in an entry
    with suppress(FileNotFoundError):
        with tempfile.NamedTemporaryFile(prefix=TEMPORARY[0], dir=beside, delete=False) as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
        try:
            Path(file.name).replace(path)
        finally:
            Path(file.name).unlink(missing_ok=True)


def _written(entry: Entry, key: str) -> bytes:
    """Return the content of an entry's file; what the records used stands in front, in the words of the cache."""
    body = {
        "record": {**entry.record, "needs": []},
        "second": {**entry.second, "needs": []} if entry.second else None,
    }
    parts = [json.dumps(part).encode() for part in (entry.needs, entry.second_needs, body)]
    return b"\n".join([_digest_of_parts(key, *parts).encode(), *parts])


def _digest_of_parts(key: str, *parts: bytes) -> str:
    return hashlib.sha256(b"\n".join([key.encode(), *parts])).hexdigest()


def folder_of(cache: Path, key: str, needs: Mapping[str, str] | None) -> Path:
    folder = cache / "results" / key[:2] / key
    return folder if needs is None else folder / digest_of(needs)


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
