"""The comment is put below the pull request whose run made the report, and below no other.

GitHub itself cannot be asked from a test: a small server on loopback answers as its REST API does, and keeps what it
was sent. https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.changes.github_api import Api, ApiError
from pipeline.changes.markdown import MARK
from pipeline.changes.model import Changes, Number, Topic
from pipeline.changes.posting import BOT, main
from tests.changes.reports import NASTY
from tests.project import REPOSITORY

SHA = "a" * 40
RUN: dict[str, Any] = {
    "id": 77,
    "event": "pull_request",
    "head_sha": SHA,
    "head_branch": "numbers",
    "head_repository": {"full_name": "guest/wiki", "owner": {"login": "guest"}},
}
TOKEN = "ghs_secret_of_the_job"


def pull(number: int, sha: str = SHA, head: str = "guest/wiki", base: str = "house/wiki") -> dict[str, Any]:
    return {"number": number, "head": {"sha": sha, "repo": {"full_name": head}}, "base": {"repo": {"full_name": base}}}


class GitHub(ThreadingHTTPServer):
    """The part of GitHub's REST API that is used, with its state."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pulls: list[dict[str, Any]] = [pull(5)]
        self.comments: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.sent: list[tuple[str, str, Any]] = []
        self.status = 200


class _Answers(BaseHTTPRequestHandler):
    server: GitHub

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        path = parts.path.removeprefix("/repos/house/wiki/")
        self.server.asked.append((method, path, query))
        length = int(self.headers.get("Content-Length") or 0)
        if length:
            self.server.sent.append((method, path, json.loads(self.rfile.read(length))))
        data: Any = {}
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.server.status = 401
        if path == "pulls":
            data = self.server.pulls
        elif path.startswith("actions/runs/"):
            data = {"artifacts": [{"id": 99}]}
        elif method == "GET":
            first = (int(query["page"][0]) - 1) * 100
            data = self.server.comments[first : first + 100]
        body = json.dumps(data).encode()
        self.send_response(self.server.status)
        if 300 <= self.server.status < 400:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    number = Number(f"value {NASTY}", "1", "2", ("articles/x/en.md:3",))
    changes = Changes("base", "head", (Topic(NASTY, "changed", "", "", (number,)),))
    path = tmp_path / "changes.json"
    path.write_text(json.dumps(changes.to_json()))
    return path


def environment(github: GitHub, folder: Path, **run: Any) -> dict[str, str]:
    event = folder / "event.json"
    event.write_text(json.dumps({"workflow_run": {**RUN, **run}}))
    return {
        "GITHUB_API_URL": f"http://127.0.0.1:{github.server_port}",
        "GITHUB_REPOSITORY": "house/wiki",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_EVENT_PATH": str(event),
    }


def test_the_comment_is_made_below_the_pull_request_of_the_run(github: GitHub, report: Path, tmp_path: Path) -> None:
    assert main([str(report)], environment(github, tmp_path)) == 0
    ((method, path, data),) = github.sent
    assert (method, path) == ("POST", "issues/5/comments")
    assert data["body"].startswith(MARK) and "/house/wiki/actions/runs/77/artifacts/99)" in data["body"]
    assert "@" not in data["body"] and "<img" not in data["body"]
    assert github.asked[0] == ("GET", "pulls", {"state": ["open"], "head": ["guest:numbers"], "per_page": ["100"]})


def test_an_earlier_comment_of_ours_is_written_anew(github: GitHub, report: Path, tmp_path: Path) -> None:
    others = [{"id": number, "user": {"login": "guest"}, "body": MARK} for number in range(120)]
    github.comments = [*others, {"id": 700, "user": {"login": BOT}, "body": f"{MARK}\nold"}]
    assert main([str(report)], environment(github, tmp_path)) == 0
    assert [(method, path) for method, path, _ in github.sent] == [("PATCH", "issues/comments/700")]


@pytest.mark.parametrize(
    "other", [pull(6, sha="b" * 40), pull(6, head="stranger/wiki"), pull(6, base="guest/wiki")],
    ids=["another commit", "another fork", "into another repository"],
)  # fmt: skip
def test_no_other_pull_request_gets_it(other: dict[str, Any], github: GitHub, report: Path, tmp_path: Path) -> None:
    github.pulls = [other]
    assert main([str(report)], environment(github, tmp_path)) == 0
    assert github.sent == []


def test_a_fork_that_is_gone_gets_nothing(github: GitHub, report: Path, tmp_path: Path) -> None:
    assert main([str(report)], environment(github, tmp_path, head_repository=None)) == 0
    assert github.asked == []


def test_a_run_that_no_pull_request_started_posts_nothing(github: GitHub, report: Path, tmp_path: Path) -> None:
    assert main([str(report)], environment(github, tmp_path, event="push")) == 1
    assert github.asked == []


def test_a_report_that_is_none_is_refused_before_anything_is_asked(
    github: GitHub, report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write_text("[]")
    assert main([str(report)], environment(github, tmp_path)) == 1
    assert github.asked == [] and "cannot be posted" in capsys.readouterr().err


def test_a_run_without_a_report_is_no_failure(github: GitHub, tmp_path: Path) -> None:
    assert main([str(tmp_path / "changes.json")], environment(github, tmp_path)) == 0
    assert github.asked == []


@pytest.mark.parametrize("status", [302, 403, 404, 422, 500])
def test_a_refusal_is_said_without_the_token(
    status: int, github: GitHub, report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    github.status = status
    assert main([str(report)], environment(github, tmp_path)) == 1
    said = capsys.readouterr().err
    assert str(status) in said and TOKEN not in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_API_URL", "http://example.org"),
        ("GITHUB_TOKEN", ""),
        ("GITHUB_REPOSITORY", "a/b/../c"),
        ("GITHUB_REPOSITORY", ""),
    ],
)
def test_the_token_is_sent_nowhere_else(name: str, value: str) -> None:
    good = {"GITHUB_REPOSITORY": "house/wiki", "GITHUB_TOKEN": TOKEN}
    with pytest.raises(ApiError):
        Api.of({**good, name: value})
    assert TOKEN not in repr(Api.of(good))


def test_it_runs_with_the_standard_library_alone(github: GitHub, report: Path, tmp_path: Path) -> None:
    code = "import runpy, sys; runpy.run_module('pipeline.changes.posting', run_name='__main__')"
    command = [sys.executable, "-S", "-c", f"import sys; sys.argv = ['comment', {str(report)!r}]; {code}"]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment(github, tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(github.sent) == 1
