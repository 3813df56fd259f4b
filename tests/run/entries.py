"""Entries of the cache made by hand: what a run might have given, without running anything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pipeline.run import cache
from pipeline.run.cache import Entry
from pipeline.run.needs import Present
from pipeline.run.record import EnvironmentRecord, FigureRecord, ImageRecord, NeedRecord, Record, ValueRecord

KEY = hashlib.sha256(b"a topic").hexdigest()


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def pictures(seed: int = 0, size: int = 400) -> dict[tuple[str, str], bytes]:
    content = hashlib.sha256(str(seed).encode()).digest()
    return {("curve", language): (language.encode() + content * size)[:size] for language in ("en", "es")}


def record(seed: int = 0, needs: Mapping[str, str] | None = None, size: int = 400) -> Record:
    """What a run gives that read the files of `needs`, which are states by path."""
    images = {
        language: ImageRecord(sha1=hashlib.sha1(picture).hexdigest(), width=10, height=10)
        for (_, language), picture in pictures(seed, size).items()
    }
    return Record(
        values={"z": ValueRecord(value=seed, cell="c1"), "a": ValueRecord(value=[0.1, "ñ 温"], cell="c1")},
        figures={"curve": FigureRecord(caption="curve", cell="c1", data_sha256="0", texts=["x"], images=images)},
        outputs={},
        checks=[],
        environment=EnvironmentRecord(python="3", numpy="2", torch="2", matplotlib="3", device="cpu", system="Linux"),
        seconds=0.5,
        peak_bytes=1,
        computed="2026-01-01",
        needs=[NeedRecord(kind="file", name=name, state=state) for name, state in (needs or {}).items()],
    )


def stored(folder: Path, key: str = KEY, seed: int = 0, size: int = 400, second: bool = True) -> Entry:
    """Put an entry that needs nothing into a cache."""
    return cache.store(
        folder, key, record(seed, size=size), record(seed) if second else None, pictures(seed, size), nothing()
    )


def nothing() -> Present:
    """The present for entries that need nothing of it."""
    return Present({"code": Path("/nowhere")})
