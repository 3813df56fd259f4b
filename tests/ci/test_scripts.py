"""The scripts that workflows call do what the workflows rely on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.changes.conftest import git
from tests.project import REPOSITORY, Project

SCRIPTS = sorted(path for path in (REPOSITORY / "script").iterdir() if path.is_file() and path.suffix != ".txt")


def equip(project: Project) -> Project:
    """Give a project the scripts, and an environment that is set up already: the one the tests run in."""
    root = project.root
    shutil.copytree(REPOSITORY / "script", root / "script")
    project.write(".venv/bin/python", f'#!/bin/sh\nPYTHONPATH={REPOSITORY} exec {sys.executable} "$@"\n')
    (root / ".venv/bin/python").chmod(0o755)
    wanted = root.joinpath("pyproject.toml").read_bytes() + root.joinpath("script/constraints.txt").read_bytes()
    done = subprocess.run(["cksum"], input=wanted, capture_output=True, check=True)
    project.write(".venv/installed-", done.stdout)
    project.write(".gitignore", "/.venv/\n/.marovi/\n/build/\n/report/\n")
    return project


def run(project: Project, script: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [f"./script/{script}", *words], cwd=project.root, env={**os.environ, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_bash_understands_each_script(path: Path) -> None:
    done = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert os.access(path, os.X_OK) == (path.suffix != ".sh")


@pytest.mark.parametrize("script", ["marovi", "changes", "publish", "test"])
def test_each_script_says_how_it_is_used(script: str, project: Project) -> None:
    done = run(equip(project), script, "--help")
    assert done.returncode == 0 and f"script/{script}" in done.stdout


@pytest.mark.slow
def test_an_exit_code_is_a_failure_unless_it_is_allowed(project: Project, tmp_path: Path) -> None:
    equip(project)
    output = tmp_path / "output"
    words = ("check", "nowhere")
    assert run(project, "marovi", *words, GITHUB_OUTPUT=str(output)).returncode == 1
    assert run(project, "marovi", "--allow", "2,3", *words, GITHUB_OUTPUT=str(output)).returncode == 1
    assert run(project, "marovi", "--allow", "1,3", *words, GITHUB_OUTPUT=str(output)).returncode == 0
    assert run(project, "marovi", "--allow", "1", "schema", "article", GITHUB_OUTPUT=str(output)).returncode == 0
    assert output.read_text() == "code=1\ncode=1\ncode=1\ncode=0\n"
    assert run(project, "marovi", "--allow", "all", *words).returncode == 1


@pytest.mark.slow
def test_what_goes_into_the_summary_is_code_on_every_line(project: Project, tmp_path: Path) -> None:
    equip(project)
    summary = tmp_path / "summary.md"
    environment = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTIONS": "true"}
    done = run(project, "marovi", "--summary", "schema", "article", **environment)
    assert done.returncode == 0 and json.loads(done.stdout)
    first, *lines = summary.read_text().splitlines()
    assert first == "" and lines and all(line.startswith("    ") for line in lines)
    assert json.loads("\n".join(line[4:] for line in lines)) == json.loads(done.stdout)
    assert run(project, "marovi", "--summary", "check", "nowhere", **environment).returncode == 1


def test_the_report_of_a_change_has_pictures_of_both_sides(built: Project) -> None:
    equip(built)
    git(built.root, "init", "-q", "-b", "main")
    git(built.root, "add", ".")
    git(built.root, "commit", "-q", "-m", "Before")
    built.change("articles/tiny/en.md", "ax.plot([1, 2])", "ax.plot([1, 3])")
    assert run(built, "marovi", "build", "--accept").returncode == 0
    git(built.root, "commit", "-q", "-a", "-m", "After")
    done = run(built, "changes", "HEAD^1")
    assert done.returncode == 0, done.stderr
    found = json.loads((built.root / "report/changes.json").read_text())
    assert [picture["change"] for picture in found["pictures"]] == ["changed", "changed"]
    assert found["topics"][0]["figures"] == ["curve"] and found["notes"] == []
    assert len(list((built.root / "report/figures").iterdir())) == 4
    assert (
        "cached" in (built.root / ".marovi/before.log").read_text()
    )  # what is known of the base is not computed again
    assert git(built.root, "worktree", "list").count("\n") == 0
    assert run(built, "changes", "nowhere").returncode == 1


def test_a_base_that_cannot_be_built_leaves_the_numbers(built: Project) -> None:
    equip(built)
    git(built.root, "init", "-q", "-b", "main")
    built.change("articles/tiny/en.md", "{term}", "{trem}")
    git(built.root, "add", ".")
    git(built.root, "commit", "-q", "-m", "Before")
    built.change("articles/tiny/en.md", "{trem}", "{term}")
    done = run(built, "changes", "HEAD")
    assert done.returncode == 0 and "cannot be built" in done.stderr
    notes = json.loads((built.root / "report/changes.json").read_text())["notes"]
    assert any("there is no build of the base" in note for note in notes)


def test_a_comment_needs_no_environment_of_ours(project: Project, tmp_path: Path) -> None:
    done = subprocess.run(
        [REPOSITORY / "script/comment", "missing.json"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0 and "left no report" in done.stdout
