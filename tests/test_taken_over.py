"""articles/pulled.json is read as it was written, and refused where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import MaroviError
from pipeline.taken_over import FILE, TakenOver, read_taken_over, write_taken_over


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    assert read_taken_over(tmp_path) == {}
    record = {"学习": TakenOver(2, "f" * 40), "Dropout": TakenOver(7, "0" * 40, "abc1234")}
    write_taken_over(tmp_path, record)
    assert read_taken_over(tmp_path) == record
    assert (tmp_path / FILE).read_text(encoding="utf-8").index("Dropout") < 30  # sorted, for short diffs
    assert [path.name for path in (tmp_path / "articles").iterdir()] == ["pulled.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"A": 3}',
        '{"A": {"revision": 0, "sha1": "x"}}',
        '{"A": {"revision": "7", "sha1": "%s"}}' % ("0" * 40),
    ],
)
def test_a_damaged_record_lets_nothing_through(tmp_path: Path, text: str) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / FILE).write_text(text)
    with pytest.raises(MaroviError, match=r"pulled\.json"):
        read_taken_over(tmp_path)
