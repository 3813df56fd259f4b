"""A plan in a file: what somebody reviewed is carried out as it stands there, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.deploy.changes import DOES_SOMETHING, Plan
from pipeline.errors import WikiError

FORMAT = 2
AGAIN = "make a new plan with `marovi plan --out FILE`, review it, and deploy that"


def write_plan(plan: Plan, path: Path) -> None:
    """Write what `hold_against` needs, and what a reviewer wants to see; no secret is in a plan."""
    text = json.dumps({"format": FORMAT, **plan.to_json()}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read_plan(path: Path) -> dict[str, Any]:
    """Read a plan that was written before. Raises WikiError for a file that is none."""
    try:
        reviewed = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WikiError(f"{path} cannot be read: {error.strerror}", AGAIN) from error
    except ValueError:
        reviewed = None
    if not isinstance(reviewed, dict) or reviewed.get("format") != FORMAT or "changes" not in reviewed:
        raise WikiError(f"{path} is not a plan of this version", AGAIN)
    return reviewed


def hold_against(reviewed: dict[str, Any], now: Plan) -> None:
    """Raise WikiError, with what has moved on, unless `now` is the reviewed plan or the rest of it.

    What the bot has done since then is no difference: a deployment that was killed can be run again from its file.
    """
    if reviewed.get("target") != now.target:
        raise WikiError(f"the plan is for {reviewed.get('target')}, not for {now.target}", "name its wiki, or " + AGAIN)
    moved = list(_differences(reviewed, now.to_json()))
    if moved:
        shown = "; ".join(moved[:5]) + (f"; and {len(moved) - 5} more" if len(moved) > 5 else "")
        raise WikiError(f"the plan no longer holds: {shown}", AGAIN)


def _differences(reviewed: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    before = {change["title"]: change for change in reviewed["changes"]}
    after = {change["title"]: change for change in now["changes"]}
    for title in sorted(before.keys() ^ after.keys()):
        yield f"{title!r} is {'not in the plan' if title in after else 'no longer built'}"
    for title in sorted(before.keys() & after.keys()):
        then, change = before[title], after[title]
        # The dates in the list of the newest articles are those of the day on which they are published.
        content = "undated" if "undated" in then else "sha1"
        if then.get("names") != change.get("names"):
            yield f"{title!r} would name other articles, or in another order"
        elif then[content] != change[content]:
            yield f"{title!r} was built anew with other content"
        elif not _same(then, change) and not _done(then, change):
            yield f"{title!r} is to be {change['action']}, and was to be {then['action']}"
    # A run from this very file may have been killed when it had just deleted an orphan.
    expected = {one["title"] for one in (*reviewed["lost"], *(reviewed["orphans"] if reviewed["prune"] else ()))}
    for lost in now["lost"]:
        if lost["title"] not in expected:
            yield f"{lost['title']!r} would come back, and the plan does not say so"
    if reviewed["prune"] != now["prune"]:
        yield "orphans are deleted with --prune alone, in the plan as in the deployment"
    elif now["prune"]:
        known = {orphan["title"]: orphan["revision"] for orphan in reviewed["orphans"]}
        for orphan in now["orphans"]:
            if known.get(orphan["title"]) != orphan["revision"]:
                yield f"{orphan['title']!r} would be deleted, and the plan does not say so"


def _same(then: dict[str, Any], change: dict[str, Any]) -> bool:
    return all(then[key] == change[key] for key in ("action", "live", "origin"))


def _done(then: dict[str, Any], change: dict[str, Any]) -> bool:
    return then["action"] in DOES_SOMETHING and change["action"] == "unchanged"
