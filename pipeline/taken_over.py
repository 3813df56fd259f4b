"""articles/pulled.json: people's revisions whose words are in the sources, or were left out knowingly, wiki by wiki.

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
ANY = ""  # the wiki of entries that older versions wrote, which do not say where they were found


@dataclass(frozen=True, slots=True)
class TakenOver:
    """One revision of a page, by somebody else than the bot."""

    revision: int
    sha1: str  # of its text, hex
    commit: str = ""  # that the page names: it stays while nothing else of the page changes


Record = Mapping[str, Mapping[str, TakenOver]]  # wiki -> title -> revision


def on_wiki(record: Record, wiki: str) -> dict[str, TakenOver]:
    """Title -> the revision that was taken over from this wiki, or from one that the record does not name."""
    return {**record.get(ANY, {}), **record.get(wiki, {})}


def with_revision(record: Record, wiki: str, title: str, taken: TakenOver) -> Record:
    """The record with one more revision, which takes the place of an older one of that page."""
    held = {name: dict(entries) for name, entries in record.items()}
    held.setdefault(wiki, {})[title] = taken
    return held


def read_taken_over(root: Path) -> Record:
    """Return what was taken over, nothing where there is no file. Raises MaroviError when it is damaged."""
    try:
        held = json.loads((root / FILE).read_text(encoding="utf-8"))
        return record_of(held)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise MaroviError(f"{FILE.as_posix()} cannot be read ({error})", REMEDY) from error


def write_taken_over(root: Path, record: Record) -> None:
    """Write the file in one step, sorted by wiki and title."""
    path = root / FILE
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps(as_json(record), ensure_ascii=False, indent=1) + "\n"
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def as_json(record: Record) -> dict[str, dict[str, object]]:
    """The record as JSON holds it, sorted, without wikis that have no entry."""
    return {
        wiki: {title: asdict(entries[title]) for title in sorted(entries)}
        for wiki, entries in sorted(record.items())
        if entries
    }


def record_of(held: Mapping[str, Mapping[str, object]]) -> Record:
    """The record that `as_json` gave, or one of the older form: title -> revision, for any wiki.

    Raises ValueError, KeyError, TypeError or AttributeError where it is none.
    """
    record: dict[str, dict[str, TakenOver]] = {}
    for name, entries in held.items():
        if "sha1" in entries and not isinstance(entries["sha1"], Mapping):
            record.setdefault(ANY, {})[str(name)] = entry_of(entries)
            continue
        for title, entry in entries.items():
            record.setdefault(str(name), {})[str(title)] = entry_of(entry)  # type: ignore[arg-type]  # judged there
    return record


def entry_of(held: Mapping[str, object]) -> TakenOver:
    """One entry as JSON holds it. Raises ValueError, KeyError or TypeError where it is none."""
    revision, sha1, commit = held["revision"], held["sha1"], held.get("commit", "")
    if not isinstance(revision, int) or revision <= 0 or not SHA1.fullmatch(str(sha1)) or not isinstance(commit, str):
        raise ValueError(f"{held!r} names no revision")
    return TakenOver(revision, str(sha1), commit)
