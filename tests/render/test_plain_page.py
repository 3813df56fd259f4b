"""A page as text has what a reader sees, section by section, whether or not its cells have run."""

from __future__ import annotations

from pipeline.read.blocks import parse
from pipeline.read.context import Known as Names
from pipeline.read.context import Reading
from pipeline.read.document import CodeCell
from pipeline.render.plain_page import Known, PlainSection, plain_sections

SOURCE = """\
Before **the first** heading [there](../other/) and
on {cite}`key`.

## Numbers

The share is {glue}`share:.1%`, and $x = \\glue{share:.2f}$.[^1]

$$e^x$$

- one `code`
- two

  with more

Word
: What it means.

| a | b |
|---|---|
| 1 | 2 |

```{note}
Take care.
```

> Said.

## Code

```python
shown = 1
```

```{code-cell} python
:label: runs
run = 2
```

```{code-cell} python
:label: hidden
:code: hide
secret = 3
```

```{embed} #far
```

```{figure} curve
```

[^1]: A note.
"""


def sections(known: Known) -> tuple[PlainSection, ...]:
    names = Names(frozenset(["other"]), {}, frozenset(), frozenset(["key"]))
    reading = Reading("articles/x/en.md", "en", names)
    document = parse(SOURCE, reading, 1)
    assert reading.problems == []
    return plain_sections(document.blocks, known)


def texts(section: PlainSection) -> list[str]:
    return [piece.text for piece in section.pieces]


FAR = CodeCell("far", "far = 4\n", "fold", 1, None)  # type: ignore[arg-type]


def test_each_block_is_a_piece_below_its_heading() -> None:
    known = Known(
        value=lambda node: f"<{node.name}>",
        cells={"far": FAR},
        outputs={"runs": ("printed",), "hidden": ("3",)},
        captions={"runs": ("A caption.", "What it shows.")},
        figures={"curve": ("A curve.", "It rises.")},
    )
    lead, numbers, code = sections(known)
    assert (lead.heading, lead.anchor) == ("", "")
    assert texts(lead) == ["Before the first heading there and on."]
    assert (numbers.heading, numbers.anchor) == ("Numbers", "numbers")
    assert texts(numbers) == [
        "The share is <share>, and $x = <share>$.",
        "$e^x$",
        *("one code", "two", "with more"),
        *("Word", "What it means."),
        *("a · b", "1 · 2"),
        "Take care.",
        "Said.",
    ]
    assert texts(code) == [
        "shown = 1",
        *("run = 2", "printed", "A caption.", "What it shows."),
        "3",
        "far = 4",
        *("A curve.", "It rises."),
    ]
    assert [piece.is_code for piece in code.pieces] == [True, True, True, False, False, True, True, False, False]


def test_what_no_run_gave_is_three_dots() -> None:
    lead, numbers, code = sections(Known())
    assert texts(lead) == ["Before the first heading there and on."]
    assert texts(numbers)[0] == "The share is …, and $x = …$."
    assert texts(code) == ["shown = 1", "run = 2"]
