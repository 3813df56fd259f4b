"""All words must be there; then the reader's language, the title, the headings and the count decide, in this order."""

from __future__ import annotations

from pipeline.memo.texts import CONCEPT, TOPIC, PageText, page_text
from pipeline.preview.ranking import ranked
from pipeline.preview.wanted import terms_in
from pipeline.render.html.site import Name
from pipeline.render.plain_page import Piece, PlainSection


def page(title: str, text: str = "", heading: str = "", language: str = "en", kind: str = TOPIC) -> PageText:
    lead = PlainSection("", "", ())
    return page_text(kind, Name("topic", language, title), title, (lead, PlainSection(heading, "a", (Piece(text),))))


def order(words: str, *pages: PageText, language: str = "en") -> list[str]:
    return [f"{one.title} {one.language}" for one in ranked(pages, terms_in(words), language)]


def test_every_word_is_required() -> None:
    one, two = page("One", "rate and momentum"), page("Two", "rate")
    assert order("momentum rate", one, two) == ["One en"]
    assert order("rate nowhere", one, two) == []
    assert order("", one, two) == []


def test_a_phrase_is_required_as_it_stands() -> None:
    assert order('"learning rate"', page("One", "a learning rate"), page("Two", "the rate of learning")) == ["One en"]


def test_the_title_comes_before_headings_and_headings_before_the_count() -> None:
    pages = [
        page("Often", "rate " * 50),
        page("Once", "a rate"),
        page("Heading", "nothing", "The rate"),
        page("Inside", "no", "It generates"),
        page("Rates", "-"),
        page("Learning rate", "-"),
        page("Rate", "-"),
    ]
    expected = ["Rate", "Learning rate", "Rates", "Heading", "Inside", "Often", "Once"]
    assert order("rate", *pages) == [f"{title} en" for title in expected]


def test_the_language_of_the_reader_comes_first() -> None:
    pages = [
        page("Softmax", language="en"),
        page("Otra", "softmax", language="es"),
        page("其他", "softmax", language="zh"),
    ]
    assert order("softmax", *pages, language="zh") == ["其他 zh", "Softmax en", "Otra es"]
    assert order("softmax", *pages, language="es") == ["Otra es", "Softmax en", "其他 zh"]


def test_a_page_about_it_comes_before_the_glossary() -> None:
    pages = [page("Softmax", kind=CONCEPT), page("Softmax function", "all about it", "Why softmax?")]
    assert order("softmax", *pages) == ["Softmax function en", "Softmax en"]


def test_accents_and_case_do_not_matter_either_way() -> None:
    assert order("regresion LINEAL", page("Regresión lineal", language="es")) == ["Regresión lineal es"]
    assert order("régresiòn", page("regresion")) == ["regresion en"]


def test_two_chinese_signs_are_found() -> None:
    assert order("学习", page("迁移学习", language="zh"), page("梯度", "机器学习", language="zh"), language="zh") == [
        "迁移学习 zh",
        "梯度 zh",
    ]
