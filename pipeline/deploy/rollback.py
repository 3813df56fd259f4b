"""Undo a deployment: put back what stood before it, wherever the bot is still the last who wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.live import HIDDEN, LivePage
from pipeline.deploy.moving import bring_back, prune
from pipeline.deploy.plan import Orphan
from pipeline.deploy.read_wiki import read_file, read_page, read_revision
from pipeline.deploy.saving import save
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp, deployment_of, is_whole
from pipeline.errors import WikiError
from pipeline.render.page import Page


def undo(session: Session, deployment: str, stamp: Stamp) -> Deployment:
    """Put each page of a deployment back to the revision before it; delete what it made.

    The wiki is asked what the deployment did: nothing needs to have been kept. What a person edited since is skipped
    and reported. Raises WikiError when the wiki knows no such deployment, or what concerns all pages goes wrong.
    """
    session.read(action="query")
    first = dict(_edits(session, deployment))  # the newest first, so the oldest stays
    if not first:
        raise WikiError(f"{session.target.host} knows no deployment {deployment!r}", "see its id in a page's history")
    done: list[Done] = []
    stopped = ""
    try:
        done += bring_back(session, stamp)
        # Pages come after what they need, so that on the way back they go first.
        for title, parent in first.items():
            undo_one = _file if title.startswith("File:") else _page
            done.append(undo_one(session, title, parent, deployment, stamp))
    except WikiError as error:
        stopped = str(error)
    return Deployment(stamp.deployment, session.target.url, stamp.commit, tuple(done), (), stopped)


def _edits(session: Session, deployment: str) -> Iterator[tuple[str, int]]:
    """Title and parent revision of each edit and upload of the deployment, the newest first.

    The revision that an upload makes on a file's page does not say why; the log does.
    """
    edits = {"list": "usercontribs", "ucuser": session.user, "ucprop": "ids|title|comment", "uclimit": "max"}
    for entry in _of(session, deployment, edits):
        if not entry["title"].startswith("File:"):
            yield entry["title"], entry["parentid"]
    uploads = {
        "list": "logevents",
        "leuser": session.user,
        "letype": "upload",
        "leprop": "title|comment",
        "lelimit": "max",
    }
    for entry in _of(session, deployment, uploads):
        yield entry["title"], 0


def _of(session: Session, deployment: str, wanted: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The entries of a list, the newest first, that belong to a deployment; they stand together there."""
    more: dict[str, str] = {}
    found = False
    while True:
        answer = session.read(action="query", **wanted, **more)
        entries = answer["query"][wanted["list"]]
        ours = [entry for entry in entries if deployment_of(entry.get("comment")) == deployment]
        yield from ours
        more = answer.get("continue", {})
        if not more or (found and not ours):
            return
        found = found or bool(ours)


def _page(session: Session, title: str, parent: int, deployment: str, stamp: Stamp) -> Done:
    now = read_page(session, title)
    if not now.revision:
        return Done(title, "unchanged", note="it is gone already")
    if not _is_of(now, deployment, session.user):
        return Done(title, "conflict", note=f"edited since by {now.user or HIDDEN}; it stays")
    if not parent:
        return prune(session, Orphan(now), stamp)
    _, text = read_revision(session, parent)
    if text is None:
        return Done(title, "failed", note=f"revision {parent} is hidden")
    page = Page(title, "topic", text, "", f"back to revision {parent}, before deployment {deployment}")
    done = save(session, page, now, stamp)
    return Done(title, "restored", done.revision, f"to revision {parent}") if done.outcome == "updated" else done


def _file(session: Session, title: str, parent: int, deployment: str, stamp: Stamp) -> Done:
    """A file goes back to the version before; one that the deployment uploaded first is deleted."""
    now = read_file(session, title)
    if not now.exists:
        return Done(title, "unchanged", note="it is gone already")
    if now.user != session.user or deployment_of(now.comment) != deployment:
        return Done(title, "conflict", note=f"uploaded since by {now.user or HIDDEN}; it stays")
    older = _version_before(session, title, deployment)
    if older is None:
        return prune(session, Orphan(read_page(session, title)), stamp)
    comment = stamp.summary(f"back to the version before deployment {deployment}", 0)
    name = title.removeprefix("File:")
    session.write(repeatable=True, action="filerevert", filename=name, archivename=older, comment=comment)
    return Done(title, "restored", note="to the version before")


def _version_before(session: Session, title: str, deployment: str) -> str | None:
    wanted: dict[str, Any] = {"prop": "imageinfo", "iiprop": "comment|archivename", "iilimit": "max", "titles": title}
    pages = session.read(action="query", **wanted)["query"].get("pages", ())
    for entry in (entry for page in pages for entry in page.get("imageinfo", ())):
        if deployment_of(entry.get("comment")) != deployment and "archivename" in entry:
            return str(entry["archivename"])
    return None


def _is_of(now: LivePage, deployment: str, bot: str) -> bool:
    whole = is_whole(now.user, now.comment, now.parent, bot)
    return whole and deployment_of(now.comment) == deployment and now.sha1 is not None
