"""What the bot made on the wiki, and what it deleted last: asked for along with pages, so that it costs little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.deploy.live import HIDDEN, Lost
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import MARK, base_of, deployment_of

DELETIONS = {"leaction": "delete/delete", "leprop": "ids|title|comment", "lelimit": "1"}


class Made:
    """The titles, as they are now, of the pages that the bot made, and when; read a batch at a time."""

    def __init__(self, session: Session) -> None:
        self.titles: dict[str, str] = {}  # with the time, ISO 8601
        self.next = ""
        self.now = ""  # by the wiki's clock, ISO 8601
        self.complete = False
        self._session = session
        self._deleted: Mapping[str, Any] = {}

    def parameters(self) -> dict[str, str]:
        """What to ask for next; nothing when all is known, or the account is not, as with a token at first."""
        user = self._session.user or self._session.target.user.partition("@")[0]
        if self.complete or not user:
            return {}
        wanted = {"ucuser": user, "ucshow": "new", "ucprop": "title|comment|timestamp", "uclimit": "max"}
        if self.next:
            return {"list": "usercontribs", "uccontinue": self.next, **wanted}
        return {"list": "usercontribs|logevents", "leuser": user, "curtimestamp": "1", **wanted, **DELETIONS}

    def take(self, answer: Mapping[str, Any]) -> None:
        query = answer.get("query", {})
        if "usercontribs" not in query:
            return
        for entry in query["usercontribs"]:
            if str(entry.get("comment", "")).startswith(MARK):
                self.titles[entry["title"]] = entry["timestamp"]
        self.now = self.now or answer.get("curtimestamp", "")
        self._deleted = next(iter(query.get("logevents", ())), self._deleted)
        self.next = answer.get("continue", {}).get("uccontinue", "")
        self.complete = not self.next

    def lost(self) -> tuple[Lost, ...]:
        """What the bot deleted last, if a person edited it in that moment and nobody has looked since.

        MediaWiki's deletion names no revision. The bot looks after each one, so that only the last one can be without.
        """
        return _lost(self._session, self._deleted)


def last_deletion(session: Session) -> tuple[Lost, ...]:
    """The same, asked for alone."""
    answer = session.read(action="query", list="logevents", leuser=session.user, **DELETIONS)
    return _lost(session, next(iter(answer["query"]["logevents"]), {}))


def _lost(session: Session, deletion: Mapping[str, Any]) -> tuple[Lost, ...]:
    meant = base_of(deletion.get("comment") or "")
    if not meant or not deployment_of(deletion["comment"]) or not may_bring_back(session):
        return ()
    newest = newest_deleted(session, deletion["title"], deletion["logid"])
    return (newest,) if newest is not None and newest.revision > meant else ()


def may_bring_back(session: Session) -> bool:
    return {"deletedhistory", "undelete"} <= session.rights


def newest_deleted(session: Session, title: str, deletion: int = 0) -> Lost | None:
    """The newest deleted revision of a page.

    With the number of a `deletion` it is None where the page stands again, or was deleted once more since then.
    """
    wanted: dict[str, Any] = {"prop": "info|deletedrevisions", "drvprop": "ids|user", "drvlimit": 1, "titles": title}
    wanted |= {"list": "logevents", "letitle": title, **DELETIONS}
    query = session.read(action="query", **wanted)["query"]
    last = next((entry["logid"] for entry in query.get("logevents", ())), 0)
    for page in query.get("pages", ()):
        for entry in page.get("deletedrevisions", ()):
            if not deletion or (last == deletion and page.get("missing")):
                return Lost(title, entry["revid"], entry.get("user") or HIDDEN)
    return None
