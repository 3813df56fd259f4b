"""Undo a deployment: put back what stood before it, wherever the bot is still the last who wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline.deploy.changes import Orphan
from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.live import HIDDEN, LivePage
from pipeline.deploy.made import last_deletion
from pipeline.deploy.moving import bring_back, carry, prune
from pipeline.deploy.read_wiki import read_file, read_page, read_revision
from pipeline.deploy.saving import save
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp, deployment_of, is_whole
from pipeline.errors import WikiError
from pipeline.render.page import Page


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a deployment did, as the wiki tells it."""

    edits: Mapping[str, int]  # page, by its present title -> the revision before, 0 for none; the newest first
    moves: Mapping[str, Move]  # by the new title
    uploads: tuple[str, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """What to put back, in order: pages came after what they need, so that on the way back they go first."""
        redirects = {move.old for move in self.moves.values()}
        pages = [title for title in self.edits if title not in redirects or title in self.moves]
        return (*pages, *(title for title in self.moves if title not in self.edits), *self.uploads)

    @property
    def rights(self) -> set[str]:
        """Those without which it cannot be undone."""
        needed = {"edit"} if any(self.edits.values()) else set[str]()
        needed |= {"move"} if self.moves else set()
        made = [title for title, parent in self.edits.items() if not parent]
        redirects = {move.old for move in self.moves.values()}
        return needed | ({"delete"} if set(made) - redirects else set())


@dataclass(frozen=True, slots=True)
class Move:
    old: str
    over_redirect: bool  # whether the new title was a redirect before


def undo(
    session: Session,
    deployment: str,
    deeds: Deeds,
    stamp: Stamp,
    progress: Callable[[Done, int, int], None] = lambda *_: None,
) -> Deployment:
    """Put each page of a deployment back to the revision before it, under its title of then; delete what it made.

    What a person edited since is skipped and reported. `stopped` says what concerns all pages and ended it.
    """
    done: list[Done] = []
    stopped = ""
    total = len(deeds.titles)
    try:
        lost = last_deletion(session)
        done += [bring_back(session, one, stamp) for one in lost]
        for number, title in enumerate(deeds.titles):
            if title in deeds.uploads:
                done.append(_file(session, title, deployment, stamp))
            elif title in deeds.moves:
                back = deeds.moves[title]
                done.append(_moved(session, title, back, deeds.edits.get(title, 0), deployment, stamp))
            else:
                done.append(_page(session, title, deeds.edits[title], deployment, stamp))
            progress(done[-1], number + 1, total)
    except WikiError as error:
        stopped = str(error)
    return Deployment(stamp.deployment, session.target.url, stamp.commit, tuple(done), (), stopped)


def deeds_of(session: Session, deployment: str) -> Deeds:
    """Ask the wiki what a deployment did: nothing needs to have been kept. Raises WikiError when it knows none."""
    session.read(action="query")
    edits = {"list": "usercontribs", "ucuser": session.user, "ucprop": "ids|title|comment", "uclimit": "max"}
    log = {"list": "logevents", "leuser": session.user, "leprop": "title|comment|type|details", "lelimit": "max"}
    found = Deeds(
        # The newest first, so the oldest stays. The revision that an upload makes on a file's page does not say why;
        # the log does.
        {
            entry["title"]: entry["parentid"]
            for entry in _of(session, deployment, edits)
            if not entry["title"].startswith("File:")
        },
        {
            entry["params"]["target_title"]: Move(entry["title"], entry["action"] == "move_redir")
            for entry in _of(session, deployment, log | {"letype": "move"})
        },
        tuple(dict.fromkeys(entry["title"] for entry in _of(session, deployment, log | {"letype": "upload"}))),
    )
    if not found.titles:
        raise WikiError(f"{session.target.host} knows no deployment {deployment!r}", "see its id in a page's history")
    return found


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
    if not parent:
        if not _is_of(now, deployment, session.user):
            return _touched(title, now)
        return prune(session, Orphan(now), stamp)
    return _restored(session, now, parent, deployment, stamp)


def _restored(session: Session, now: LivePage, parent: int, deployment: str, stamp: Stamp) -> Done:
    """Let the text of revision `parent` stand again. "unchanged" says that it does already, by the bot's hand."""
    page = Page(now.title, "topic", "", "", f"back to revision {parent}, before deployment {deployment}")
    if not _is_whole(now, session.user):
        return _touched(now.title, now)
    _, text = read_revision(session, parent)
    if text is None:
        return Done(now.title, "failed", note=f"revision {parent} is hidden")
    page = replace(page, text=text)
    if now.sha1 == page.sha1:
        return Done(now.title, "unchanged", note="it is as it was before already")
    if not _is_of(now, deployment, session.user):
        return _touched(now.title, now)
    done = save(session, page, now, stamp)
    return Done(now.title, "restored", done.revision, f"to revision {parent}") if done.outcome == "updated" else done


def _moved(session: Session, title: str, back: Move, parent: int, deployment: str, stamp: Stamp) -> Done:
    """Text first, then the title: whenever it is killed, the next rollback goes on from there."""
    now, there = read_page(session, title), read_page(session, back.old)
    if not now.revision or now.redirect:
        again = there.revision and not there.redirect
        return Done(back.old, "unchanged", note="it has its old title already" if again else "it is gone already")
    free = not there.revision or (there.redirect and not there.parent and _is_of(there, deployment, session.user))
    if not free:
        user = there.user or HIDDEN
        return Done(title, "conflict", note=f"it stays there: {back.old!r} was edited since by {user}")
    restored = _restored(session, now, parent, deployment, stamp) if parent else Done(title, "unchanged")
    if restored.outcome not in ("restored", "unchanged"):
        return restored
    now = read_page(session, title)
    reason = stamp.summary(f"back to its title before deployment {deployment}", now.revision)
    arrived = carry(session, now, back.old, reason, redirect=back.over_redirect)
    if isinstance(arrived, Done):
        return arrived
    note = f"back from {title!r}"
    left = read_page(session, title)
    if left.redirect and not back.over_redirect:
        # The account may not move without a redirect.
        gone = prune(session, Orphan(left), stamp) if "delete" in session.rights else None
        note += "" if gone and gone.outcome == "deleted" else ", where a redirect stays"
    return Done(back.old, "moved", arrived.revision, note)


def _touched(title: str, now: LivePage) -> Done:
    return Done(title, "conflict", note=f"edited since by {now.user or HIDDEN}; it stays")


def _file(session: Session, title: str, deployment: str, stamp: Stamp) -> Done:
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
    return _is_whole(now, bot) and deployment_of(now.comment) == deployment


def _is_whole(now: LivePage, bot: str) -> bool:
    return now.sha1 is not None and (now.own_merge or is_whole(now.user, now.comment, now.parent, bot))
