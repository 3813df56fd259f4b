"""Titles: which ones MediaWiki cannot have, and what pages and files are called."""

from __future__ import annotations

import pytest

from pipeline.titles import figure_file, glossary_page, problem_of_page, problem_of_title, topic_page


@pytest.mark.parametrize(
    "title",
    [
        "Softmax Function",
        "A/B testing",
        "BERT: Pre-training",
        "机器学习",
        "Adam (optimizer)",
        "R² & co",
        "100% test",
        "ß",
    ],
)
def test_a_title_that_mediawiki_keeps_has_no_problem(title: str) -> None:
    assert problem_of_title(title) == ""


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("C#", "'#'"),
        ("A|B", "'|'"),
        ("A[1]", "'['"),
        ("A {x}", "'{'"),
        ("A<B", "'<'"),
        ("A_B", "shows as a space"),
        ("A\tB", "U+0009"),
        ("A\u200eB", "U+200E"),
        ("A\u00a0B", "U+00A0"),
        ("A  B", "two in a row"),
        (" A", "starts or ends with a space"),
        ("A\u0301", "NFC"),
        ("k-means", "'K-means'"),
        ("学" * 86, "258 bytes"),
        ("A ~~~", "signature"),
        ("A %41", "encoded character"),
        ("A &amp; B", "HTML entity"),
        ("A/../B", "relative path"),
        (".", "relative path"),
        (":A", "colon"),
        ("File:A", "namespace"),
        ("Help talk:A", "namespace"),
        ("Glossary:A", "namespace"),
        ("Wikipedia:A", "another wiki"),
        ("Http://a.org/", "address"),
    ],
)
def test_a_title_that_mediawiki_would_change_or_refuse_is_explained(title: str, words: str) -> None:
    assert words in problem_of_title(title)


def test_a_page_is_judged_without_its_namespace_and_a_file_by_its_length() -> None:
    assert problem_of_page("Glossary:Learning rate/es") == ""
    assert "namespace" in problem_of_page("Category:File:X")
    assert "240" in problem_of_page("File:" + "X" * 241)


def test_translations_stand_below_the_source_page() -> None:
    assert topic_page("Dropout", "en", "en") == "Dropout"
    assert topic_page("Dropout", "zh", "en") == "Dropout/zh"
    assert glossary_page("learning rate", "es", "en") == "Glossary:Learning rate/es"


def test_a_figure_is_called_as_uploads_would_call_it() -> None:
    assert figure_file("Softmax Function", "temperature", "en") == "File:Softmax Function - temperature (en).png"
    assert figure_file("A/B: c", "loss_curve", "es") == "File:A-B- c - loss curve (es).png"
