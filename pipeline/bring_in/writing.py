"""Write what was brought in: whole folders at once, nothing that is there already, additions at the end of lists."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pipeline.errors import MaroviError

ADDED_TO = ("categories.yaml", "references.bib")  # what is new goes to their end


def write(files: Mapping[str, bytes], into: Path) -> None:
    """Write below `into`. A killed import leaves no half folder; raises MaroviError where something is in the way."""
    folders: dict[str, dict[str, bytes]] = {}
    for name, content in files.items():
        first, *rest = PurePosixPath(name).parts
        if rest and first != "glossary":
            folders.setdefault(first, {})["/".join(rest)] = content
    taken = [name for name in folders if (into / name).exists()]
    taken += [name for name in files if name.startswith("glossary/") and (into / name).exists()]
    if taken:
        raise MaroviError(f"{into / taken[0]} is there already", "nothing is overwritten: move it away first")
    into.mkdir(parents=True, exist_ok=True)
    for name in ADDED_TO:
        if name in files:
            _append(into / name, files[name])
    for name, content in files.items():
        if name.startswith("glossary/"):
            (into / "glossary").mkdir(exist_ok=True)
            with (into / name).open("xb") as file:
                file.write(content)
    waiting = Path(tempfile.mkdtemp(prefix=".import-", dir=into))
    try:
        for slug, inside in folders.items():
            for name, content in inside.items():
                path = waiting / slug / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            (waiting / slug).rename(into / slug)
    finally:
        shutil.rmtree(waiting)


def _append(path: Path, content: bytes) -> None:
    before = path.read_bytes() if path.is_file() else b""
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    path.write_bytes(before + gap + content)
