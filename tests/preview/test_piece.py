"""The one element in which two versions of a page differ."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.preview.piece import LEAVES, Piece, changed_piece

SIGNS = st.lists(st.sampled_from(["<p>", "</p>", '<p id="é">', "<td>", "</td>", "<pre>", "a", "é", " "])).map("".join)


def test_a_word_more_is_a_piece_and_the_same_page_is_none() -> None:
    before = "<main><p>One.</p><table><td>1</td></table><p class='x'>Größe</p></main>"
    after = before.replace("Größe", "Größer")
    assert changed_piece(before.encode(), after.encode()) == Piece(
        "p", 1, "<p class='x'>Größe</p>", "<p class='x'>Größer</p>"
    )
    assert changed_piece(before.encode(), before.encode()) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a</p><p>b</p>", "<p>x</p><p>y</p>"),  # two elements
        ("<p>a</p>", "<p>a</p><p>b</p>"),  # one more
        ("<p>a</p><p>b</p>", "<p>a</p>"),  # one less
        ("<p>a</p>", "<p>a</p>b"),  # outside of any
        ("<p>a</p>", "<h2>a</h2>"),  # another kind
        ("<pre>a</pre>", "<pre>b</pre>"),  # of no kind that is cut out
        ("<p>a", "<p>b"),  # without an end
        ("a", "b"),
        ("", "<p>a</p>"),
    ],
)
def test_what_is_more_than_one_element_is_no_piece(before: str, after: str) -> None:
    assert changed_piece(before.encode(), after.encode()) is None


@given(SIGNS, SIGNS, SIGNS, SIGNS)
def test_a_piece_put_in_its_place_gives_the_page(start: str, old: str, new: str, end: str) -> None:
    before, after = start + old + end, start + new + end
    found = changed_piece(before.encode(), after.encode())
    if found is None:
        return
    place = [match.start() for match in re.finditer(f"<{found.tag}[ >]", before)][found.index]
    assert before[place:].startswith(found.was) and found.tag in LEAVES
    assert before[:place] + found.now + before[place + len(found.was) :] == after


@given(st.sampled_from(LEAVES), SIGNS.filter(lambda text: "<" not in text), SIGNS.filter(lambda text: "<" not in text))
def test_every_change_of_words_in_one_element_is_found(tag: str, old: str, new: str) -> None:
    before, after = (f"<p>a</p><{tag} x>{words}</{tag}><p>b</p>" for words in (old, new))
    assert (changed_piece(before.encode(), after.encode()) is None) == (old == new)
