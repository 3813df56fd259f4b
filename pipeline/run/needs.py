"""What results depend on besides their key: files, libraries and modules as a run used them, and as they are now.

A run tells what it used (pipeline.run.watch); its results hold for as long as all of that is as it was. These are the
"constructive traces" of Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte" (2018).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.machinery import PathFinder
from pathlib import Path

from pipeline.run.files import ABSENT, OURS, presence_of, state_of
from pipeline.run.libraries import Libraries, sites
from pipeline.run.record import NeedRecord

Needs = Mapping[str, str]  # "kind name" -> state


class Present:
    """How things are now. Everything is looked at once, so one build sees one state."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        """`folders`, "code" among them, are by their name in the cache, which knows files by the path below them."""
        self._folders = {name: folder.resolve() for name, folder in folders.items()}
        self._libraries = Libraries()
        self._states: dict[str, str] = {}

    def version(self, library: str) -> str:
        return self._libraries.version(library)

    def stated(self, used: Iterable[NeedRecord]) -> dict[str, str]:
        """Put what a run used into the words of the cache, valid in another place and on another machine."""
        found: dict[str, str] = {}
        for need in used:
            if need["kind"] == "library":
                owners = self._libraries.owners(need["name"])
                found |= {f"library {name}": self._libraries.version(name) for name in owners}
                if not owners:
                    found[f"loose {need['name']}"] = self._now("loose", need["name"])
            elif need["kind"] == "module":
                found[f"module {need['name']}"] = need["state"]
            else:
                found[f"{need['kind']} {self._named(need['name'])}"] = need["state"]
        return found

    def hold(self, needs: Needs) -> bool:
        """Say whether everything is as it was."""
        return all(self.state(need) == state for need, state in needs.items() if state != "denied")

    def state(self, need: str) -> str:
        """Return how something is now."""
        if need not in self._states:
            kind, _, name = need.partition(" ")
            self._states[need] = self._now(kind, name)
        return self._states[need]

    def _now(self, kind: str, name: str) -> str:
        if kind == "library":
            return self._libraries.version(name)
        if kind == "module":
            return ABSENT if PathFinder.find_spec(name, list(map(str, sites()))) is None else "there"
        if kind == "loose":
            return next((_state_of_tree(site / name) for site in sites() if (site / name).exists()), ABSENT)
        return (presence_of if kind == "presence" else state_of)(self._path(name))

    def _named(self, path: str) -> str:
        if path.startswith(OURS):
            path = str(self._folders["code"] / path.removeprefix(OURS))
        for name, folder in self._folders.items():
            if path.startswith(f"{folder}/"):
                return f"{name}:{path[len(str(folder)) + 1 :]}"
        return path

    def _path(self, name: str) -> str:
        folder, colon, below = name.partition(":")
        return str(self._folders[folder] / below) if colon and folder in self._folders else name


def check_needs(used: object) -> None:
    """Raise ValueError when what a worker says it used cannot be that."""
    kinds = ("file", "presence", "library", "module")
    if not isinstance(used, list) or not all(
        isinstance(need, dict)
        and need.get("kind") in kinds
        and all(isinstance(need.get(part), str) for part in ("name", "state"))
        for need in used
    ):
        raise ValueError("what it used is no list of needs")


def digest_of(needs: Needs) -> str:
    """Return one short word for all of it."""
    return hashlib.sha256(json.dumps(needs, sort_keys=True).encode()).hexdigest()[:32]


def well_formed(needs: object) -> bool:
    """Say whether what was read from a cache can be needs at all."""
    return isinstance(needs, dict) and all(isinstance(state, str) for state in needs.values())


def _state_of_tree(path: Path) -> str:
    """Return the state of a file, or of a folder with all that is in it: of code that no library owns to."""
    files: Sequence[Path] = sorted(path.rglob("*")) if path.is_dir() else [path]
    states = [
        [file.relative_to(path).as_posix(), state_of(str(file))]
        for file in files
        if file.is_file() and "__pycache__" not in file.parts
    ]
    return hashlib.sha256(json.dumps(states).encode()).hexdigest()
