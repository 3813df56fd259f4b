"""What the bench of the live preview writes into a page, and by what it knows that it is there."""

from __future__ import annotations

import contextlib
import io

from bench.live import CELL, _with_print

TEXT = """---
title: x
---
```{code-cell} python
:label: one
value = 1
```

```{code-cell} python
:label: two
:code: hide
value = 2
```
"""


def test_the_word_of_an_edited_cell_is_in_what_it_prints_and_not_in_its_code() -> None:
    changed = _with_print(TEXT, "mark901x")
    assert changed is not None and "mark901x" not in changed, "code is on the screen before it runs"
    shown, hidden = (match[0].split("\n", 1)[1] for match in CELL.finditer(changed))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(shown.replace(":label: one\n", ""), {})
    assert said.getvalue().startswith("mark901x-") and "print" not in hidden
