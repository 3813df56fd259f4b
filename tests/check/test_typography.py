"""Quotes, opening marks and decimal marks."""

from __future__ import annotations

import pytest

from pipeline.check.typography import typography

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"


def test_each_language_with_its_own_marks(project, found) -> None:
    project.add(EN, '\nIt is "so", isn\'t it? About {lit}`1,000` or {lit}`0.5`, $\\lit{0.5}$.\n')
    project.add(ES, "\n¿Es «así, “o casi”»? ¡Sí! Unos {lit}`1.000` o {lit}`0,5`, $\\lit{0{,}5}$.\n")
    assert found(typography) == []


@pytest.mark.parametrize(
    ("file", "text", "column", "message"),
    [
        (EN, "It is “so”.", 7, "the quote “ is not this language's; write \" or ' [quotes]"),
        (EN, "It’s so.", 3, "the quote ’ is not this language's; write \" or ' [quotes]"),
        (EN, "About {lit}`0,5`.", 7, "the decimal mark of 0,5 is not this language's; write 0.5 [decimal]"),
        (ES, 'Es "así".', 4, "the quote \" is not this language's; write « and »; quotes inside"),
        (ES, "Es “así”.", 4, "the quote “ is not this language's; write « and »; quotes inside"),
        (ES, "Es así?", 7, "'?' without '¿' before it; open the sentence with ¿ [quotes]"),
        (ES, "Sí $\\lit{0.5}$.", 4, "the decimal mark of 0.5 is not this language's; write 0{,}5 [decimal]"),
    ],
)
def test_another_language_s_mark(file: str, text: str, column: int, message: str, project, found) -> None:
    project.add(file, f"\n{text}\n")
    line = 25 if file == EN else 17
    assert found(typography)[0].startswith(f"{file}:{line}:{column}: {message}")
