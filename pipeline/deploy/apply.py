"""Carry a plan out: one change at a time, in its order; it can be killed at any instant and run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.deploy.answers import Refused
from pipeline.deploy.changes import Change, Plan
from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.live import HIDDEN, LiveFile, LivePage
from pipeline.deploy.moving import bring_back, move, prune
from pipeline.deploy.newest import as_it_came, uncertain
from pipeline.deploy.read_wiki import read_hashes, read_live
from pipeline.deploy.saving import FATAL, save
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp
from pipeline.deploy.uploading import upload
from pipeline.errors import WikiError
from pipeline.render.page import File, Page

NO_LANGUAGES = frozenset({"pagelang-disabled", "permissiondenied", "cantsetlanguage"})


def apply(
    session: Session, plan: Plan, stamp: Stamp, progress: Callable[[Done, int, int], None] = lambda *_: None
) -> Deployment:
    """Do what the plan says, and report what became of each page.

    A conflict or a page that the wiki does not take is reported and passed over; what concerns all pages ends it,
    and `stopped` says so. `progress` is called with what was done, its number and the number of all.
    """
    done: list[Done] = []
    notes: list[str] = []
    stopped = ""
    sent: dict[str, str] = {}  # title -> SHA-1
    total = len(plan.lost) + len(plan.changes) + len(plan.pruned)

    def did(one: Done) -> None:
        done.append(one)
        progress(one, len(done), total)

    try:
        for lost in plan.lost:
            did(bring_back(session, lost, stamp))
        for planned in plan.changes:
            change = planned if planned.names is None else _list_as_it_came(session, plan, planned, done)
            sent[change.title] = change.wanted.sha1
            result = _one(session, change, stamp)
            if change.sets_language and not notes and result.outcome not in ("conflict", "failed"):
                result = _set_language(session, change, result, stamp, notes)
            did(replace(result, kind=change.kind))
        for orphan in plan.pruned:
            did(prune(session, orphan, stamp))
        _purge(session, plan, done)
        done = _verified(session, sent, done)
    except WikiError as error:
        stopped = str(error)
    return Deployment(stamp.deployment, plan.target, stamp.commit, tuple(done), tuple(notes), stopped)


def _one(session: Session, change: Change, stamp: Stamp) -> Done:
    match change:
        case Change(action="unchanged"):
            return Done(change.title, "unchanged")
        case Change(action="adopt"):
            return Done(change.title, "adopted", note=f"the very text we want, by {change.live.user}")
        case Change(action="conflict"):
            return Done(change.title, "conflict", note=change.reason)
        case Change(action="move"):
            return move(session, change, stamp)
        case Change(wanted=File() as file, live=LiveFile() as live):
            return upload(session, file, live, stamp)
        case Change(wanted=Page() as page, live=LivePage() as live):
            return save(session, page, live, stamp)
    raise TypeError(f"a plan holds {change!r}")


def _list_as_it_came(session: Session, plan: Plan, planned: Change, done: Sequence[Done]) -> Change:
    """The list of the newest articles after the saves before it: it names what stands on the wiki by now."""
    unsure = uncertain(plan, done)
    live = planned.live
    if not unsure or not isinstance(live, LivePage) or planned.action == "conflict":
        return planned
    page = as_it_came(plan, done, read_live(session, unsure, []).pages)
    if page.sha1 == planned.wanted.sha1:
        return planned
    if page.sha1 == live.sha1:
        return replace(planned, action="unchanged", wanted=page)
    if planned.action == "adopt":
        return replace(planned, action="conflict", wanted=page, reason=f"edited by {live.user or HIDDEN}")
    return replace(planned, action="update" if live.revision else "create", wanted=page)


def _set_language(session: Session, change: Change, result: Done, stamp: Stamp, notes: list[str]) -> Done:
    language = change.wanted.language
    try:
        # Setting it twice is refused the second time, so it can be repeated.
        session.write(
            repeatable=True,
            action="setpagelanguage",
            title=change.title,
            lang=language,
            reason=stamp.summary(f"content language {language}", result.revision),
        )
    except Refused as error:
        if error.code in FATAL:
            raise
        if error.code in NO_LANGUAGES:
            notes.append(f"the wiki does not let the bot set the content language of pages ({error.code})")
        elif error.code != "pagelang-unchanged-language":
            return replace(result, note=f"{result.note}{'; ' if result.note else ''}its language is not set: {error}")
        return result
    return replace(result, language_set=True)


def _purge(session: Session, plan: Plan, done: Iterable[Done]) -> None:
    """Refresh pages of which a language was created: they were drawn when the later ones were still missing."""
    stale = plan.stale_after({one.title for one in done if one.outcome in ("created", "moved")})
    if stale:
        # Its caches count whole seconds: what somebody looked at within the same second would pass for fresh.
        session.pause(1.0)
    for start in range(0, len(stale), session.limit):
        titles = "\x1f" + "\x1f".join(stale[start : start + session.limit])
        session.write(repeatable=True, action="purge", titles=titles)


def _verified(session: Session, sent: Mapping[str, str], done: Iterable[Done]) -> list[Done]:
    """Compare what the wiki stored with what was sent (title -> SHA-1), many revisions a request."""
    saved = [one for one in done if one.outcome in ("created", "updated", "moved")]
    stored = read_hashes(session, [one.revision for one in saved])
    note = "the wiki stored another text than was sent; an extension or the text's own form changed it"
    wrong = {one.title for one in saved if stored.get(one.revision, sent[one.title]) != sent[one.title]}
    return [replace(one, outcome="failed", note=note) if one.title in wrong else one for one in done]
