"""What must be true of a wiki after any schedule, read from its own histories.

- No words of a person are lost: every sentence that a person put on a page is in each later revision of that page, and
  so in its present text; no revision of a person is deleted; each version of a file by a person is in its history.
- No edit is made twice: no revision of the bot has the text of its parent, no two consecutive ones have the same.
- There are no pages but those that were planned.
- After the last, clean run each page is as the sources say, except those that a person edited; and the list of the
  newest articles names those that stand there, in the order and with the dates of their first revisions.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import mwclient

from pipeline.deploy.deployment import Deployment
from pipeline.render.page import Rendered
from pipeline.render.templates.newest import listing
from pipeline.wiki import LocalWiki
from tests.deploy.passers_by import SENTENCE, PassersBy

if TYPE_CHECKING:
    from tests.deploy.schedules import Schedule

Revision = dict[str, Any]
OTHER = re.compile(r"C\d{7}")  # in each title of any schedule


def violations(
    wiki: LocalWiki, people: PassersBy, schedule: Schedule, since: str, reports: list[Deployment | str | None]
) -> list[str]:
    """Return a sentence for each promise that is broken. The schedule began at `since`, by the wiki's own clock."""
    versions = [schedule.sources(run.version) for run in schedule.runs]
    planned = {one.title for rendered in versions for one in (*rendered.pages, *rendered.files)}
    histories, deleted, files = read_histories(
        people.observer, since, [one.title for one in versions[-1].files], people.name
    )
    bot = wiki.bot_user.partition("@")[0]
    # What belongs to the schedule before may have been written in the second in which this one began.
    unplanned = {title for title in histories if schedule.prefix in title or not OTHER.search(title)} - planned
    histories = {title: revisions for title, revisions in histories.items() if title in planned}
    broken = [f"{title} was never planned" for title in sorted(unplanned)]
    for title, revisions in sorted(histories.items()):
        broken += _lost(title, revisions, people.name)
        if not title.startswith("File:"):
            broken += _twice(title, revisions, bot)
    broken += _deleted(deleted, planned, histories)
    broken += _files(files, versions[-1], people)
    broken += _reported(histories, versions, reports, bot)
    wanted = _with_list(versions[-1], histories, bot, reports[-1])
    broken += _as_wanted(histories, wanted, planned, people.name, reports[-1])
    return broken


def read_histories(
    site: mwclient.Site, since: str, files: list[str], person: str
) -> tuple[dict[str, list[Revision]], list[tuple[str, Revision]], dict[str, list[dict[str, Any]]]]:
    """All that was written since then, in every namespace: revisions by title, the oldest first; deleted ones of
    the person with their titles; and the versions of these files, the newest first."""
    histories: dict[str, list[Revision]] = {}
    deleted: list[tuple[str, Revision]] = []
    versions: dict[str, list[dict[str, Any]]] = {}
    wanted: dict[str, Any] = {
        "list": "allrevisions|alldeletedrevisions", "prop": "imageinfo", "titles": "|".join(files),
        "iiprop": "sha1|user|timestamp", "iilimit": "max",
    }  # fmt: skip
    for name in ("arv", "adr"):
        wanted |= {f"{name}start": since, f"{name}dir": "newer", f"{name}limit": "max", f"{name}slots": "main"}
        wanted[f"{name}prop"] = "ids|user|sha1|comment|content|timestamp"
    wanted["adruser"] = person
    more: dict[str, Any] = {}
    while True:
        answer = site.api("query", formatversion=2, **wanted, **more)
        query = answer.get("query", {})
        for page in query.get("allrevisions", ()):
            histories.setdefault(page["title"], []).extend(_with_text(one, page["pageid"]) for one in page["revisions"])
        for page in query.get("alldeletedrevisions", ()):
            deleted += [(page["title"], _with_text(one, 0)) for one in page["revisions"]]
        for page in query.get("pages", ()):
            versions.setdefault(page["title"], []).extend(page.get("imageinfo", ()))
        more = answer.get("continue", {})
        if not more:
            break
    for revisions in histories.values():
        revisions.sort(key=lambda one: int(one["revid"]))
    return histories, deleted, versions


def _with_text(revision: Revision, page: int) -> Revision:
    return {**revision, "page": page, "text": revision["slots"]["main"]["content"]}


def _lost(title: str, revisions: list[Revision], person: str) -> Iterable[str]:
    seen: set[str] = set()
    for revision in revisions:
        here = set(SENTENCE.findall(revision["text"]))
        if revision["user"] == person:
            seen |= here
        for sentence in sorted(seen - here):
            yield f"{title} revision {revision['revid']} by {revision['user']} lacks {sentence!r}"
        seen &= here  # said once


