"""Templates as they were compiled before: compiling them takes longer than filling them."""

from __future__ import annotations

from pathlib import Path

from jinja2 import BytecodeCache, FileSystemBytecodeCache


def compiled_in(folder: Path | None) -> BytecodeCache | None:
    """Keep what was compiled in `folder`, by a hash of its source; nothing is kept without one."""
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))
