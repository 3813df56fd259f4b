"""Python's search for cycles, made seldom: what a command makes are trees, nearly all of which it needs to its end."""

from __future__ import annotations

import gc

YOUNG = 200_000  # new objects between two looks at them; Python's own number is 700
OLDER = 50  # looks at the new ones for one at those that were left


def collect_seldom() -> None:
    """Look for cycles that nobody holds any more after so many new objects that it costs next to nothing.

    Python looks through all that lives again and again while it grows, which took a third of the time of rendering.
    """
    gc.set_threshold(YOUNG, OLDER)
