"""Carry a plan out: one change at a time, in order, each so that nobody's words can be lost."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipeline.deploy.live import LivePage, read_live
from pipeline.deploy.plan import Change, Plan
from pipeline.deploy.session import NoAnswer, Refused, Session
from pipeline.errors import WikiError
from pipeline.render.page import File, Page

Outcome = Literal["created", "updated", "uploaded", "unchanged", "adopted", "conflict", "failed"]
HARMLESS = {"exists", "duplicate", "was-deleted", "duplicate-archive", "nochange", "no-change"}
TAKEN = {"editconflict", "articleexists", "missingtitle", "pagedeleted"}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one page or file."""

    title: str
    outcome: Outcome
    revision: int = 0
    note: str = ""
    language_set: bool = False


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a deployment did, page by page, in the order in which it was done."""

    id: str
    target: str
    commit: str
    done: tuple[Done, ...]

    def having(self, *outcomes: Outcome) -> tuple[Done, ...]:
        return tuple(one for one in self.done if one.outcome in outcomes)


def apply(
    session: Session, plan: Plan, commit: str, progress: Callable[[Done, int, int], None] = lambda *_: None
) -> Deployment:
    """Do what the plan says. It can be killed at any instant and run again with a new plan.

    Raises WikiError when the wiki cannot be reached or refuses the bot altogether; what was done until then stays.
    """
    number = deployment_id(plan, commit)
    done: list[Done] = []
    changed: set[str] = set()
    for change in plan.changes:
        result = _one(session, change, commit, number)
        if change.sets_language and result.outcome not in ("conflict", "failed"):
            result = replace(result, language_set=True)
            session.write(action="setpagelanguage", title=change.title, lang=change.wanted.language)
        if result.outcome in ("created", "updated"):
            changed.add(change.title)
        done.append(result)
        progress(result, len(done), len(plan.changes))
    _purge(session, plan, changed)
    return Deployment(number, plan.target, commit, tuple(done))


def deployment_id(plan: Plan, commit: str) -> str:
    """The id that every edit's summary carries: the same for the same plan and commit."""
    digest = hashlib.sha256(f"{plan.target} {commit}".encode())
    for change in plan.changes:
        digest.update(f"{change.title} {change.action} {change.wanted.sha1}\n".encode())
    return digest.hexdigest()[:12]


def _one(session: Session, change: Change, commit: str, number: str) -> Done:
    match change.action:
        case "unchanged":
            return Done(change.title, "unchanged")
        case "adopt":
            return Done(change.title, "adopted", note=f"last edited by {change.live.user}, with our text")
        case "conflict":
            return Done(change.title, "conflict", note=f"last edited by {change.live.user or 'somebody hidden'}")
    summary = f"[deploy-bot] {change.wanted.source or change.kind} ({commit or 'not committed'}) {number}"
    try:
        if isinstance(change.wanted, File):
            return _upload(session, change.wanted, summary)
        assert isinstance(change.live, LivePage)
        return _save(session, change.wanted, change.live, summary)
    except Refused as error:
        if error.code in TAKEN:
            return Done(change.title, "conflict", note=f"changed by somebody meanwhile ({error.code})")
        if error.code in ("blocked", "autoblocked", "permissiondenied", "readonly", "writeapidenied"):
            raise
        return Done(change.title, "failed", note=str(error))


def _save(session: Session, page: Page, live: LivePage, summary: str) -> Done:
    """Save a page on top of the very revision that the plan saw, and look at what the wiki made of it."""
    parameters: dict[str, Any] = {
        "action": "edit",
        "title": page.title,
        "text": page.text,
        "summary": summary,
        "bot": 1,
        "md5": hashlib.md5(page.text.encode()).hexdigest(),
    }
    parameters |= {"baserevid": live.revision, "nocreate": 1} if live.revision else {"createonly": 1}
    outcome: Outcome = "updated" if live.revision else "created"
    try:
        edit = session.write(**parameters)["edit"]
    except NoAnswer:
        return _read_back(session, page, live, outcome)
    if edit.get("result") != "Success":
        return Done(page.title, "failed", note=f"the wiki did not save it ({edit.get('code') or edit.get('result')})")
    if "nochange" in edit:
        return Done(page.title, "unchanged")
    if live.revision and edit.get("oldrevid") != live.revision:
        return _undo_merge(session, page, edit, summary)
    return Done(page.title, outcome, edit["newrevid"])


