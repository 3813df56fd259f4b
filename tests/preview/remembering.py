"""A memo of a project whose cells have run, as the live preview has one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.memo.engine import Memo
from pipeline.memo.resident import resident
from pipeline.memo.runs import Runs
from pipeline.run import RunSettings, run

WHO = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")


@pytest.fixture
def remembered() -> Iterator[Callable[[Path], Memo]]:
    """Run what must run and give the memo; what a run before left in the cache is taken from there."""
    with ExitStack() as stack:

        def remember(root: Path) -> Memo:
            config = load(root)
            memo, settings = resident(config, "memo"), RunSettings.of(config)
            stack.callback(memo.store.close)
            runs = Runs(memo, settings)
            due = runs.due(lambda event: None)
            report = run(due, settings)
            assert report.problems == ()
            runs.take(due, report)
            return memo

        yield remember


def commit(root: Path, message: str) -> str:
    """Commit everything and return the short name of the commit."""
    if not (root / ".git").exists():
        (root / ".gitignore").write_text("build/\n.marovi/\n")
        git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, *WHO, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()[:10]


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout
