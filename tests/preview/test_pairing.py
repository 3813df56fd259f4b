"""Blocks and sections of two languages beside each other: in order, gaps where one has nothing, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.preview.pairing import Text, merged, paired_blocks, paired_sections
from pipeline.translate.text import Section, take_apart

SOURCE = """\
The lead.

## First

A paragraph with {glue}`count:d` lines.

```{code-cell} python
:label: one
x = 1
```

Another one, much longer than the first, about something else, and citing {cite}`cauchy1847` for it.

## Second

$$
x^2
$$
"""
SPANISH = """\
La entrada.

## Primero

Un párrafo con {glue}`count:d` líneas.

```{embed} #one
```

Otro, mucho más largo que el primero, sobre otra cosa, y que cita {cite}`cauchy1847` para ello.

## Segundo

$$
x^2
$$
"""


def text(body: str, *names: str, is_source: bool = False) -> Text:
    return Text(take_apart(f"---\ntitle: T\n---\n{body}"), names, is_source)


def section(body: str) -> Section:
    return text(body).file.sections[1]


def test_blocks_of_the_same_kinds_stand_beside_each_other_in_order() -> None:
    assert paired_blocks(section(SOURCE), section(SPANISH)) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_missing_paragraph_leaves_a_gap_and_the_rest_stays_paired() -> None:
    half_done = SPANISH.replace("Un párrafo con {glue}`count:d` líneas.\n\n", "")
    assert paired_blocks(section(SOURCE), section(half_done)) == [(0, 0), (1, None), (2, 1), (3, 2)]


def test_the_source_may_stand_at_the_right() -> None:
    half_done = SPANISH.replace("Un párrafo con {glue}`count:d` líneas.\n\n", "")
    assert paired_blocks(section(half_done), section(SOURCE), True) == [(0, 0), (None, 1), (1, 2), (2, 3)]


def test_two_translations_are_paired_by_what_both_embed() -> None:
    chinese = "引言。\n\n## 第一\n\n```{embed} #one\n```\n\n另一段，引用 {cite}`cauchy1847`，比第一段长得多。\n"
    assert paired_blocks(section(SPANISH), section(chinese)) == [(0, 0), (1, None), (2, 1), (3, 2)]


def test_sections_are_known_by_the_ids_that_they_had_in_the_source() -> None:
    without_first = "La entrada.\n\n## Segundo\n\nTexto.\n"
    ours = text(SOURCE, "", "first", "second", is_source=True)
    assert paired_sections(ours, text(without_first, "", "second")) == [(0, 0), (1, None), (2, 1)]


def test_a_renamed_section_belongs_to_the_one_at_its_place() -> None:
    ours = text(SOURCE, "", "first", "second", is_source=True)
    assert paired_sections(ours, text(SPANISH, "", "the-first", "second")) == [(0, 0), (1, 1), (2, 2)]


def test_as_many_sections_without_ids_stand_in_order() -> None:
    assert paired_sections(text(SOURCE, is_source=True), text(SPANISH)) == [(0, 0), (1, 1), (2, 2)]


def test_sections_of_which_nobody_knows_the_ids_are_known_by_what_they_keep() -> None:
    without_first = "La entrada.\n\n## Segundo\n\n$$\nx^2\n$$\n"
    assert paired_sections(text(SOURCE, is_source=True), text(without_first)) == [(0, 0), (1, None), (2, 1)]
    assert paired_sections(text(without_first), text(SOURCE, is_source=True)) == [(0, 0), (None, 1), (1, 2)]


def test_sections_in_another_order_lose_nobody() -> None:
    swapped = "La entrada.\n\n## Segundo\n\nTexto.\n\n## Primero\n\nTexto.\n"
    ours = text(SOURCE, "", "first", "second", is_source=True)
    assert paired_sections(ours, text(swapped, "", "second", "first")) == [(0, 0), (1, 2), (2, 1)]


@given(st.integers(0, 8), st.integers(0, 8), st.data())
def test_whatever_is_paired_each_stands_once(left: int, right: int, data: st.DataObject) -> None:
    ours = data.draw(st.lists(st.integers(0, max(left - 1, 0)), unique=True, max_size=min(left, right)))
    theirs = data.draw(st.permutations(range(right)))
    pairs = dict(zip(ours, theirs, strict=False))
    found = merged(left, right, pairs)
    assert [here for here, _ in found if here is not None] == list(range(left))
    assert sorted(there for _, there in found if there is not None) == list(range(right))
    assert all((here, there) in found for here, there in pairs.items())