def _read_back(session: Session, page: Page, live: LivePage, outcome: Outcome) -> Done:
    """The save's answer never came: what stands there now says whether it was carried out."""
    now = read_live(session, [page.title], []).pages[page.title]
    if now.revision != live.revision and now.user == session.user and now.sha1 == page.sha1:
        return Done(page.title, outcome, now.revision, "the wiki's answer was lost; the page was read back")
    if now.revision == live.revision:
        return Done(page.title, "failed", note="the wiki's answer was lost and nothing was saved; run it again")
    return Done(page.title, "conflict", note=f"changed by {now.user} meanwhile")


def _undo_merge(session: Session, page: Page, edit: dict[str, Any], summary: str) -> Done:
    """MediaWiki merged our text into an edit that a person made meanwhile: put that edit back on top, whole."""
    theirs = edit["oldrevid"]
    answer = session.read(action="query", revids=theirs, prop="revisions", rvprop="content|user", rvslots="main")
    revision = answer["query"]["pages"][0]["revisions"][0]
    session.write(
        action="edit",
        title=page.title,
        text=revision["slots"]["main"]["content"],
        summary=f"{summary}: back to the edit of {revision['user']}, which came between",
        bot=1,
        baserevid=edit["newrevid"],
        nocreate=1,
    )
    note = f"{revision['user']} edited it in the same moment; their text was put back"
    return Done(page.title, "conflict", edit["newrevid"], note)


def _upload(session: Session, file: File, summary: str) -> Done:
    """Upload a file; warnings that the plan expects are passed over by name, any other stops it."""
    name = file.title.partition(":")[2]
    parameters: dict[str, Any] = {"action": "upload", "filename": name, "comment": summary, "text": file.text}
    try:
        upload = session.write({"file": (name, io.BytesIO(file.content), "image/png")}, **parameters)["upload"]
        if upload["result"] == "Warning":
            warnings = set(upload["warnings"])
            if "nochange" in warnings or "no-change" in warnings:
                return Done(file.title, "unchanged")
            if not warnings <= HARMLESS:
                return Done(file.title, "failed", note=f"the wiki warns: {', '.join(sorted(warnings))}")
            upload = session.write(**parameters, filekey=upload["filekey"], ignorewarnings=1)["upload"]
    except NoAnswer:
        now = read_live(session, [], [file.title]).files[file.title]
        if now.sha1 == file.sha1:
            return Done(file.title, "uploaded", note="the wiki's answer was lost; the file was read back")
        return Done(file.title, "failed", note="the wiki's answer was lost and nothing was uploaded; run it again")
    if upload["result"] != "Success":
        raise WikiError(f"uploading {file.title} gave {upload['result']}")
    return Done(file.title, "uploaded")


def _purge(session: Session, plan: Plan, changed: set[str]) -> None:
    """Refresh the other languages of pages that were created, whose LanguageBars now have one more link."""
    created = {
        change.title.rpartition("/")[0] or change.title for change in plan.having("create") if change.title in changed
    }
    stale = [
        change.title
        for change in plan.changes
        if change.title not in changed
        and change.kind in ("topic", "summary", "glossary")
        and (change.title in created or change.title.rpartition("/")[0] in created)
    ]
    for start in range(0, len(stale), session.batch):
        session.write(action="purge", titles="|".join(stale[start : start + session.batch]))
