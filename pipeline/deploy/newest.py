"""Which articles are the newest: by the order in which the wiki made their pages, told before and after the saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.deploy.changes import Change, Plan, Standing
from pipeline.deploy.deployment import Done
from pipeline.deploy.live import Live, LivePage
from pipeline.render.page import Newest, Page
from pipeline.render.templates.newest import LONGEST, listing


def standing(newest: Newest, changes: Iterable[Change], live: Live) -> tuple[Standing, ...]:
    """The articles that will stand on the wiki when all goes as planned, the newest first.

    What is yet to be made is made in the order of the changes, and bears the wiki's date of today. What a person made
    before the bot did, and is in conflict, was never published.
    """
    by_title = {change.title: (number, change) for number, change in enumerate(changes)}
    found: list[tuple[int, Standing]] = []
    for listed in newest.articles:
        number, change = by_title.get(listed.title, (0, None))
        if change is None or not isinstance(change.live, LivePage) or change.live.redirect:
            continue
        page = change.origin or change.live
        made = live.created.get(page.title, "")
        if change.action == "create":
            found.append((number, Standing(listed, 0, live.now[:10])))
        elif page.revision and (made or change.action != "conflict"):
            found.append((0, Standing(listed, page.page_id, made[:10])))
    found.sort(key=lambda one: (one[1].page_id == 0, one[1].page_id, one[0]), reverse=True)
    return tuple(one for _, one in found)


def page_of(newest: Newest, stand: Sequence[Standing], missing: Iterable[str] = ()) -> Page:
    """The list's page. A language that could not be published gives way to the source language."""
    gone = set(missing)
    instead = {page: one.listed.title for one in stand for _, page in one.listed.links.values() if page in gone}
    return listing(newest, [(one.listed, one.date) for one in stand], instead)


def names_of(stand: Sequence[Standing]) -> tuple[str, ...]:
    return tuple(one.listed.title for one in stand[:LONGEST])


def uncertain(plan: Plan, done: Sequence[Done]) -> list[str]:
    """The articles of which the wiki must be asked whether and when it made their pages."""
    listed = {one.listed.title for one in plan.standing}
    outcomes = {one.title: one.outcome for one in done}
    return [
        change.title
        for change in plan.changes
        if change.title in listed
        and (change.action in ("create", "move") or outcomes.get(change.title) in ("failed", "conflict"))
    ]


def as_it_came(plan: Plan, done: Sequence[Done], now: Mapping[str, LivePage]) -> Page:
    """The list's page after the saves; `now` is what stands there of the pages that were `uncertain`."""
    assert plan.newest is not None
    outcomes = {one.title: one.outcome for one in done}
    stand = []
    for one in plan.standing:
        page = now.get(one.listed.title)
        if page is None:
            stand.append(one)
        elif (
            page.revision and not page.redirect and (one.page_id or outcomes[page.title] not in ("failed", "conflict"))
        ):
            stand.append(replace(one, page_id=page.page_id, date=one.date if one.page_id else page.timestamp[:10]))
    stand.sort(key=lambda one: one.page_id, reverse=True)
    missing = [change.title for change in plan.having("create", "move") if outcomes.get(change.title) == "failed"]
    return page_of(plan.newest, stand, missing)
