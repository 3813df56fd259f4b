"""`marovi doctor` says what is there, on this machine and on one that lacks it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.doctor import _cksum, _is_met
from tests.project import REPOSITORY, Project

pytestmark = pytest.mark.slow  # it starts Python, PHP and git


def findings(root: Path, *words: str, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    command = [sys.executable, "-m", "pipeline.cli", "--root", str(root), "doctor", "--json", *words]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.stderr == "", done.stderr
    data = json.loads(done.stdout)
    assert data["ok"] == (done.returncode == 0)
    return done.returncode, {one["what"]: one for one in data["findings"]}


def test_where_all_is_there_it_says_so(project: Project) -> None:
    code, found = findings(project.root)
    assert code == 0
    assert found["Python"]["found"] == ".".join(map(str, sys.version_info[:3]))
    assert found["git"]["ok"] and found["torch"]["found"] and found["protections from cells:"]["found"]


def test_what_is_missing_has_a_remedy(project: Project, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    code, found = findings(project.root, PATH=str(empty))
    assert code == 1
    assert not found["git"]["ok"] and "apt-get install git" in found["git"]["remedy"]
    assert not found["php"]["ok"] and not found["php"]["needed"] and "php-cli" in found["php"]["remedy"]
    assert not found["Chromium"]["ok"]


def test_outside_a_project_and_with_broken_settings(project: Project, tmp_path: Path) -> None:
    (tmp_path / "nowhere").mkdir()
    code, found = findings(Path("/"))
    assert code == 1 and "not inside a Marovi project" in found["a project around this folder"]["remedy"]
    project.change("pyproject.toml", "languages", "langauges")
    code, found = findings(project.root)
    assert code == 1 and "did you mean 'languages'" in found["a project around this folder"]["remedy"]


def test_a_stale_environment_is_seen(project: Project) -> None:
    project.write("script/setup.sh", "")
    project.write("script/constraints.txt", "numpy==2\n")
    text = (project.root / "pyproject.toml").read_bytes() + b"numpy==2\n"
    done = subprocess.run(["cksum"], input=text, capture_output=True, check=True)
    project.write(".venv/installed-test", done.stdout)
    assert findings(project.root)[1][".venv as pyproject.toml wants it"]["ok"]
    project.write("script/constraints.txt", "numpy==3\n")
    stale = findings(project.root)[1][".venv as pyproject.toml wants it"]
    assert not stale["ok"] and "script/publish" in stale["remedy"]


@pytest.mark.parametrize("data", [b"", b"a", b"numpy==2\n" * 99, bytes(range(256)) * 3])
def test_the_sum_is_that_of_cksum(data: bytes) -> None:
    done = subprocess.run(["cksum"], input=data, capture_output=True, check=True, text=False)
    assert _cksum(data) == done.stdout.decode().strip()


def test_requirements_are_compared_by_number() -> None:
    assert (
        _is_met("numpy>=1.9") and _is_met("numpy") and not _is_met("numpy>=99") and not _is_met("no-such-package-here")
    )


def test_a_wiki_that_cannot_be_reached_is_named_without_its_secrets(project: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = server.getsockname()[1]
    address = f"http://bot:hunter2@127.0.0.1:{nobody}/w/"
    code, found = findings(project.root, "--network", MAROVI_WIKI_URL=address)
    assert code == 1 and f"127.0.0.1:{nobody}/w/api.php cannot be reached" in found["the wiki"]["remedy"]
    assert "hunter2" not in json.dumps(found)


def test_lines_for_a_person(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--root", str(project.root), "doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ok       build: Python 3.") and "looked at" in lines[-1]
