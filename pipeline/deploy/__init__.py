"""Publish: what stands on the wiki and who wrote it last decides; the plan shows it, deploying does it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.deploy.apply import apply
from pipeline.deploy.changes import Change, Plan
from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.drift import Drift, drift_of
from pipeline.deploy.journal import journal
from pipeline.deploy.plan import plan
from pipeline.deploy.plan_file import hold_against, read_plan, write_plan
from pipeline.deploy.read_wiki import read_live, read_texts
from pipeline.deploy.rights import require, require_namespaces, require_rights
from pipeline.deploy.rollback import deeds_of, undo
from pipeline.deploy.session import Session
from pipeline.deploy.show import (
    CONFLICTS,
    deployment_json,
    drift_json,
    exit_code,
    plan_json,
    show_deployment,
    show_drift,
    show_plan,
)  # fmt: skip
from pipeline.deploy.stamp import Stamp
from pipeline.deploy.target import Target, from_environment
from pipeline.render.page import Page, Rendered
from pipeline.taken_over import on_wiki

__all__ = [
    "CONFLICTS", "Change", "Deployment", "Done", "Drift", "Plan", "Target", "deploy", "deployment_json",
    "drift_json", "exit_code", "find_drift", "from_environment", "make_plan", "plan_json", "read_plan", "roll_back",
    "show_deployment", "show_drift", "show_plan", "wiki_texts", "write_plan",
]  # fmt: skip


Progress = Callable[[Done, int, int], None]  # what was done, its number, the number of all


def make_plan(target: Target, rendered: Rendered, *, interface: bool = False, prune: bool = False) -> Plan:
    """Read the wiki and return what publishing would do; changes nothing.

    `interface` also takes the pages that change how the wiki itself looks and behaves, `prune` deletes pages that the
    bot made and nothing makes any more. Raises WikiError.
    """
    return _plan(Session(target), rendered, interface, prune)


def deploy(
    target: Target,
    rendered: Rendered,
    *,
    commit: str,
    interface: bool = False,
    prune: bool = False,
    reviewed: dict[str, Any] | None = None,
    journals: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Deployment:
    """Publish: make a plan and carry it out; a `reviewed` one only as it was reviewed.

    `journals` is the folder for a line on each thing done. Raises WikiError before the first edit when the wiki cannot
    be reached, has moved on since the review, or does not let the bot do what is planned.
    """
    session = Session(target)
    plan = _plan(session, rendered, interface, prune)
    if reviewed is not None:
        hold_against(reviewed, plan)
    require(session, plan)
    stamp = Stamp(secrets.token_hex(6), commit)
    return _noted(journals, stamp, plan.target, progress, lambda told: apply(session, plan, stamp, told))


def roll_back(
    target: Target,
    deployment: str,
    *,
    commit: str,
    journals: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Deployment:
    """Put back what stood before a deployment, page by page; what people edited since stays. Raises WikiError."""
    session = Session(target)
    deeds = deeds_of(session, deployment)
    require_rights(session, deeds.rights)
    stamp = Stamp(secrets.token_hex(6), commit)
    return _noted(journals, stamp, target.url, progress, lambda told: undo(session, deployment, deeds, stamp, told))


def wiki_texts(target: Target, of: Plan) -> dict[str, str]:
    """Read the present text of the pages that a plan would update or finds in conflict, to show the differences."""
    titles = [change.title for change in of.having("update", "conflict") if isinstance(change.wanted, Page)]
    return read_texts(Session(target), titles) if titles else {}


def find_drift(target: Target, rendered: Rendered) -> tuple[Drift, ...]:
    """Return what people changed since the bot's last revision of each page, with their texts. Raises WikiError."""
    session = Session(target)
    return drift_of(session, _plan(session, rendered, False, False))


def _noted(
    journals: Path | None, stamp: Stamp, target: str, progress: Progress, work: Callable[[Progress], Deployment]
) -> Deployment:
    """Do the work, with a line in its journal for each thing done."""
    if journals is None:
        return work(progress)
    with journal(journals, stamp, target) as lines:

        def told(one: Done, number: int, total: int) -> None:
            lines.done(one)
            progress(one, number, total)

        done = work(told)
        lines.ended(done.stopped)
        return done


def _plan(session: Session, rendered: Rendered, interface: bool, prune: bool) -> Plan:
    pages = tuple(page for page in rendered.pages if interface or page.kind != "interface")
    known = {page.title for page in rendered.pages} | {file.title for file in rendered.files}
    live = read_live(session, [page.title for page in pages], [file.title for file in rendered.files], known)
    wanted = Rendered(pages, rendered.files, newest=rendered.newest)
    made = plan(
        wanted,
        live,
        session.user,
        target=session.target.url,
        languages=session.languages,
        prune=prune,
        taken_over=on_wiki(rendered.taken_over, session.target.name),
    )
    require_namespaces(session, made)
    return made
