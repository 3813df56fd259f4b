"""What the results of a process would depend on: client and worker must have the same before anything runs."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from pipeline.run.settings import RunSettings
from pipeline.run.surroundings import CODE, surroundings

LIBRARIES = ("numpy", "torch", "matplotlib", "babel", "distributed")
PACKAGES = ("pipeline.run", "runtime")  # the code that has a part in results
_LENGTH = 12  # hexadecimal digits of a digest that are shown
_LONGEST = 60  # characters of a value that are shown


def identity(settings: RunSettings) -> dict[str, str]:
    """Name everything that a topic's results depend on besides the topic; the parts' names are words for people.

    `settings.cache` is a folder of this machine. Where the package `pipeline.run` was changed since this process loaded
    it, that is part of it: such a process is like no other.
    """
    found = {
        **{name: _word(value) for name, value in surroundings(settings, CODE).items()},
        **{name: _version(name) for name in LIBRARIES},
        **{f"package {name}": digest_of_package(name) for name in PACKAGES},
    }
    if found["package pipeline.run"] != _LOADED:
        found["package pipeline.run"] += f" on disk but {_LOADED} loaded (restart it)"
    return found


def mismatches(worker: str, theirs: Mapping[str, str], ours: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each part in which a worker's identity is not ours, naming the worker."""
    return tuple(
        f"the Dask worker {worker} has {name}: {theirs.get(name, 'none')}, this machine has {ours.get(name, 'none')}"
        for name in {**ours, **theirs}
        if theirs.get(name) != ours.get(name)
    )


def digest_of_package(name: str) -> str:
    """Hash the files of a package, found without importing it; "none" when it is not installed."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        return "none"
    folder = Path(found.origin).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_LENGTH]


def _word(value: object) -> str:
    """A value as one line of bearable length that differs where the value does."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({digest})"


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


# Taken when a worker first imports this: what is on disk may change later, what is loaded does not.
_LOADED = digest_of_package("pipeline.run")
