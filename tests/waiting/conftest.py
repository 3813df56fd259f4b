"""Projects whose processes end with the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import Project
from tests.waiting.house import House, is_alive, until

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of our packages: whoever edits the repository meanwhile does not change what is tested."""
    folder = tmp_path_factory.mktemp("code")
    for name in ("pipeline", "runtime"):
        shutil.copytree(REPOSITORY / name, folder / name)
    return folder


@pytest.fixture
def house(built: Project, code: Path) -> Iterator[House]:
    """A project that was built, for which nothing waits yet."""
    house = House(built.root, code)
    yield house
    process = house.waiting()
    house.run("stop")
    until(lambda: not is_alive(process))
