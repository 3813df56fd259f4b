"""articles/pulled.json is read as it was written, and refused where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import MaroviError
from pipeline.taken_over import FILE, TakenOver, on_wiki, read_taken_over, with_revision, write_taken_over

WIKI = "https://wiki.example.org/w/"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    assert read_taken_over(tmp_path) == {}
    staging = {"学习": TakenOver(2, "f" * 40), "Dropout": TakenOver(7, "0" * 40, "abc1234")}
    record = {WIKI: staging, "https://staging.example.org/": {"Dropout": TakenOver(3, "1" * 40)}}
    write_taken_over(tmp_path, record)
    assert read_taken_over(tmp_path) == record
    assert (tmp_path / FILE).read_text(encoding="utf-8").index("Dropout") < 70  # sorted, for short diffs
    assert [path.name for path in (tmp_path / "articles").iterdir()] == ["pulled.json"]


def test_a_revision_of_one_wiki_says_nothing_of_another(tmp_path: Path) -> None:
    record = with_revision({}, WIKI, "Dropout", TakenOver(7, "0" * 40))
    record = with_revision(record, "local", "Dropout", TakenOver(2, "1" * 40))
    record = with_revision(record, WIKI, "Dropout", TakenOver(9, "2" * 40))
    assert on_wiki(record, WIKI) == {"Dropout": TakenOver(9, "2" * 40)}
    assert on_wiki(record, "local") == {"Dropout": TakenOver(2, "1" * 40)}
    assert on_wiki(record, "https://other.example.org/") == {}


def test_a_record_of_before_there_were_several_wikis_counts_on_each(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / FILE).write_text('{"Dropout": {"revision": 7, "sha1": "%s", "commit": "abc1234"}}' % ("0" * 40))
    record = read_taken_over(tmp_path)
    old = TakenOver(7, "0" * 40, "abc1234")
    assert on_wiki(record, WIKI) == on_wiki(record, "local") == {"Dropout": old}
    write_taken_over(tmp_path, with_revision(record, WIKI, "Dropout", TakenOver(9, "1" * 40)))
    again = read_taken_over(tmp_path)
    assert on_wiki(again, WIKI) == {"Dropout": TakenOver(9, "1" * 40)}
    assert on_wiki(again, "local") == {"Dropout": old}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"A": 3}',
        '{"A": {"revision": 0, "sha1": "x"}}',
        '{"A": {"B": 3}}',
        '{"A": {"revision": 7}}',
        '{"A": {"revision": "7", "sha1": "%s"}}' % ("0" * 40),
    ],
)
def test_a_damaged_record_lets_nothing_through(tmp_path: Path, text: str) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / FILE).write_text(text)
    with pytest.raises(MaroviError, match=r"pulled\.json"):
        read_taken_over(tmp_path)
