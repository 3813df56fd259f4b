"""What a moment of a build is counted as."""

from __future__ import annotations

import pytest

from bench.profile_build import IMPORTS, REST, part_of

HOUSE = "/home/somebody/pipeline/project/pipeline"
CALLER = [f"{HOUSE}/cli.py", f"{HOUSE}/build.py"]


@pytest.mark.parametrize(
    ("inner", "part"),
    [
        ([f"{HOUSE}/read/__init__.py", "/lib/markdown_it/main.py"], "reading"),
        ([f"{HOUSE}/render/__init__.py", f"{HOUSE}/read/document.py"], "rendering"),
        ([f"{HOUSE}/render/manifest.py", "/lib/python3/pathlib.py"], "writing"),
        ([f"{HOUSE}/run/schedule.py", "/lib/python3/selectors.py"], "running cells, cache"),
        (
            [f"{HOUSE}/run/schedule.py", "<frozen importlib._bootstrap>", "/lib/json/__init__.py"],
            "running cells, cache",
        ),
        (["<frozen importlib._bootstrap>", f"{HOUSE}/read/__init__.py"], IMPORTS),
        (["/lib/python3/json/__init__.py"], REST),
    ],
)
def test_a_moment_counts_for_the_part_that_asked(inner: list[str], part: str) -> None:
    assert part_of([*CALLER, *inner]) == part
