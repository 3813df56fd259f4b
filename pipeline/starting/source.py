"""The text of a new topic: short, true and computed, so that its author sees each part of an article at work."""

from __future__ import annotations

import json
from collections.abc import Sequence

PAPER = """\
# paper: {authors: [], year: 0, venue: "", arxiv: "", doi: ""}   # fill in and take the mark off
"""

BODY = """\
**{title}** is a topic that has just been begun. The example below stands where its own will stand: it adds up the
first odd numbers, and the sum of the first $n$ of them is $n^2$.

## The example

For $n = \\glue{{terms:d}}$ the sum is {{glue}}`total:d`. Replace this cell, its figure and these words by your own; \
`docs/writing.md` explains how.

```{{code-cell}} python
:label: sums
import numpy as np
from runtime import figure, glue, subplots, verify

counts = np.arange(1, 13)
sums = np.cumsum(2 * counts - 1)
glue("terms", int(counts[-1]))
glue("total", int(sums[-1]))
verify.close("the sums of odd numbers are squares", sums, counts**2, rtol=1e-12)
verify.claim("the sums grow", bool(np.all(np.diff(sums) > 0)))

fig, ax = subplots()
ax.plot(counts, sums, marker="o")
ax.set_xlabel("$n$")
figure("sums", fig)
```
"""


def written(
    slug: str, title: str, kind: str, field: str, area: str, difficulty: str, prerequisites: Sequence[str]
) -> str:
    """The source of a new topic, which reads and builds as it stands."""
    categories = list(dict.fromkeys((area, difficulty)))
    head = f"""\
---
title: {_value(title)}
kind: {kind}
field: {_value(field)}
topic_area: {_value(area)}
difficulty: {difficulty}
prerequisites: [{", ".join(prerequisites)}]
categories: [{", ".join(map(_value, categories))}]
related: {{articles: [{", ".join(prerequisites)}], papers: []}}
summary: >-
  {title} in one or two sentences. In the example, the first {{glue}}`terms:d` odd numbers add up to {{glue}}`total:d`.
key_points:
  - The sum of the first $n$ odd numbers is $n^2$, which the page computes and checks.
figures:
  sums:
    caption: The sum of the first $n$ odd numbers, up to $n = \\glue{{terms:d}}$, where it is {{glue}}`total:d`.
    alt: A curve through dots that rises faster and faster from left to right.
{PAPER if kind == "paper" else ""}provenance: {{review_state: draft}}
---
"""
    return head + "\n" + BODY.format(title=title)


def _value(text: str) -> str:
    """A text as YAML inside brackets and outside."""
    plain = all(sign.isalnum() or sign in " -" for sign in text) and text[:1].isalpha()
    return text if plain else json.dumps(text, ensure_ascii=False)
