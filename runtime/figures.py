"""Figures: draw them in one style, publish them, save them in each language, hash what they show."""

from __future__ import annotations

from matplotlib.figure import Figure

from runtime.drawn import data_sha256, has_data
from runtime.labels import texts
from runtime.recording import checked_name, current
from runtime.rendering import render_png
from runtime.style import subplots

__all__ = ["data_sha256", "figure", "render_png", "subplots", "texts"]


def figure(name: str, fig: Figure, caption: str | None = None) -> None:
    """Publish the matplotlib figure `fig` as `name`.

    `caption` is the key of its caption in the page's metadata, by default `name`. What is drawn later does not
    show. Raises ValueError for a name that is no identifier, for a figure in which no data is drawn and, when a
    page is built, for a name used twice or a text no font has the characters of; TypeError when `fig` is no figure.
    """
    checked_name("figure", name)
    if not isinstance(fig, Figure):
        hint = "; give the figure, not its axes" if hasattr(fig, "figure") else ""
        raise TypeError(f"{name!r} is of the type {type(fig).__name__}, not a matplotlib figure{hint}")
    if not has_data(fig):
        raise ValueError(f"the figure {name!r} is empty: nothing is drawn in it")
    current().figure(name, fig, checked_name("caption", name if caption is None else caption))
