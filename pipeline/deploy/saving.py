"""Save one page so that nobody's words can be lost, whatever happens on the way and at the same moment."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from pipeline.deploy.answers import Fault, NoAnswer, Refused
from pipeline.deploy.deployment import Done, Outcome
from pipeline.deploy.live import HIDDEN, LivePage
from pipeline.deploy.read_wiki import is_the_bot_s_alone, read_meta, read_page, read_revision
from pipeline.deploy.session import SESSION_LOST, WAITING, Session
from pipeline.deploy.stamp import Stamp, base_of, deployment_of, is_whole
from pipeline.render.page import Page

TAKEN = frozenset({"editconflict", "articleexists", "missingtitle", "pagedeleted"})
# With these no further page can be saved either.
FATAL = WAITING | SESSION_LOST | {"blocked", "autoblocked", "writeapidenied", "writerights", "readapidenied"}
ATTEMPTS = 3
STAYS_MERGED = "merged with an edit of the same moment, which stays so"


def save(session: Session, page: Page, live: LivePage, stamp: Stamp) -> Done:
    """Save `page` on top of the very revision that the plan saw, or not at all.

    Raises a WikiError when it makes no sense to go on with other pages.
    """
    base = live.revision
    condition: dict[str, Any] = {"baserevid": base, "nocreate": 1} if base else {"createonly": 1}
    for attempt in range(ATTEMPTS):
        try:
            edit = _edit(session, page.title, page.text, stamp.summary(page.source or page.kind, base), **condition)
        except NoAnswer as error:
            session.rest(attempt, error.wait)
            now = read_page(session, page.title)
            if now.revision == base:
                continue  # nothing was saved; and if it is yet to be, the same base lets only one of the two through
            return _as_it_stands(session, page, live, now, stamp)
        except Refused as error:
            if error.code in FATAL:
                raise
            if error.code in TAKEN:
                return _as_it_stands(session, page, live, read_page(session, page.title), stamp)
            return Done(page.title, "failed", note=str(error))
        if edit.get("result") != "Success":
            said = (
                edit.get("code") or edit.get("info") or ", ".join(sorted(set(edit) - {"result"})) or "no reason given"
            )
            return Done(page.title, "failed", note=f"the wiki did not save it: {said}")
        if "nochange" in edit:
            # Our words stood there already: saved by a request that was thought lost, or merged into somebody's.
            return _as_it_stands(session, page, live, read_page(session, page.title), stamp)
        if edit["oldrevid"] != base:
            return _merged(session, page, live, edit["oldrevid"], edit["newrevid"], stamp)
        return Done(page.title, _outcome(live), edit["newrevid"])
    return Done(page.title, "failed", note="the wiki broke off each time and saved nothing")


def _edit(session: Session, title: str, text: str, summary: str, **condition: Any) -> dict[str, Any]:
    answer = session.write(
        action="edit",
        title=title,
        text=text,
        summary=summary,
        bot=1,
        md5=hashlib.md5(text.encode()).hexdigest(),
        **condition,
    )
    edit: dict[str, Any] = answer["edit"]
    return edit


def _as_it_stands(session: Session, page: Page, planned: LivePage, now: LivePage, stamp: Stamp) -> Done:
    """Tell from the page whether the save that was not answered, or refused, is what stands there."""
    ours = now.user == session.user and deployment_of(now.comment) == stamp.deployment
    if ours and now.parent == planned.revision:
        note = "the wiki's answer was lost; read back from the page"
        return Done(page.title, _outcome(planned), now.revision, note)
    if ours and base_of(now.comment or "") == planned.revision:
        return _merged(session, page, planned, now.parent, now.revision, stamp)
    if now.revision and now.sha1 == page.sha1:
        if now.own_merge or is_whole(now.user, now.comment, now.parent, session.user):
            return Done(page.title, "unchanged", note="saved in the meantime by another run")
        return Done(page.title, "adopted", note=f"the very text we want, in the meantime by {now.user or HIDDEN}")
    if not now.revision:
        return Done(page.title, "conflict", note="deleted in the meantime")
    return Done(page.title, "conflict", note=f"edited by {now.user or HIDDEN} in the meantime")


def _merged(session: Session, page: Page, planned: LivePage, theirs: int, merged: int, stamp: Stamp) -> Done:
    """MediaWiki merged our text into a revision that came between: a person's stands again, the bot's own gives way.

    The bot's own is one that an older run sent, and that was on its way for long.
    """
    try:
        own = is_the_bot_s_alone(session, read_meta(session, merged))
    except Fault as error:
        return Done(page.title, "conflict", merged, f"{STAYS_MERGED}: {error}")
    if own:
        return save(session, page, replace(planned, revision=merged), stamp)
    return _put_back(session, page.title, theirs, merged, stamp)


def _put_back(session: Session, title: str, theirs: int, merged: int, stamp: Stamp) -> Done:
    """MediaWiki merged our text into what a person saved in the same moment: let the person's text stand, whole.

    Whether this succeeds or not, the next plan sees a conflict: neither revision holds the bot's words alone.
    """
    try:
        user, text = read_revision(session, theirs)
        user = user or HIDDEN
        if text is None:
            return Done(title, "conflict", merged, f"merged with an edit of {user}, whose text is hidden")
        what = f"back to revision {theirs} by {user}, who edited in the same moment"
        edit = _edit(session, title, text, stamp.summary(what, theirs), baserevid=merged, nocreate=1)
    except Fault as error:
        return Done(title, "conflict", merged, f"{STAYS_MERGED}: {error}")
    return Done(title, "conflict", edit.get("newrevid", 0), f"edited by {user} in the same moment; their text stands")


def _outcome(live: LivePage) -> Outcome:
    return "updated" if live.revision else "created"
