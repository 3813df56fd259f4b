"""Put a report below the pull request whose run made it, from a job that holds a token and runs no foreign code.

The run's event names the commit and the branch; the number of the pull request is asked of GitHub by these, never read
from the report. Only the standard library is needed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.changes.github_api import Api, ApiError
from pipeline.changes.markdown import MARK, comment
from pipeline.changes.untrusted import read_changes

BOT = "github-actions[bot]"
ARTIFACT = "changes"  # the name under which the run uploaded its report


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Post the report in the file that is named; 0 when it stands there or its pull request has moved on."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if len(words) != 1:
        print("usage: script/comment changes.json", file=sys.stderr)
        return 64
    if not Path(words[0]).exists():
        print("The run left no report: its build failed, and says why itself.")
        return 0
    try:
        changes = read_changes(Path(words[0]))
        event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        api = Api.of(environment)
        print(post(api, event["workflow_run"], lambda address: comment(changes, address)))
    except (ValueError, OSError) as error:
        print(f"error: the report cannot be posted: {str(error)[:300]!r}", file=sys.stderr)
        return 1
    except KeyError as error:
        print(f"error: {error} is missing: this runs in a workflow that another one's end starts", file=sys.stderr)
        return 1
    except ApiError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def post(api: Api, run: dict[str, Any], text: Any) -> str:
    """Post for a workflow run and return what was done, as a sentence.

    `text` makes the comment from the address of the report. Raises ApiError, and ValueError for a run that no pull
    request started.
    """
    if run["event"] != "pull_request":
        raise ValueError("no pull request started the run")
    numbers = pull_requests(api, run) if run["head_repository"] else ()  # a fork may be gone by now
    if not numbers:
        return "The pull request has moved on or is closed: nothing to say."
    body = text(_address(api, run))
    for number in numbers:
        known = _earlier(api, number)
        if known is None:
            api.post(f"issues/{number}/comments", {"body": body})
        else:
            api.patch(f"issues/comments/{known}", {"body": body})
    return f"Posted below {', '.join(f'#{number}' for number in numbers)}."


def pull_requests(api: Api, run: dict[str, Any]) -> tuple[int, ...]:
    """The open pull requests whose newest commit is the one that the run looked at."""
    head = run["head_repository"]
    found = api.get("pulls", state="open", head=f"{head['owner']['login']}:{run['head_branch']}", per_page="100")
    return tuple(
        int(one["number"])
        for one in found
        if one["head"]["sha"] == run["head_sha"]
        and (one["head"]["repo"] or {}).get("full_name") == head["full_name"]
        and one["base"]["repo"]["full_name"] == api.repository
    )


def _earlier(api: Api, number: int) -> int | None:
    """The comment of ours that already stands there."""
    for page in range(1, 11):
        found = api.get(f"issues/{number}/comments", per_page="100", page=str(page))
        for one in found:
            if one["user"]["login"] == BOT and str(one["body"]).startswith(MARK):
                return int(one["id"])
        if len(found) < 100:
            return None
    return None


def _address(api: Api, run: dict[str, Any]) -> str:
    """Where the report with pictures can be downloaded; the run's page where it is not known."""
    number = int(run["id"])
    held = api.get(f"actions/runs/{number}/artifacts", name=ARTIFACT)["artifacts"]
    page = f"{api.site}/{api.repository}/actions/runs/{number}"
    return f"{page}/artifacts/{int(held[0]['id'])}" if held else page


if __name__ == "__main__":
    sys.exit(main())
