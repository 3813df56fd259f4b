"""Text as wikitext: prose stays as it is, and what would be markup becomes character references."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.wikitext.escape import (
    CELL,
    DANGEROUS,
    LABEL,
    POSITIONAL,
    TERM,
    at_line_start,
    escape,
    printable,
    referenced,
)


@pytest.mark.parametrize(
    "prose",
    [
        "A learning rate of 0.5 (or 50%) is large; isn't it? Yes: it is!",
        "Where a < b and b > c, R&D costs $5 & more.",
        "f(x) = x_1 + x_2 - 3*x [see above] {or not} | #1 ~5 __init__ is Python's",
        "¿Qué? «Sí», dijo. 学习率（步长）：每一步走多远。",
        "and/or, e.g. 3//2, http is a protocol, good news: RFC and ISBN stand for something",
    ],
)
def test_prose_stays_as_it_is(prose: str) -> None:
    assert escape(prose.replace("__init__", "x")) == prose.replace("__init__", "x")


@pytest.mark.parametrize(
    ("text", "wikitext"),
    [
        ("{{x}}", "&#123;&#123;x&#125;&#125;"),
        ("{{{1}}}", "&#123;&#123;&#123;1&#125;&#125;&#125;"),
        ("[[x]]", "&#91;&#91;x&#93;&#93;"),
        ("[https://a.org x]", "&#91;https&#58;//a.org x]"),
        ("[//a.org x]", "&#91;//a.org x]"),
        ("''x'' it's", "&#39;&#39;x&#39;&#39; it's"),
        ("~~~~", "&#126;&#126;&#126;&#126;"),
        ("__TOC__", "&#95;_TOC__"),
        ("-{x}-", "-&#123;x&#125;-"),
        ("{| x |}", "&#123;| x |&#125;"),
        ("&amp; &#65; &x", "&amp;amp; &amp;#65; &amp;x"),
        ("<b> </b> <!-- 1 < 2", "&lt;b> &lt;/b> &lt;!-- 1 < 2"),
        ("see mailto:a@b.org", "see mailto&#58;a@b.org"),
        ("RFC 2616", "RFC&#32;2616"),
        ("\u0338x", "&#824;x"),
        ("a\nb\r\nc", "a b c"),
        ("\x00\x1b\x7f", "\u2400\u241b\u2421"),
        ("e\u0301", "é"),
    ],
)
def test_what_would_be_markup_becomes_references(text: str, wikitext: str) -> None:
    assert escape(text) == wikitext


@pytest.mark.parametrize(
    ("reserved", "text", "wikitext"),
    [
        (LABEL, "a [b] | c", "a &#91;b&#93; &#124; c"),
        (CELL, "a | b !", "a &#124; b &#33;"),
        (POSITIONAL, "a=b|c", "a&#61;b&#124;c"),
        (TERM, "a: b", "a&#58; b"),
    ],
)
def test_a_place_has_signs_of_its_own(reserved: str, text: str, wikitext: str) -> None:
    assert escape(text, reserved) == wikitext


@pytest.mark.parametrize("line", ["* x", "# x", ": x", "; x", "= x =", " x", "| x", "! x", "\tx", "----"])
def test_a_line_does_not_start_with_what_means_something_there(line: str) -> None:
    assert at_line_start(line) == f"&#{ord(line[0])};{line[1:]}"


@pytest.mark.parametrize("line", ["x", "''x''", "{{Term|a|b}}", "[[x]]", "<math>x</math>", "-1", "1. x", ""])
def test_another_line_start_stays(line: str) -> None:
    assert at_line_start(line) == line


@given(st.text(), st.sampled_from(["", LABEL, CELL, POSITIONAL, TERM]))
def test_references_read_as_the_text_that_was_written(text: str, reserved: str) -> None:
    one_line = re.sub(r"\r\n?|\n", " ", text)
    assert html.unescape(escape(text, reserved)) == printable(one_line)


@given(st.text())
def test_what_is_printable_is_composed_and_stays_so(text: str) -> None:
    once = printable(text)
    assert once == unicodedata.normalize("NFC", once) == printable(once)


# Pieces of which texts are made that are dangerous, nearly so, or not at all.
PIECES = (
    "& < { } [ ] ' ~ _ : # ; / - | = x 9 é \u0301 http:// https: mailto: News: RFC\u00a0 isbn\u0020 &# amp; // __TOC__"
)


@given(st.lists(st.sampled_from([*PIECES.split(" "), " "]), max_size=8).map("".join))
def test_the_fast_look_misses_nothing_that_is_dangerous(text: str) -> None:
    assert escape("." + text) == DANGEROUS.sub(referenced, "." + printable(text))  # a mark would not stand first
