"""The comment fits, and words from articles neither ping people nor become markup in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from pipeline.changes.bounds import fitting
from pipeline.changes.html import page
from pipeline.changes.markdown import LONGEST, MARK, comment
from pipeline.changes.model import Changes, Number, Page, Topic, Translation
from tests.changes.reports import NASTY, REPORTS, huge

TAGS = {
    "h2",
    "h3",
    "p",
    "strong",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "ul",
    "li",
}
LONG = ["x" * 3000, NASTY * 30, "&" * 3000, "數" * 3000, "|`@" * 1000, "\n" * 3000]


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs if name != "style"]


@given(REPORTS)
@settings(max_examples=20)
def test_no_word_of_a_report_becomes_markup_a_mention_or_a_link(changes: Changes) -> None:
    text = comment(changes)
    rendered = Tags(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    assert rendered.seen <= TAGS and rendered.attributes == []
    assert not re.search(r"@|://|www\.|`|!\[", text)


def test_everything_is_in_it() -> None:
    topic = Topic("t", "changed", "executed", "reproduced", (Number("value n", "1", None, ("a.md:1",)),))
    changes = Changes(
        "base",
        "head",
        (topic,),
        translations=(Translation("es.md", ("",), (), ("end",)),),
        pages=(Page("T", "topic", "new"),),
    )
    text = comment(changes, "https://example.org/report")
    assert text.startswith(MARK) and "(https://example.org/report)" in text
    for words in (
        "value n",
        "<code>1</code> | gone",
        "a&#46;md&#58;1",
        "executed",
        "reproduced",
        "the lead",
        "end",
        "| 1 | 0 | 0 |",
    ):
        assert words in text


def test_of_no_change_it_says_so() -> None:
    assert "no number, figure, page or translation is another one" in comment(Changes("base", "head"))


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_it_fits_into_a_comment_whatever_is_in_the_report(text: str) -> None:
    shown = comment(huge(text, 16), "https://example.org/" + "x" * 200)
    assert len(shown) <= LONGEST
    assert "more: see the report" in shown


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_a_report_is_cut_until_its_data_fit(text: str) -> None:
    changes = huge(text, 9)
    cut, data = fitting(changes)
    assert len(data.encode()) <= 2**20
    assert "cut to the first" in cut.notes[-1]


def test_a_report_that_fits_is_not_cut() -> None:
    changes = huge("x", 3)
    assert fitting(changes)[0] == changes


@given(REPORTS)
@settings(max_examples=20)
def test_the_page_is_without_scripts_and_fetches_nothing(changes: Changes) -> None:
    pictures = {picture.title: (b"\x89PNG", None) for picture in changes.pictures}
    seen = Tags(page(changes, pictures))
    assert not seen.seen & {"script", "a", "iframe", "object", "link", "form", "svg"}
    assert all(
        name in ("lang", "charset", "content", "http-equiv", "name", "alt", "src") for _, name, _ in seen.attributes
    )
    assert all(value.startswith("data:image/png;base64,") for _, name, value in seen.attributes if name == "src")
