"""Give a page its new title, with its history and a redirect from the old one; and take away what nothing makes."""

from __future__ import annotations

from typing import Any

from pipeline.deploy.answers import NoAnswer, Refused
from pipeline.deploy.changes import Change, Orphan
from pipeline.deploy.deployment import Done, Outcome
from pipeline.deploy.live import LivePage, Lost
from pipeline.deploy.made import may_bring_back, newest_deleted
from pipeline.deploy.read_wiki import read_page
from pipeline.deploy.saving import ATTEMPTS, FATAL, save
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp
from pipeline.render.page import Page

TAKEN = frozenset({"articleexists", "missingtitle", "selfmove"})


def move(session: Session, change: Change, stamp: Stamp) -> Done:
    """Move the page, then save the text that is wanted there.

    Raises a WikiError when it makes no sense to go on with other pages.
    """
    page, origin = change.wanted, change.origin
    assert isinstance(page, Page) and origin is not None
    arrived = carry(session, origin, page.title, stamp.summary(page.source or page.kind, origin.revision))
    if isinstance(arrived, Done):
        return arrived
    if arrived.sha1 == page.sha1:
        return Done(page.title, "moved", arrived.revision, f"from {origin.title!r}")
    done = save(session, page, arrived, stamp)
    if done.outcome != "updated":
        return done
    return Done(page.title, "moved", done.revision, f"from {origin.title!r}")


def carry(session: Session, origin: LivePage, title: str, reason: str, redirect: bool = True) -> LivePage | Done:
    """Move a page that is still as `origin` says; return it under its new title, or why it is not there.

    Without `redirect` none is left, where the account may do that.
    """
    quiet = {} if redirect or "suppressredirect" not in session.rights else {"noredirect": 1}
    words: dict[str, Any] = {"from": origin.title, "to": title, "reason": reason, "movetalk": 1, **quiet}
    for attempt in range(ATTEMPTS):
        now = read_page(session, origin.title)
        if now.revision != origin.revision:
            arrived = _arrived(session, title, origin)
            note = f"{origin.title!r} was edited or moved in the meantime"
            return arrived or Done(title, "conflict", note=note)
        try:
            session.write(action="move", **words)
        except NoAnswer as error:
            session.rest(attempt, error.wait)
            continue  # the next look tells whether it was moved
        except Refused as error:
            if error.code in FATAL:
                raise
            outcome: Outcome = "conflict" if error.code in TAKEN else "failed"
            return Done(title, outcome, note=f"{origin.title!r} could not be moved: {error}")
        arrived = _arrived(session, title, origin)
        return arrived or Done(title, "conflict", note=f"moved from {origin.title!r}, and edited in the same moment")
    return Done(title, "failed", note="the wiki broke off each time and moved nothing")


def _arrived(session: Session, title: str, origin: LivePage) -> LivePage | None:
    """The page under its new title, as the bot's move left it; None when it is not there or somebody edited it."""
    now = read_page(session, title)
    moved = now.revision and now.user == session.user and now.sha1 == origin.sha1
    return now if moved and now.parent == origin.revision else None


def prune(session: Session, orphan: Orphan, stamp: Stamp) -> Done:
    """Delete a page that nothing makes any more, if the bot is still the last who wrote it.

    MediaWiki's deletion names no revision: the bot looks as late as can be, and once more afterwards.
    """
    if read_page(session, orphan.title).revision != orphan.live.revision:
        return Done(orphan.title, "conflict", note="edited in the meantime; it stays")
    try:
        reason = stamp.summary("no longer in the sources", orphan.live.revision)
        # Done twice it is done once: the second time the page is missing.
        session.write(repeatable=True, action="delete", title=orphan.title, reason=reason)
    except Refused as error:
        if error.code in FATAL:
            raise
        if error.code != "missingtitle":
            return Done(orphan.title, "failed", note=str(error))
    return _checked(session, orphan, stamp)


def _checked(session: Session, orphan: Orphan, stamp: Stamp) -> Done:
    newest = newest_deleted(session, orphan.title) if may_bring_back(session) else None
    if newest is None or newest.revision == orphan.live.revision:
        return Done(orphan.title, "deleted")
    return bring_back(session, newest, stamp)


def bring_back(session: Session, lost: Lost, stamp: Stamp) -> Done:
    """Undo a deletion that took a person's edit of the same moment with it."""
    reason = stamp.summary(f"back: {lost.user} edited it in the same moment", 0)
    try:
        session.write(repeatable=True, action="undelete", title=lost.title, reason=reason)
    except Refused as error:
        if error.code in FATAL:
            raise
        note = f"an edit by {lost.user} was deleted with it, and does not come back: {error}"
        return Done(lost.title, "failed", note=note)
    return Done(lost.title, "conflict", note="edited in the moment of its deletion; it is back")
