"""The hook as git calls it."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
import yaml

from pipeline.cli import main, parser
from pipeline.hook import topics_of
from tests.project import REPOSITORY, Project

EN = "articles/tiny/en.md"
NAMES = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}


def git(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **NAMES, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        ["git", *words], cwd=project.root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def cloned(project: Project) -> Project:
    project.write(".gitignore", "/.marovi/\n")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "begin")
    return project


def test_the_topics_that_files_concern() -> None:
    files = ["articles/a/en.md", "articles/a/summary/es.md", "articles/papers/b/en.md", "docs/x.md"]
    assert topics_of(files) == ("a", "b")
    for file in (
        "articles/glossary/x.yaml",
        "articles/references.bib",
        "templates/page/topic.wiki.j2",
        "articles/words/en.txt",
    ):
        assert topics_of([*files, file]) == ()


@pytest.mark.slow
def test_a_commit_with_a_mistake_is_stopped_and_one_without_is_made(cloned: Project) -> None:
    assert main(["--root", str(cloned.root), "hook", "install"]) == 0
    cloned.change(EN, "{cite}`", "{cites}`")
    git(cloned, "add", ".")
    done = git(cloned, "commit", "-m", "broken")
    assert done.returncode != 0 and "unknown role 'cites'" in done.stderr and "Traceback" not in done.stderr
    cloned.change(EN, "{cites}`", "{cite}`")
    cloned.write("notes.txt", "of no topic")
    git(cloned, "add", ".")
    done = git(cloned, "commit", "-m", "whole")
    assert done.returncode == 0, done.stderr
    assert git(cloned, "log", "--format=%s").stdout.split() == ["whole", "begin"]


def test_a_hook_of_somebody_else_stays(cloned: Project, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = cloned.root / ".git/hooks/pre-commit"
    theirs.write_text("#!/bin/sh\n")
    for action in ("install", "remove"):
        assert main(["--root", str(cloned.root), "hook", action]) == 1
        assert "is there already" in capsys.readouterr().err
    assert theirs.read_text() == "#!/bin/sh\n"


def test_installing_twice_and_removing(cloned: Project) -> None:
    for action in ("install", "install", "remove", "remove"):
        assert main(["--root", str(cloned.root), "hook", action]) == 0
    assert not (cloned.root / ".git/hooks/pre-commit").exists()


def test_outside_of_git_it_says_so(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(project.root), "hook", "install"]) == 1
    assert "run this in a clone" in capsys.readouterr().err


def test_the_hook_for_pre_commit_calls_a_command_that_there_is() -> None:
    (hook,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    program, *words = hook["entry"].split()
    assert program == "marovi" and parser().parse_args([*words, "articles/a/en.md"]).file == ["articles/a/en.md"]
    assert re.match(hook["files"], "articles/a/en.md") and not re.match(hook["files"], "docs/articles/x.md")


def test_files_that_concern_nothing_are_not_looked_at(project: Project) -> None:
    project.change(EN, "{cite}`", "{cites}`")
    assert main(["--root", str(project.root), "hook", "run", "docs/x.md"]) == 0
