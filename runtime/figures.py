"""Figures: draw them in one style, publish them, save them in each language, hash what they show."""

from __future__ import annotations

from matplotlib.figure import Figure

from runtime.drawn import data_sha256, has_data
from runtime.labels import texts
from runtime.recording import checked_name, current, declare
from runtime.rendering import Rendered, render_each, render_png
from runtime.style import subplots

__all__ = ["Rendered", "data_sha256", "figure", "render_each", "render_png", "subplots", "texts"]


def figure(
    name: str,
    fig: Figure,
    caption: str | None = None,
    *,
    rtol: float | None = None,
    differs_by_device: str | None = None,
    differs_by_run: str | None = None,
) -> None:
    """Publish the matplotlib figure `fig` as `name`.

    `caption` is the key of its caption in the page's metadata, by default `name`. What is drawn later does not
    show. `rtol` is how far each number drawn may differ between devices, relative to it, if that is not the usual
    1e-4; the reasons are those of `glue`, for a figure that differs further.

    Raises ValueError for a name that is no identifier, for a figure in which no data is drawn, for an empty reason, for
    an `rtol` outside (0, 1) and, when a page is built, for a name used twice or a text no font has the characters of;
    TypeError when `fig` is no figure.
    """
    checked_name("figure", name)
    if not isinstance(fig, Figure):
        hint = "; give the figure, not its axes" if hasattr(fig, "figure") else ""
        raise TypeError(f"{name!r} is of the type {type(fig).__name__}, not a matplotlib figure{hint}")
    if not has_data(fig):
        raise ValueError(f"the figure {name!r} is empty: nothing is drawn in it")
    if rtol is not None and not 0 < rtol < 1:
        raise ValueError(f"the figure {name!r}: rtol must be in (0, 1), not {rtol}")
    current().figure(name, fig, checked_name("caption", name if caption is None else caption))
    if rtol is not None:
        current().loosen(name, float(rtol))
    declare("figure", name, differs_by_device, differs_by_run)
