"""What is made of answers of queries without being one."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import Config
from pipeline.memo.given import memo_of
from pipeline.memo.store import Store


def test_what_is_made_of_answers_is_made_anew_for_other_answers_alone(tmp_path: Path) -> None:
    given = memo_of(Config(tmp_path), Store(tmp_path / "memo", "stamp")).given
    made: list[tuple[str, ...]] = []

    def names(answer: tuple[str, ...], name: str = "names") -> frozenset[str]:
        return given.made_of((answer,), name, lambda: made.append(answer) or frozenset(answer))  # type: ignore[func-returns-value]

    one, other = ("a", "b"), ("b", "c")
    assert names(one) is names(one) and made == [one]
    assert names(other) == {"b", "c"} and names(one) == {"a", "b"}
    assert names(other, "other names") == {"b", "c"} and names(one) == {"a", "b"}
    assert made == [one, other, one, other]