def _twice(title: str, revisions: list[Revision], bot: str) -> Iterable[str]:
    texts = {one["revid"]: one["sha1"] for one in revisions}
    before: Revision | None = None
    for one in revisions:
        # A move writes a revision of its own, with the text as it was.
        if one["user"] == bot and " moved page [[" not in one["comment"]:
            if one["parentid"] and texts.get(one["parentid"]) == one["sha1"]:
                yield f"{title} revision {one['revid']} is the same as its parent"
            elif before is not None and before["user"] == bot and before["sha1"] == one["sha1"]:
                yield f"{title} revision {one['revid']} is the same as the one before"
        before = one


def _deleted(
    deleted: list[tuple[str, Revision]], planned: set[str], histories: dict[str, list[Revision]]
) -> Iterable[str]:
    for title, one in deleted:
        now = histories[title][-1]["text"] if title in histories else ""
        if title in planned and set(SENTENCE.findall(one["text"])) - set(SENTENCE.findall(now)):
            yield f"{title} revision {one['revid']} of a person was deleted"


def _files(versions: dict[str, list[dict[str, Any]]], wanted: Rendered, people: PassersBy) -> Iterable[str]:
    for file in wanted.files:
        found = versions.get(file.title, [])
        hashes = [one["sha1"] for one in found]
        if any(newer == older for newer, older in itertools.pairwise(hashes)):
            yield f"{file.title} has the same version twice"
        for title, sha1 in people.uploads:
            if title == file.title and sha1 not in hashes:
                yield f"{title}: a person's version is lost"
        if hashes[:1] != [file.sha1] and not any(one["user"] == people.name for one in found):
            yield f"{file.title} is not as wanted, and no person touched it"


def _reported(
    histories: dict[str, list[Revision]], versions: list[Rendered], reports: list[Deployment | str | None], bot: str
) -> Iterable[str]:
    """What a run says it saved is there, as it was to be."""
    saved = {one["revid"]: one for revisions in histories.values() for one in revisions}
    for number, (rendered, report) in enumerate(zip(versions, reports, strict=True)):
        # What the list says depends on what was saved before it.
        wanted = {page.title: page.sha1 for page in rendered.pages if page.kind != "list"}
        done = report.having("created", "updated", "moved") if isinstance(report, Deployment) else ()
        for one in done:
            revision = saved.get(one.revision)
            if revision is None and one.title not in histories:
                continue  # deleted since
            if (
                revision is None
                or revision["user"] != bot
                or revision["sha1"] != wanted.get(one.title, revision["sha1"])
            ):
                yield f"run {number} says it {one.outcome} {one.title} as revision {one.revision}, which is not so"


def _with_list(
    wanted: Rendered, histories: dict[str, list[Revision]], bot: str, report: Deployment | str | None
) -> Rendered:
    """What is wanted, with the list of the newest articles as the histories of their pages tell it."""
    assert wanted.newest is not None
    conflicts = {one.title for one in report.having("conflict")} if isinstance(report, Deployment) else set()
    stand = []
    for listed in wanted.newest.articles:
        revisions = histories.get(listed.title, [])
        if not revisions or revisions[-1]["text"].startswith("#REDIRECT"):
            continue
        first = revisions[0]
        ours = first["user"] == bot and first["comment"].startswith("[deploy-bot]")
        if ours or listed.title not in conflicts:
            stand.append((first["page"], listed, first["timestamp"][:10] if ours else ""))
    stand.sort(key=lambda one: int(one[0]), reverse=True)
    page = listing(wanted.newest, [(listed, date) for _, listed, date in stand])
    return replace(wanted, pages=tuple(page if one.title == page.title else one for one in wanted.pages))


def _as_wanted(
    histories: dict[str, list[Revision]],
    wanted: Rendered,
    planned: set[str],
    person: str,
    report: Deployment | str | None,
) -> Iterable[str]:
    if not isinstance(report, Deployment) or report.stopped:
        yield f"the clean run did not end: {report if not isinstance(report, Deployment) else report.stopped}"
        return
    for one in report.having("failed"):
        yield f"the clean run failed at {one.title}: {one.note}"
    outcome = {one.title: one.outcome for one in report.done}
    for page in wanted.pages:
        revisions = histories.get(page.title, [])
        same = bool(revisions) and revisions[-1]["sha1"] == page.sha1
        touched = any(one["user"] == person for one in revisions)
        if same and outcome[page.title] in ("conflict", "failed"):
            yield f"{page.title} is as wanted, and the clean run says {outcome[page.title]}"
        if not same and not touched:
            yield f"{page.title} is not as wanted, and no person touched it"
        if not same and outcome[page.title] != "conflict":
            yield f"{page.title} is not as wanted, and the clean run says {outcome[page.title]}"
    titles = {page.title for page in wanted.pages} | {file.title for file in wanted.files}
    for title in sorted(planned - titles):
        revisions = histories.get(title, [])
        redirect = bool(revisions) and revisions[-1]["text"].startswith("#REDIRECT")
        if revisions and not redirect and not any(one["user"] == person for one in revisions):
            yield f"{title} is no longer made, and still there, though no person touched it"
