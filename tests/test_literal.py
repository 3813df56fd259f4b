"""Words of others stay words in Markdown and HTML, whatever they are."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.literal import escaped, literal, shortened, visible


class Seen(HTMLParser):
    """What a browser makes of HTML: the tags, and the text inside table cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag if not attrs else f"{tag} {attrs}")

    def handle_data(self, data: str) -> None:
        self.text += data


def in_a_cell(text: str) -> Seen:
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(f"| a |\n|---|\n| {text} |\n")
    return Seen(rendered.partition("<tbody>")[2])


WORDS = st.text(max_size=60) | st.text(alphabet="`|@#<>&;[]()*_~\\!:/-x\n\u202e\u200b{}$=\"' ", max_size=60)


@given(WORDS)
def test_a_literal_in_a_cell_is_code_with_exactly_these_words(text: str) -> None:
    seen = in_a_cell(literal(text))
    wanted = visible(text)
    assert seen.tags == (["tr", "td", "code"] if wanted.strip() else ["tr", "td"])
    assert seen.text.strip() == (wanted.strip() or "–")


@given(WORDS)
def test_what_github_looks_for_in_text_is_not_there(text: str) -> None:
    assert not re.search(r"[@`|\[\]\\*_~]|://|\bwww\.|(?<!&)#", literal(text))


@given(WORDS)
def test_html_is_text_also_in_an_attribute(text: str) -> None:
    seen = Seen(f'<p title="{escaped(text)}">{escaped(text)}</p>')
    assert seen.text == visible(text)
    assert seen.tags == [f"p {[('title', visible(text))]}"]


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\x1b", "\x00", "\ud800", "\ue000"])
def test_what_cannot_be_seen_is_shown_by_its_code_point(sign: str) -> None:
    assert visible(f"a{sign}b") == f"a⟨U+{ord(sign):04X}⟩b"


def test_a_long_text_is_cut_and_says_so() -> None:
    assert shortened("x" * 10, 10) == "x" * 10
    assert shortened("x" * 11, 10) == "x" * 9 + "…"
