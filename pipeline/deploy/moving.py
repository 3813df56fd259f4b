"""Give a page its new title, with its history and a redirect from the old one; and take away what nothing makes."""

from __future__ import annotations

from typing import Any

from pipeline.deploy.answers import NoAnswer, Refused
from pipeline.deploy.deployment import Done, Outcome
from pipeline.deploy.live import LivePage
from pipeline.deploy.plan import Change, Orphan
from pipeline.deploy.read_wiki import read_page
from pipeline.deploy.saving import ATTEMPTS, FATAL, save
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp, base_of, deployment_of
from pipeline.render.page import Page

TAKEN = frozenset({"articleexists", "missingtitle", "selfmove"})


def move(session: Session, change: Change, stamp: Stamp) -> Done:
    """Move the page, then save the text that is wanted there.

    Raises a WikiError when it makes no sense to go on with other pages.
    """
    page, origin = change.wanted, change.origin
    assert isinstance(page, Page) and origin is not None
    for _ in range(ATTEMPTS):
        now = read_page(session, origin.title)
        if now.revision != origin.revision:
            arrived = _arrived(session, page.title, origin)
            if arrived is None:
                return Done(page.title, "conflict", note=f"{origin.title!r} was edited or moved in the meantime")
            break
        try:
            reason = stamp.summary(f"{page.source or page.kind}: new title", 0)
            words: dict[str, Any] = {"from": origin.title, "to": page.title, "reason": reason, "movetalk": 1}
            session.write(action="move", **words)
        except NoAnswer:
            continue  # the next look tells whether it was moved
        except Refused as error:
            if error.code in FATAL:
                raise
            outcome: Outcome = "conflict" if error.code in TAKEN else "failed"
            return Done(page.title, outcome, note=f"{origin.title!r} could not be moved: {error}")
        arrived = _arrived(session, page.title, origin)
        break
    else:
        return Done(page.title, "failed", note="the wiki broke off each time and moved nothing")
    if arrived is None:
        return Done(page.title, "conflict", note=f"moved from {origin.title!r}, and edited in the same moment")
    if arrived.sha1 == page.sha1:
        return Done(page.title, "moved", arrived.revision, f"from {origin.title!r}")
    done = save(session, page, arrived, stamp)
    if done.outcome != "updated":
        return done
    return Done(page.title, "moved", done.revision, f"from {origin.title!r}")


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
    if "deletedhistory" not in session.rights:
        return Done(orphan.title, "deleted")
    newest = _newest_deleted(session, orphan.title)
    if newest is None or newest["revid"] == orphan.live.revision:
        return Done(orphan.title, "deleted")
    return _undelete(session, orphan.title, newest, stamp)


def bring_back(session: Session, stamp: Stamp) -> list[Done]:
    """Undo what a run that was killed deleted together with an edit of the same moment, before it could look.

    The wiki's log tells which revision the bot meant to delete. Only the last deployment that deleted anything can have
    been killed in between.
    """
    if "deletedhistory" not in session.rights:
        return []
    wanted: dict[str, Any] = {"list": "logevents", "leaction": "delete/delete", "leprop": "ids|title|comment"}
    entries = session.read(action="query", **wanted, leuser=session.user, lelimit="max")["query"]["logevents"]
    last = next((found for entry in entries if (found := deployment_of(entry.get("comment")))), "")
    done = []
    for entry in entries:
        title, meant = entry["title"], base_of(entry.get("comment") or "")
        if not last or deployment_of(entry.get("comment")) != last or not meant or read_page(session, title).revision:
            continue
        newest = _newest_deleted(session, title)
        again = session.read(action="query", **wanted, letitle=title, lelimit=1)["query"]["logevents"]
        # What somebody deleted after that stays deleted.
        if newest is not None and newest["revid"] > meant and again and again[0]["logid"] == entry["logid"]:
            done.append(_undelete(session, title, newest, stamp))
    return done


def _newest_deleted(session: Session, title: str) -> dict[str, Any] | None:
    wanted = {"prop": "deletedrevisions", "drvprop": "ids|user", "drvlimit": 1, "titles": title}
    pages = session.read(action="query", **wanted)["query"].get("pages", ())
    return next((entry for page in pages for entry in page.get("deletedrevisions", ())), None)


def _undelete(session: Session, title: str, newest: dict[str, Any], stamp: Stamp) -> Done:
    reason = stamp.summary(f"back: {newest.get('user', 'somebody')} edited it in the same moment", 0)
    session.write(repeatable=True, action="undelete", title=title, reason=reason)
    return Done(title, "conflict", note="edited in the moment of its deletion; it is back")
