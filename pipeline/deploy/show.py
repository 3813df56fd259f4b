"""Plans and deployments as a person and as a script read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipeline.deploy.changes import Change, Plan
from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.differences import difference
from pipeline.deploy.drift import Drift
from pipeline.render.page import KINDS, Page
from pipeline.terminal import table

WAY_OUT = "`marovi status --wiki` shows what they wrote, `marovi pull` brings it into the sources"
NOTHING, FAILED, CHANGES, CONFLICTS = 0, 1, 2, 3


def exit_code(of: Plan | Deployment) -> int:
    """Of a plan: 0 nothing to do, 2 changes, 3 conflicts. Of a deployment: 0 all is done, 1 failures, 3 conflicts."""
    if isinstance(of, Plan):
        return CONFLICTS if of.having("conflict") else CHANGES if of.does_something else NOTHING
    if of.stopped or of.having("failed"):
        return FAILED
    return CONFLICTS if of.having("conflict") else NOTHING


def show_plan(plan: Plan, texts: Mapping[str, str] | None = None, colored: bool = False) -> str:
    """What would happen, a line a page; with the wiki's `texts`, also how each page would change."""
    rows = [[change.action, change.title, _note(change)] for change in plan.changes if _worth_a_line(change)]
    rows += [["delete" if orphan in plan.pruned else "orphan", orphan.title, orphan.kept] for orphan in plan.orphans]
    rows += [["bring back", lost.title, f"{lost.user} edited it in the moment of its deletion"] for lost in plan.lost]
    lines = [table(rows)] if rows else []
    if texts is not None:
        for change in plan.having("update", "conflict"):
            if isinstance(change.wanted, Page):
                differs = difference(change.title, texts.get(change.title, ""), change.wanted.text, colored=colored)
                lines += ["", *differs] if differs else []
        lines += [""] if rows else []
    lines.append(f"{plan.target}: {_counts(change.action for change in plan.changes)}")
    conflicts = len(plan.having("conflict"))
    if conflicts:
        lines.append(f"{_pages(conflicts)} in conflict will be left as people made them; {WAY_OUT}.")
    if plan.stale:
        lines.append(f"{_pages(len(plan.stale))} will be refreshed, because a language of theirs is new.")
    waiting = [orphan for orphan in plan.orphans if not orphan.kept and not plan.prune]
    if waiting:
        lines.append(f"{_pages(len(waiting))} that nothing makes any more; `--prune` deletes them.")
    if not plan.languages and any(change.wanted.language for change in plan.changes):
        lines.append("The bot may not set the content language of pages there; their text says it instead.")
    return "\n".join(lines)


def plan_json(plan: Plan) -> str:
    return json.dumps(plan.to_json(), ensure_ascii=False)


def show_deployment(deployment: Deployment) -> str:
    """What was done: first whatever is not simply as wanted, then a table of the counts."""
    rows = [
        [one.outcome, one.title, one.note]
        for one in deployment.done
        if one.outcome in ("conflict", "failed") or (one.note and one.outcome != "unchanged")
    ]
    lines = [table(rows)] if rows else []
    lines += [f"{note[0].upper()}{note[1:]}." for note in deployment.notes]
    lines += [_summary(deployment.done)] if deployment.done else []
    counts = _counts(one.outcome for one in deployment.done)
    lines.append(f"Deployment {deployment.id} to {deployment.target}: {counts}")
    conflicts = len(deployment.having("conflict"))
    if conflicts:
        lines.append(f"{_pages(conflicts)} in conflict left as people made them; {WAY_OUT}.")
    if deployment.stopped:
        lines.append(f"Stopped before the end: {deployment.stopped}. Run it again to do the rest.")
    return "\n".join(lines)


def _summary(done: Sequence[Done]) -> str:
    """How many of each kind of page came to what, a row a kind."""
    outcomes = sorted({one.outcome for one in done})
    counts = Counter((one.kind, one.outcome) for one in done)
    rows = [["", *outcomes]]
    for kind in (*KINDS, ""):
        if any(counts[kind, outcome] for outcome in outcomes):
            rows.append([kind or "other", *(str(counts[kind, outcome] or "") for outcome in outcomes)])
    return table(rows, right=frozenset(range(1, len(rows[0]))))


def deployment_json(deployment: Deployment) -> str:
    return json.dumps(deployment.to_json(), ensure_ascii=False)


def show_drift(drifts: Sequence[Drift], colored: bool = False) -> str:
    """Who changed which page when, and how."""
    lines = []
    for drift in drifts:
        lines.append(f"{drift.title}  ({drift.source or 'made from many sources'})")
        lines += [f"  {edit.timestamp}  {edit.user}  {edit.comment}".rstrip() for edit in drift.edits]
        if drift.taken_over:
            lines.append("  the sources say the same: the next deployment takes it as its own, without an edit")
        differs = difference(drift.title, drift.before, drift.now, ("by the bot", "now"), colored)
        lines += [*(f"  {line}" for line in differs), ""]
    changed = f"{_pages(len(drifts))} changed by people since the bot wrote them."
    return "\n".join([*lines, changed if drifts else "No page was changed by people."])


def drift_json(drifts: Sequence[Drift]) -> str:
    return json.dumps([drift.to_json() for drift in drifts], ensure_ascii=False)


def _worth_a_line(change: Change) -> bool:
    return change.does_something or change.action in ("adopt", "conflict")


def _note(change: Change) -> str:
    notes = [change.reason] if change.reason else []
    if change.names:
        notes.append(f"will name {', '.join(change.names)}")
    if change.origin:
        notes.append(f"from {change.origin.title!r}, with a redirect")
    if change.action == "adopt":
        notes.append(f"the very text we want, by {change.live.user}")
    if change.sets_language and change.action != "create":
        notes.append(f"language {change.wanted.language}")
    return ", ".join(notes)


def _counts(words: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(Counter(words).items())) or "nothing at all"


def _pages(count: int) -> str:
    return f"{count} page{'s' if count != 1 else ''}"
