"""Follow docs/tutorial.md to the letter in a small project: each edit made, each command run, its output found."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project import REPOSITORY, Project, complete

TUTORIAL = REPOSITORY / "docs" / "tutorial.md"
BLOCK = re.compile(
    r"(?:^<!-- (?P<note>.*?) -->\n)?^(?P<fence>`{3,})(?P<info>\w*)\n(?P<text>.*?)^(?P=fence)\n",
    re.MULTILINE | re.DOTALL,
)
NAMES = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}


@dataclass(frozen=True, slots=True)
class Step:
    """A fenced block of the tutorial: the comment before it says what to do with it."""

    note: str
    info: str
    text: str
    line: int


def steps() -> Iterator[Step]:
    page = TUTORIAL.read_text(encoding="utf-8")
    for found in BLOCK.finditer(page):
        yield Step(found["note"] or "", found["info"], found["text"], page.count("\n", 0, found.start()) + 1)


def edit(root: Path, step: Step) -> None:
    verb, _, name = step.note.rpartition(" ")
    path = root / name
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    match verb:
        case "write":
            assert not old
            path.parent.mkdir(parents=True, exist_ok=True)
            new = step.text
        case "append to":
            new = old + step.text
        case "replace the last line of":
            new = old[: old.rstrip("\n").rindex("\n") + 1] + step.text
        case "change":
            lines = step.text.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line.startswith("-"))
            assert old.count(before) == 1, f"line {step.line}: {before!r} is not there once"
            new = old.replace(before, "".join(line[1:] for line in lines if line.startswith("+")))
        case _:
            raise AssertionError(f"line {step.line}: what is to be done with this block? {step.note!r}")
    path.write_text(new, encoding="utf-8")


def follow(root: Path, step: Step, bin: Path) -> None:
    environment = {**os.environ, **NAMES, "PATH": f"{bin}:{os.environ['PATH']}", "COLUMNS": "200"}
    for command in re.split(r"^\$ ", step.text, flags=re.MULTILINE)[1:]:
        words, *shown = command.splitlines()
        code = 0
        if shown and (match := re.fullmatch(r"\(exit code (\d+)\)", shown[-1])):
            code, shown = int(match[1]), shown[:-1]
        done = subprocess.run(
            ["bash", "-c", words], cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        output = done.stdout + done.stderr
        assert done.returncode == code, f"line {step.line}: {words}\n{output}"
        for line in shown:
            found = " ".join(line.split()) in " ".join(output.split())
            assert found, f"line {step.line}: {words} does not print {line!r} but\n{output}"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A clone's stand-in with one topic, so that a build takes seconds, and `marovi` on the way to programs."""
    root = tmp_path / "marovi"
    complete(Project(root))
    (root / ".gitignore").write_text("/.marovi/\n/build/\n")
    bin = tmp_path / "bin"
    bin.mkdir()
    program = bin / "marovi"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{REPOSITORY}" exec "{sys.executable}" -m pipeline.cli "$@"\n')
    program.chmod(0o755)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


@pytest.mark.slow
def test_the_tutorial_works_when_followed(scratch: Path) -> None:
    seen = set()
    for step in steps():
        if step.note.startswith("not followed"):
            continue
        if step.info == "console":
            follow(scratch, step, scratch.parent / "bin")
        else:
            edit(scratch, step)
        seen.add(step.note.rpartition(" ")[0])
    assert seen >= {"write", "append to", "change", "replace the last line of", ""}
    site = scratch / "build" / "site"
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html") if "pi" in path.as_posix().lower()]
    assert any("Pi by Chance" in page and "<img" in page for page in pages)
    assert any("Pi al azar" in page and "3,1" in page for page in pages)
    log = subprocess.run(["git", "log", "--format=%s"], cwd=scratch, capture_output=True, text=True, check=True)
    assert log.stdout.strip() == "Pi by Chance"


def test_every_block_of_the_tutorial_says_what_to_do_with_it() -> None:
    known = ("write", "append to", "change", "replace the last line of")
    for step in steps():
        assert step.info == "console" or step.note.rpartition(" ")[0] in known or step.note.startswith("not followed")
    assert len([step for step in steps() if step.info == "console"]) >= 10
