"""What changed on a page, block by block."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.preview.blocks import Changes, changes, taken_apart

HEAD, TAIL = '<main><h1>Title</h1>\n<div class="text" id="_text">', "</div>\n</main>"
BLOCKS = st.sampled_from(
    [
        "<p>One.</p>",
        '<p data-line="{0}">Größe <em>two</em>.</p>',
        '<ul data-line="{0}"><li data-line="{0}">a</li><li data-line="{1}">b<br>c</li></ul>',
        '<div data-line="{0}"><div><img src="x"><p>deep</p></div></div>',
        "<pre>\n&lt;p&gt;</pre>",
        '<math><mspace width="1em"/></math>',
        '<hr data-line="{0}">',
        "<svg/>",
    ]
)
PAGES = st.lists(st.tuples(BLOCKS, st.integers(1, 40)), max_size=8).map(
    lambda blocks: [text.format(line, line + 1) for text, line in blocks]
)


def page(blocks: list[str], head: str = HEAD) -> bytes:
    return (head + "".join(f"\n{block}" for block in blocks) + "\n" + TAIL).encode()


def found(before: list[str], after: list[str]) -> Changes | None:
    one, other = taken_apart(page(before)), taken_apart(page(after))
    assert one is not None and other is not None
    return changes(one, other)


def made(before: list[str], changed: Changes) -> list[str]:
    """What a browser makes of it."""
    assert changed.count == len(before)
    blocks = list(before)
    for place, gone, texts in reversed(changed.spliced):
        blocks[place : place + gone] = texts
    for place, number, step in changed.moved:
        for at in range(place, place + number):
            blocks[at] = moved(blocks[at], step)
    return blocks


def moved(block: str, step: int) -> str:
    return re.sub(r'data-line="(\d+)"', lambda line: f'data-line="{int(line[1]) + step}"', block)


def test_a_new_paragraph_is_one_splice_and_moves_what_follows() -> None:
    before = ['<p data-line="3">a</p>', '<p data-line="5">b</p>', "<p>c</p>"]
    after = ['<p data-line="3">a</p>', '<p data-line="5">new</p>', '<p data-line="7">b</p>', "<p>c</p>"]
    assert found(before, after) == Changes(3, ((1, 0, ('<p data-line="5">new</p>',)),), ((2, 1, 2),))


def test_two_places_are_two_splices() -> None:
    before = ["<p>a</p>", "<p>b</p>", "<p>c</p>", "<p>d</p>"]
    after = ["<p>x</p>", "<p>b</p>", "<p>c</p>", "<pre>y</pre>", "<p>d</p>"]
    assert found(before, after) == Changes(4, ((0, 1, ("<p>x</p>",)), (3, 0, ("<pre>y</pre>",))), ())


def test_a_block_whose_parts_moved_apart_is_told_as_a_whole() -> None:
    before = ['<ul data-line="1"><li data-line="1">a</li><li data-line="2">b</li></ul>']
    after = ['<ul data-line="1"><li data-line="1">a</li><li data-line="3">b</li></ul>']
    assert found(before, after) == Changes(1, ((0, 1, (after[0],)),), ())


@given(PAGES, PAGES)
def test_what_a_browser_makes_of_it_is_the_page(before: list[str], after: list[str]) -> None:
    changed = found(before, after)
    assert changed is not None and made(before, changed) == after
    assert bool(changed.spliced or changed.moved) == (before != after)


def test_what_stands_around_the_text_is_no_block() -> None:
    one, other = taken_apart(page(["<p>a</p>"])), taken_apart(page(["<p>a</p>"], HEAD.replace("Title", "Other")))
    assert one is not None and other is not None and changes(one, other) is None


@pytest.mark.parametrize(
    "content",
    [
        "<main><p>No text.</p></main>",
        f"{HEAD}<p>a</p>loose{TAIL}",
        f"{HEAD}loose{TAIL}",
        f"{HEAD}<hr>loose<hr>{TAIL}",
        f"{HEAD}<p>without an end",
        "",
    ],
)
def test_a_page_of_another_form_is_not_taken_apart(content: str) -> None:
    assert taken_apart(content.encode()) is None
