"""How pages stand, as queries: what waits for a translator, since when, and how far numbers were verified."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipeline.memo import git, reading
from pipeline.memo.engine import Memo, query
from pipeline.memo.inputs import text
from pipeline.memo.reading import SUMMARY
from pipeline.translate.history import changed_since, states
from pipeline.translate.marks import marks
from pipeline.verify.accepted import NAME


@query
def outdated_since(memo: Memo, slug: str, part: str, language: str) -> Mapping[str, int | None]:
    """Outdated section -> when its source moved on, in seconds since 1970.

    0 where that is in no commit yet, None where git does not tell.
    """
    names = reading.outdated(memo, slug, part, language)
    if not names:
        return {}
    stamps = reading.metadata(memo, slug, part, language).translated_from
    source = memo.given.config.source_language
    file, known = reading.file_of(memo, slug, part, source), reading.known(memo, source)
    # The file as it is now is not among them: it is what made these sections outdated.
    committed = states(memo.given.root, file, known, part == SUMMARY) if git.head(memo) else iter(())
    return changed_since(committed, {name: stamps.get(name, "") for name in names})


@query
def marks_of(memo: Memo, name: str) -> int:
    """How many places of a file wait for a translator."""
    return sum(1 for _ in marks(text(memo, name), name))


@query
def accepted_level(memo: Memo, slug: str) -> str:
    """The level in results.json, "" where there is none or it cannot be read."""
    try:
        level = json.loads(text(memo, f"{reading.folder_of(memo, slug)}/{NAME}"))["level"]
    except (ValueError, KeyError, TypeError):
        return ""  # that it is damaged is a problem of its own
    return level if isinstance(level, str) else ""
