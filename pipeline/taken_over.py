"""articles/pulled.json: people's revisions whose words are in the sources, or were left out knowingly.

Committed and reviewed like the sources. The bot may build on exactly these revisions as it builds on its own.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import MaroviError

FILE = Path("articles") / "pulled.json"
SHA1 = re.compile(r"[0-9a-f]{40}")
REMEDY = "take it from git, or delete it and run `marovi pull` again"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """One revision of a page, by somebody else than the bot."""

    revision: int
    sha1: str  # of its text, hex
    commit: str = ""  # that the page names: it stays while nothing else of the page changes


def read_taken_over(root: Path) -> dict[str, TakenOver]:
    """Return title -> revision, nothing where there is no file. Raises MaroviError when it is damaged."""
    try:
        held = json.loads((root / FILE).read_text(encoding="utf-8"))
        return {str(title): entry_of(entry) for title, entry in held.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise MaroviError(f"{FILE.as_posix()} cannot be read ({error})", REMEDY) from error


def write_taken_over(root: Path, record: Mapping[str, TakenOver]) -> None:
    """Write the file in one step, sorted by title."""
    held = {title: asdict(record[title]) for title in sorted(record)}
    path = root / FILE
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    temporary.replace(path)


def entry_of(held: Mapping[str, object]) -> TakenOver:
    """One entry as JSON holds it. Raises ValueError or KeyError where it is none."""
    revision, sha1, commit = held["revision"], held["sha1"], held.get("commit", "")
    if not isinstance(revision, int) or revision <= 0 or not SHA1.fullmatch(str(sha1)) or not isinstance(commit, str):
        raise ValueError(f"{held!r} names no revision")
    return TakenOver(revision, str(sha1), commit)
