"""Fixtures: a small project in a repository of its own, so that there is an earlier revision."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import Project


def git(root: Path, *words: str) -> str:
    identity = ("-c", "user.name=Tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(root), *identity, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def commit() -> Callable[[Project], str]:
    """Commit everything of a project and return the commit's hash."""

    def everything(project: Project) -> str:
        if not (project.root / ".git").exists():
            git(project.root, "init", "-q", "-b", "main")
        git(project.root, "add", "articles", "templates", "pyproject.toml")
        git(project.root, "commit", "-q", "--allow-empty", "-m", "A state of the sources")
        return git(project.root, "rev-parse", "HEAD")

    return everything
