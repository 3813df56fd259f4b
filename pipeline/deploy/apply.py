"""Carry a plan out: one change at a time, in its order; it can be killed at any instant and run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from pipeline.deploy.answers import Refused
from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.live import LiveFile, LivePage
from pipeline.deploy.moving import bring_back, move, prune
from pipeline.deploy.plan import Change, Plan
from pipeline.deploy.read_wiki import read_hashes
from pipeline.deploy.saving import FATAL, save
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp
from pipeline.deploy.uploading import upload
from pipeline.errors import WikiError
from pipeline.render.page import File, Page

TRANSLATED = frozenset({"topic", "summary", "glossary", "list"})
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
    try:
        for change in plan.changes:
            result = _one(session, change, stamp)
            if change.sets_language and not notes and result.outcome not in ("conflict", "failed"):
                result = _set_language(session, change, result, stamp, notes)
            done.append(result)
            progress(result, len(done), len(plan.changes) + len(plan.pruned))
        if plan.prune:
            done += bring_back(session, stamp)
        for orphan in plan.pruned:
            done.append(prune(session, orphan, stamp))
            progress(done[-1], len(done), len(plan.changes) + len(plan.pruned))
        _purge(session, plan, done)
        done = _verified(session, plan, done)
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
    created = {one.title for one in done if one.outcome in ("created", "moved")}
    families: dict[str, list[str]] = {}
    for change in plan.changes:
        if change.kind in TRANSLATED:
            families.setdefault(_family(change), []).append(change.title)
    stale = [title for titles in families.values() if len(titles) > 1 and created & {*titles} for title in titles]
    if stale:
        # Its caches count whole seconds: what somebody looked at within the same second would pass for fresh.
        session.pause(1.0)
    for start in range(0, len(stale), session.limit):
        titles = "\x1f" + "\x1f".join(stale[start : start + session.limit])
        session.write(repeatable=True, action="purge", titles=titles)


def _family(change: Change) -> str:
    """What a page and its translations have in common."""
    return change.title.removesuffix(f"/{change.wanted.language}")


def _verified(session: Session, plan: Plan, done: Iterable[Done]) -> list[Done]:
    """Compare what the wiki stored with what was sent, many revisions a request."""
    sent = {change.title: change.wanted.sha1 for change in plan.changes}
    saved = [one for one in done if one.outcome in ("created", "updated", "moved")]
    stored = read_hashes(session, [one.revision for one in saved])
    note = "the wiki stored another text than was sent; an extension or the text's own form changed it"
    wrong = {one.title for one in saved if stored.get(one.revision, sent[one.title]) != sent[one.title]}
    return [replace(one, outcome="failed", note=note) if one.title in wrong else one for one in done]
