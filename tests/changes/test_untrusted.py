"""A report from foreign code is read as data within bounds, or refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from pipeline.changes.model import Changes
from pipeline.changes.untrusted import LARGEST, LONGEST, read_changes
from tests.changes.reports import REPORTS, huge


def written(folder: Path, data: Any) -> Path:
    path = folder / "changes.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


@given(REPORTS)
@settings(max_examples=20)
def test_what_was_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, changes: Changes) -> None:
    assert read_changes(written(tmp_path_factory.mktemp("report"), changes.to_json())) == changes


GOOD = huge("x", 2).to_json()
BAD: dict[str, Any] = {
    "nothing": "",
    "not JSON": "{",
    "a list": [],
    "another format": {**GOOD, "format": 2},
    "no topics": {key: value for key, value in GOOD.items() if key != "topics"},
    "topics that are a text": {**GOOD, "topics": "abc"},
    "a topic that is a text": {**GOOD, "topics": ["abc"]},
    "a number where a text belongs": {**GOOD, "base": 5},
    "a text that is too long": {**GOOD, "base": "x" * (LONGEST + 1)},
    "a list that is too long": {**GOOD, "notes": ["x"] * 20_001},
    "neither true nor false": {**GOOD, "pictures": [{"title": "", "change": "", "source": "", "redrawn": "no"}]},
    "nested without end": "[" * 200_000,
    "no number": '{"format": NaN}',
    "too large": " " * (LARGEST + 1),
}


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        read_changes(written(tmp_path, BAD[name]))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "changes.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(ValueError):
        read_changes(tmp_path / "changes.json")


def test_a_link_is_not_followed_and_a_pipe_not_waited_for(tmp_path: Path) -> None:
    secret = written(tmp_path, GOOD)
    (tmp_path / "link.json").symlink_to(secret)
    with pytest.raises(OSError):
        read_changes(tmp_path / "link.json")
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(ValueError, match="no file"):
        read_changes(tmp_path / "pipe.json")
    with pytest.raises((OSError, ValueError)):
        read_changes(tmp_path)
