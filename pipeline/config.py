"""The settings of a project: `[tool.marovi]` in pyproject.toml, checked, with every default in one place."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigurationError, suggest

UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """One wiki of `[tool.marovi.targets.NAME]`; its secret comes from the environment."""

    name: str
    url: str
    user: str = ""  # Name@app; empty with an OAuth token
    rate: float = 0.0  # edits a minute at most, 0 for no limit of ours
    tag: str = "marovi"  # of the bot's edits, where the wiki has it


@dataclass(frozen=True, slots=True)
class Config:
    """Where things are and how far article code may go."""

    root: Path
    languages: tuple[str, ...] = ("en", "es", "zh")  # the first one is the language of the sources
    time_limit: float = 60.0  # seconds a topic's cells may take
    memory_limit: int = 4 * 2**30  # bytes a topic's process may hold above an idle one
    output_limit: int = 200_000  # bytes a topic's cells may print
    workers: int = 2  # topics that run side by side
    # What does not change what comes out, no digest of settings needs.
    require_sandbox: bool = dataclasses.field(default=False, repr=False)  # run nothing where a protection is missing
    executor: str = dataclasses.field(default="local", repr=False)  # where topics run: "local" or "dask=ADDRESS"
    cache_limit: int = dataclasses.field(default=2 * 2**30, repr=False)  # bytes of results that are kept
    shared_cache: str = dataclasses.field(default="", repr=False)  # a folder or a URL that others read and fill too
    keep: float = dataclasses.field(default=600.0, repr=False)  # seconds processes wait for the next build, 0: none do
    keep_memory: int = dataclasses.field(default=2 * 2**30, repr=False)  # bytes that their copies may hold in all
    targets: Mapping[str, TargetSettings] = dataclasses.field(default_factory=dict)  # wikis by name

    @property
    def source_language(self) -> str:
        return self.languages[0]

    @property
    def state(self) -> Path:
        """What the project keeps between runs and git ignores."""
        return self.root / ".marovi"

    @property
    def cache(self) -> Path:
        return self.state / "cache"

    @property
    def build(self) -> Path:
        return self.root / "build"


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds a project.

    Raises ConfigurationError when there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "articles").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise ConfigurationError(
        f"{start} is not inside a Marovi project", "run this in a folder with pyproject.toml and articles/"
    )


def load(root: Path) -> Config:
    """Read the settings of the project at `root`.

    Raises ConfigurationError for a setting that is unknown or of the wrong kind.
    """
    path = root / "pyproject.toml"
    try:
        tool = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
        settings = tool.get("marovi", {}) if isinstance(tool, dict) else None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"pyproject.toml cannot be read: {error}") from error
    if not isinstance(settings, dict):
        raise ConfigurationError("pyproject.toml: [tool.marovi] is not a table", "write its settings below that line")
    readers = {
        "languages": _languages,
        "time_limit": _positive,
        "memory_limit": _size,
        "output_limit": _size,
        "workers": _count,
        "keep": _seconds,
        "keep_memory": _size,
        "require_sandbox": _flag,
        "executor": _executor,
        "cache_limit": _size,
        "shared_cache": _place,
        "targets": _targets,
    }
    values: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in readers:
            raise ConfigurationError(f"pyproject.toml: [tool.marovi] has no setting {key!r}", suggest(key, readers))
        values[key] = readers[key](key, value)
    return Config(root=root, **values)


def _languages(key: str, value: object) -> tuple[str, ...]:
    if (
        isinstance(value, list)
        and value
        and len(set(map(str, value))) == len(value)
        and all(isinstance(code, str) and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code) for code in value)
    ):
        return tuple(value)
    raise _wrong(key, value, 'a list of different language codes such as ["en", "es"]')


def _positive(key: str, value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        return float(value)
    raise _wrong(key, value, "a number of seconds above 0")


def _seconds(key: str, value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise _wrong(key, value, "a number of seconds, or 0")


def _count(key: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise _wrong(key, value, "a whole number above 0")


def _flag(key: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(key, value, "true or false")


def _size(key: str, value: object) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)", value) if isinstance(value, str) else None
    if match and match[2] in UNITS and float(match[1]) > 0:
        return int(float(match[1]) * UNITS[match[2]])
    raise _wrong(key, value, 'a size such as "4 GiB" or "200 kB"')


def _executor(key: str, value: object) -> str:
    if isinstance(value, str) and value.partition("=")[0] in ("local", "dask"):
        return value
    raise _wrong(key, value, '"local" or "dask=ADDRESS"')


def _place(key: str, value: object) -> str:
    if isinstance(value, str) and value.strip() == value:
        return value
    raise _wrong(key, value, 'a folder or a URL such as "s3://bucket/marovi"')


def _targets(key: str, value: object) -> dict[str, TargetSettings]:
    if not isinstance(value, dict):
        raise _wrong(key, value, "a table for each wiki: [tool.marovi.targets.staging]")
    return {name: _target(name, table) for name, table in value.items()}


def _target(name: str, table: object) -> TargetSettings:
    place = f"pyproject.toml: [tool.marovi.targets.{name}]"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or not isinstance(table, dict):
        raise ConfigurationError(f"{place} is not a wiki", "name it in letters and digits, with its settings below")
    kinds = {"url": str, "user": str, "rate": (int, float), "tag": str}
    for key, value in table.items():
        if key not in kinds:
            raise ConfigurationError(f"{place} has no setting {key!r}", suggest(key, kinds))
        if isinstance(value, bool) or not isinstance(value, kinds[key]):  # type: ignore[arg-type]
            raise ConfigurationError(f"{place} {key} = {value!r} is not understood", "see docs/publishing.md")
    if not table.get("url"):
        raise ConfigurationError(f"{place} has no url", 'give url = "https://wiki.example.org/w/"')
    if table.get("rate", 0) < 0:
        raise ConfigurationError(f"{place} rate is negative", "give the edits a minute, or leave it out")
    return TargetSettings(name, **table)


def _wrong(key: str, value: object, wanted: str) -> ConfigurationError:
    return ConfigurationError(f"pyproject.toml: [tool.marovi] {key} = {value!r} is not understood", f"give {wanted}")
