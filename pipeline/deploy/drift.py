"""Drift: what people changed on the wiki since the bot's last revision of a page, or version of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pipeline.deploy.changes import Change, Plan
from pipeline.deploy.live import HIDDEN
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import is_whole
from pipeline.render.page import Page


@dataclass(frozen=True, slots=True)
class Edit:
    """One revision by somebody else, or one version of a file."""

    revision: int  # 0 of a file
    user: str
    timestamp: str  # ISO 8601
    comment: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A page that is not as the bot left it."""

    title: str
    source: str
    edits: tuple[Edit, ...]  # the newest first
    before: str  # the bot's last text; "" when it has none there
    now: str
    taken_over: bool = False  # the sources already say the same
    versions: tuple[str | None, ...] = ()  # the text after each edit, None where it is hidden

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "versions"}


def drift_of(session: Session, plan: Plan) -> tuple[Drift, ...]:
    """Read the history of each page and file that a person changed last, back to what the bot wrote last."""
    changes = plan.having("conflict", "adopt")
    return tuple(
        _drift(session, change) if isinstance(change.wanted, Page) else _drift_of_file(session, change)
        for change in changes
    )


def _drift_of_file(session: Session, change: Change) -> Drift:
    """The versions of a file since the bot's last one; a picture has no text to compare."""
    wanted: dict[str, Any] = {"titles": change.title, "prop": "imageinfo", "iiprop": "user|timestamp|comment"}
    answer = session.read(action="query", **wanted, iilimit="max")
    edits: list[Edit] = []
    for entry in (entry for page in answer["query"].get("pages", ()) for entry in page.get("imageinfo", ())):
        if entry.get("user") == session.user:
            break
        edits.append(Edit(0, entry.get("user") or HIDDEN, entry["timestamp"], entry.get("comment") or ""))
    return Drift(change.title, change.wanted.source, tuple(edits), "", "", change.action == "adopt")


def _drift(session: Session, change: Change) -> Drift:
    wanted: dict[str, Any] = {
        "action": "query", "titles": change.title, "prop": "revisions",
        "rvprop": "ids|user|timestamp|comment|content", "rvslots": "main", "rvlimit": 50,
    }  # fmt: skip
    edits: list[Edit] = []
    texts: list[str | None] = []
    before = ""
    while True:
        answer = session.read(**wanted)
        revisions = [entry for page in answer["query"].get("pages", ()) for entry in page.get("revisions", ())]
        for entry in revisions:
            text = entry.get("slots", {}).get("main", {}).get("content")
            texts.append(text)
            if is_whole(entry.get("user"), entry.get("comment"), entry["parentid"], session.user):
                before = text or ""
                break
            edits.append(
                Edit(entry["revid"], entry.get("user") or HIDDEN, entry["timestamp"], entry.get("comment") or "")
            )
        else:
            if "rvcontinue" in answer.get("continue", {}):
                wanted["rvcontinue"] = answer["continue"]["rvcontinue"]
                continue
        break
    adopted = change.action == "adopt"
    now = texts[0] if texts else ""
    return Drift(
        change.title, change.wanted.source, tuple(edits), before, now or "", adopted, tuple(texts[: len(edits)])
    )
