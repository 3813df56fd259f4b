"""One rule at a time over a small project."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pipeline.errors import Problem
from pipeline.read.article import Sources

Rule = Callable[[Sources], Iterator[Problem]]
Found = Callable[[Rule], list[str]]


@pytest.fixture
def found(project) -> Found:
    """Run a rule over the project as it stands: the problems as they are printed."""

    def run(rule: Rule) -> list[str]:
        sources, problems = project.read()
        assert problems == ()
        return [str(problem) for problem in sorted(rule(sources))]

    return run
