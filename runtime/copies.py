"""Copies of figures, to be changed and drawn while the original keeps its words and its layout."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def copied(fig: Figure) -> Figure:
    """Return a copy of `fig` that shares nothing with it, draws without a window and is unknown to pyplot."""
    with _unmanaged(fig):
        page = copy.deepcopy(fig)
    FigureCanvasAgg(page)
    return page


@contextmanager
def _unmanaged(fig: Figure) -> Iterator[None]:
    """Take `fig` out of pyplot's hands for a moment: the copy of a figure with a window opens another one."""
    manager = fig.canvas.manager
    fig.canvas.manager = None
    try:
        yield
    finally:
        fig.canvas.manager = manager
