"""American English."""

from __future__ import annotations

import pytest

from pipeline.check.american import american

EN = "articles/tiny/en.md"


def test_american_words_and_one_of_two_spellings(project, found) -> None:
    project.add(EN, "\nToward the catalog, while a color fades afterwards; *backwards* is fine.\n")
    assert found(american) == []


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("It moves towards it.", 10, "'towards' is British; write 'toward' [american]"),
        ("Whilst it moves.", 1, "'Whilst' is British; write 'while' [american]"),
        ("The catalog and the catalogue.", 21, "'catalogue' here and 'catalog' elsewhere on the page; write 'catalog'"),
    ],
)
def test_british_words_and_mixed_ones(text: str, column: int, message: str, project, found) -> None:
    project.add(EN, f"\n{text}\n")
    assert found(american)[0].startswith(f"{EN}:25:{column}: {message}")
