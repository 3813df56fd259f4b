"""Alternative texts of figures."""

from __future__ import annotations

import pytest

from pipeline.check.alternative import alternative

EN = "articles/tiny/en.md"


def test_words_alone(found) -> None:
    assert found(alternative) == []


@pytest.mark.parametrize("markup", ["{glue}`count`", "$x$", "`x`", "**x**"])
def test_markup_that_nobody_would_resolve(markup: str, project, found) -> None:
    project.change(EN, "alt: It rises.", f"alt: 'It rises {markup}.'")
    (line,) = found(alternative)
    assert line.startswith(f"{EN}:11:45: ") and "in an alternative text would be read as it stands" in line


def test_the_caption_once_more(project, found) -> None:
    project.change(EN, "alt: It rises.", "alt: A curve.")
    assert found(alternative) == [
        f"{EN}:11:3: the alternative text is the caption; say what there is to see for somebody who cannot see it [alt]"
    ]
