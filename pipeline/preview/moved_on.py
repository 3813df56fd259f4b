"""What the source has come to say since a translation was made from it: found in git, kept in the memo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from yaml import YAMLError

from pipeline.memo import git, reading
from pipeline.memo.engine import Memo, query
from pipeline.memo.inputs import text
from pipeline.memo.reading import SUMMARY
from pipeline.translate.consequences import Consequence, consequences
from pipeline.translate.history import state_of, states, traced
from pipeline.translate.stamping import NONE, stamps_of
from pipeline.translate.text import take_apart

LOOKED_AT = 200  # commits of one source, the newest first


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The text of the source that a section was translated from."""

    commit: str
    date: str  # ISO 8601


@dataclass(frozen=True, slots=True)
class MovedOn:
    """The outdated sections of a translation, by the source's ids, and what changed in them where git knows it."""

    sections: tuple[str, ...] = ()
    origins: Mapping[str, MadeFrom] = field(default_factory=dict)
    changes: tuple[Consequence, ...] = ()


@query
def moved_on(memo: Memo, slug: str, part: str, language: str) -> MovedOn:
    """Look up what changed in the source of a page since it was translated; nothing for the source itself."""
    outdated = reading.outdated(memo, slug, part, language)
    if not outdated:
        return MovedOn()
    source = memo.given.config.source_language
    file = reading.file_of(memo, slug, part, source)
    now = text(memo, file)
    translation = text(memo, reading.file_of(memo, slug, part, language))
    known, is_summary = reading.known(memo, source), part == SUMMARY
    try:
        stamps = stamps_of(take_apart(translation).head)
    except (ValueError, YAMLError):
        return MovedOn(outdated)
    # a section that was never translated has marks that say so: nothing of its source has moved on since
    outdated = tuple(name for name in outdated if name not in stamps or stamps[name].digest != NONE)
    newest = state_of(now, known, is_summary)
    if newest is None or not git.head(memo):
        return MovedOn(outdated)
    wanted = {name: stamps[name].digest for name in outdated if name in stamps}
    history = islice(states(memo.given.root, file, known, is_summary), LOOKED_AT)
    found = traced(history, wanted) if wanted else {}
    origins = {
        name: MadeFrom(state.commit, datetime.fromtimestamp(state.when, UTC).date().isoformat())
        for name, state in found.items()
    }
    by_state = {state.commit: consequences(state, newest, translation) for state in found.values()}
    changes = [one for name, state in found.items() for one in by_state[state.commit] if one.section == name]
    return MovedOn(outdated, origins, tuple(changes))
