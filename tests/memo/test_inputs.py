"""What a file is: seen while somebody saves it, it is what is being saved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.memo import inputs
from pipeline.memo.building import BuildMemo
from pipeline.memo.engine import Memo
from pipeline.memo.given import Given
from pipeline.memo.store import Store

HALF = 0.2  # seconds between emptying a file and writing it


@pytest.fixture
def memo(tmp_path: Path) -> Iterator[Memo]:
    memo = BuildMemo(Store(tmp_path / "memo", "code"))
    memo.given = Given(Config(tmp_path), memo)
    yield memo
    memo.store.close()


def test_a_file_that_was_emptied_just_now_is_waited_for(
    memo: Memo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "RECENT", 60 * 10**9)
    file = tmp_path / "en.md"
    file.write_text("")
    writing = threading.Timer(HALF, file.write_text, ["after"])
    writing.start()
    try:
        assert inputs.text(memo, "en.md") == "after"
    finally:
        writing.join()


def test_one_that_stays_empty_is_empty(memo: Memo, tmp_path: Path) -> None:
    (tmp_path / "en.md").write_text("")
    assert inputs.stamp(memo, "en.md") is not None
    assert inputs.text(memo, "en.md") == ""
