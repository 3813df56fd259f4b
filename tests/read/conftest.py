"""Fixtures: a small project, and the one problem it has."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.project import Project


@pytest.fixture
def problem(project: Project) -> Callable[[], str]:
    """The one problem the project has."""

    def only() -> str:
        found = project.problems()
        assert len(found) == 1, found
        return found[0]

    return only
