"""Plans and deployments as a person and as a script read them."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Mapping

from pipeline.deploy.apply import Deployment
from pipeline.deploy.plan import DOES_SOMETHING, Plan
from pipeline.render.page import Page
from pipeline.terminal import table

NOTHING, CHANGES, CONFLICTS = 0, 2, 3


def exit_code(of: Plan | Deployment) -> int:
    """0 nothing (left) to do, 1 a page failed, 2 a plan has changes, 3 people's edits are left alone."""
    if isinstance(of, Plan):
        if of.having("conflict"):
            return CONFLICTS
        return CHANGES if of.having(*DOES_SOMETHING) or any(change.sets_language for change in of.changes) else NOTHING
    if of.having("failed"):
        return 1
    return CONFLICTS if of.having("conflict") else NOTHING


def show_plan(plan: Plan, texts: Mapping[str, str] | None = None) -> str:
    """What would happen, a line a page; with the wiki's `texts`, also how each page would change."""
    lines = []
    rows = []
    for change in plan.changes:
        if change.action in DOES_SOMETHING or change.action in ("adopt", "conflict") or change.sets_language:
            note = "" if change.action in ("create", "upload") else f"last by {change.live.user}"
            if change.sets_language:
                note += f"{', ' if note else ''}language {change.wanted.language}"
            rows.append([change.action, change.title, note])
    if rows:
        lines.append(table(rows))
    for change in plan.having("update", "conflict") if texts is not None else ():
        if isinstance(change.wanted, Page) and texts is not None:
            lines += ["", *_diff(change.title, texts.get(change.title, ""), change.wanted.text)]
    counts = Counter(change.action for change in plan.changes)
    lines.append(
        f"{plan.target}: " + (", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "empty")
    )
    if plan.having("conflict"):
        lines.append("Pages in conflict were edited by people last and stay as they are.")
    return "\n".join(lines)


def plan_json(plan: Plan) -> str:
    changes = [
        {"action": change.action, "title": change.title, "kind": change.kind, "user": change.live.user,
         "language": change.wanted.language if change.sets_language else None}
        for change in plan.changes
    ]  # fmt: skip
    return json.dumps({"target": plan.target, "bot": plan.bot, "changes": changes}, ensure_ascii=False)


def show_deployment(deployment: Deployment) -> str:
    """What was done: the pages that are not simply as wanted, then the counts."""
    rows = [
        [one.outcome, one.title, one.note]
        for one in deployment.done
        if one.outcome in ("conflict", "failed") or one.note
    ]
    lines = [table(rows)] if rows else []
    counts = Counter(one.outcome for one in deployment.done)
    lines.append(
        f"Deployment {deployment.id} to {deployment.target}: "
        + ", ".join(f"{n} {k}" for k, n in sorted(counts.items()))
    )
    return "\n".join(lines)


def deployment_json(deployment: Deployment) -> str:
    done = [
        {"title": one.title, "outcome": one.outcome, "revision": one.revision, "note": one.note}
        for one in deployment.done
    ]
    return json.dumps(
        {"id": deployment.id, "target": deployment.target, "commit": deployment.commit, "done": done},
        ensure_ascii=False,
    )


def _diff(title: str, old: str, new: str) -> list[str]:
    return list(
        difflib.unified_diff(old.splitlines(), new.splitlines(), f"wiki: {title}", f"ours: {title}", lineterm="")
    )
