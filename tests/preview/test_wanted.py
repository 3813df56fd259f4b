"""Words and phrases are told apart, and found where they are whole words."""

from __future__ import annotations

import pytest

from pipeline.preview.wanted import MOST_TERMS, Term, terms_in


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("", []),
        ("  ", []),
        ("Tasa  DE aprendizaje", ["tasa", "de", "aprendizaje"]),
        ('"learning rate" momentum', ["learning rate", "momentum"]),
        ("“tasa de aprendizaje”", ["tasa de aprendizaje"]),
        ("«gradiente» 「学习率」 『梯度 下降』", ["gradiente", "学习率", "梯度下降"]),
        ('"not closed yet', ["not closed yet"]),
        ('"" x', ["x"]),
        ("a a A á", ["a"]),
        ("torch.softmax(z)", ["torch.softmax(z)"]),
        ("<script>", ["<script>"]),
    ],
)
def test_words_and_phrases_are_read(words: str, terms: list[str]) -> None:
    assert [term.text for term in terms_in(words)] == terms


def test_nobody_is_made_to_look_for_a_whole_book() -> None:
    assert len(terms_in(" ".join(map(str, range(1000))))) == MOST_TERMS


@pytest.mark.parametrize(
    ("term", "text", "fit"),
    [
        ("rate", "a learning rate", 3),
        ("rate", "the rates", 2),
        ("rate", "to generate", 1),
        ("rate", "to generate a rate", 3),
        ("rate", "nothing", 0),
        ("entropy", "cross_entropy(z)", 3),
        ("de", "modelo de red", 3),
        ("de", "desde", 0),
        ("学习", "机器学习率", 3),
        ("ai", "现代ai的", 3),
        ("x^2", "is $x^2$.", 3),
        ("c++", "in c++ too", 3),
        ("ra te", "ra tes", 2),
    ],
)
def test_whole_words_fit_best_and_short_ones_only_whole(term: str, text: str, fit: int) -> None:
    assert Term(term).fit(text) == fit
    assert Term(term).is_in(text) == (fit > 0)
    assert (Term(term).count(text) > 0) == (fit > 0)
    assert len(list(Term(term).places(text))) == Term(term).count(text)
