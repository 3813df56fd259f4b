"""Real articles, broken as people break them: one clear error each, at the right line, never a traceback."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.errors import Problem
from pipeline.read import read_all
from tests.project import REPOSITORY
from tests.read.mutations import KINDS, Broken, broken

SEEDS = 6
BESIDE = ("categories.yaml", "planned.yaml")  # what all topics share has tests of its own


def copied(root: Path) -> dict[str, str]:
    """Make the sample project at `root` and return what may be broken of it."""
    shutil.copytree(REPOSITORY / "tests" / "sample", root)
    shutil.copytree(REPOSITORY / "templates" / "messages", root / "templates" / "messages", dirs_exist_ok=True)
    paths = [path for path in (root / "articles").rglob("*.*") if path.suffix in (".md", ".yaml", ".bib")]
    return {path.relative_to(root).as_posix(): path.read_text() for path in paths if path.name not in BESIDE}


def is_near(problem: Problem, case: Broken) -> bool:
    """Whether a problem stands where the source was broken, or where the thing begins that was broken."""
    line = problem.where.line
    if case.first - 1 <= line <= case.last + 1:
        return True
    lines = case.content.decode().split("\n")
    if problem.rule == "head":
        return line == 1
    if problem.rule == "fence":  # it cannot be known which of the fences is too much
        return lines[line - 1].startswith("```")
    before = [number for number, text in enumerate(lines[: case.last], 1) if re.match(r"\s*@", text)]
    return problem.rule == "bibliography" and bool(before) and line == before[-1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_broken_source_gives_one_error_at_its_line(seed: int, tmp_path: Path) -> None:
    sources = copied(tmp_path / "project")
    config = load(tmp_path / "project")
    assert [problem for problem in read_all(config)[1] if problem.severity == "error"] == []
    kinds, wrong = set(), []
    for case in broken(sources, seed):
        path = config.root / case.file
        path.write_bytes(case.content)
        problems = [problem for problem in read_all(config)[1] if problem.severity == "error"]
        path.write_text(sources[case.file])
        kinds.add(case.kind)
        only = problems[0] if len(problems) == 1 else None
        if only is None or only.where.file != case.file or not is_near(only, case):
            wrong.append((case.kind, case.file, case.first, [str(problem) for problem in problems]))
        elif not only.remedy and only.rule not in ("yaml", "embed", "value"):
            wrong.append((case.kind, "no remedy", str(only)))
    assert wrong == []
    assert len(kinds) > 0.9 * len(KINDS), KINDS.keys() - kinds


def test_there_are_two_hundred_cases() -> None:
    from tests.read.test_bad_sources import CASES

    assert len(CASES) + SEEDS * 0.9 * len(KINDS) > 200


def test_the_same_seed_breaks_the_same(tmp_path: Path) -> None:
    sources = copied(tmp_path / "project")
    assert list(broken(sources, 3)) == list(broken(sources, 3))
