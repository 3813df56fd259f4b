"""Which revisions the last `marovi pull` showed: an author can settle only an edit that was looked at."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from pipeline.deploy.drift import Drift
from pipeline.errors import MaroviError
from pipeline.taken_over import TakenOver, entry_of

NAME = "pull.json"
COMMIT = re.compile(r"^\| commit = ([0-9a-f]+)$", re.MULTILINE)


def revision_of(drift: Drift) -> TakenOver | None:
    """The revision of a person that stands on the wiki, None where its author's edit is not known."""
    if not drift.edits or not drift.edits[0].revision:
        return None
    commit = COMMIT.search(drift.now)
    digest = hashlib.sha1(drift.now.encode()).hexdigest()
    return TakenOver(drift.edits[0].revision, digest, commit[1] if commit else "")


def remember(state: Path, wiki: str, drifts: Iterable[Drift]) -> None:
    """Note what was shown of the wiki at that address."""
    held = _read(state)
    shown = {drift.title: revision for drift in drifts if (revision := revision_of(drift)) is not None}
    held[wiki] = {**held.get(wiki, {}), **{title: asdict(revision) for title, revision in shown.items()}}
    state.mkdir(parents=True, exist_ok=True)
    temporary = state / f".{NAME}.{os.getpid()}"
    temporary.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(state / NAME)


def settled(state: Path, wiki: str, drift: Drift) -> TakenOver:
    """The revision of this page that an author looked at. Raises MaroviError where somebody edited it since."""
    held = _read(state).get(wiki, {}).get(drift.title)
    now = revision_of(drift)
    if held is None or now is None:
        raise MaroviError(f"nobody looked at the edit of {drift.title!r} yet", f"run `marovi pull {drift.title!r}`")
    if entry_of(held) != now:
        who = drift.edits[0].user
        raise MaroviError(
            f"{drift.title!r} was edited again, by {who}", f"look at it with `marovi pull {drift.title!r}` first"
        )
    return now


def _read(state: Path) -> dict[str, dict[str, Mapping[str, object]]]:
    try:
        held = json.loads((state / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}
