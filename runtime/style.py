"""The look of every figure: size, fonts, colours. Drawn on white, readable on a telephone 360 pixels wide."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib.style
from cycler import cycler
from matplotlib import font_manager
from matplotlib.figure import Figure

CHINESE = "Marovi Sans SC"
LATIN = "DejaVu Sans"  # comes with matplotlib, so it is the same on every machine
_CHINESE_FILE = Path(__file__).parent / "fonts" / "MaroviSansSC-Regular.otf"

# Told apart with any kind of colour vision: Okabe and Ito, "Color Universal Design" (2008), without the yellow
# that is too pale for a line on white.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

WIDTH = 5.6  # inches; shown 560 pixels wide, saved with twice as many
SCREEN_DPI = 100

STYLE: dict[str, Any] = {
    "font.family": [LATIN, CHINESE],
    "font.size": 12.0,
    "axes.titlesize": 13.0,
    "axes.titleweight": "normal",
    "axes.labelsize": 12.0,
    "xtick.labelsize": 11.0,
    "ytick.labelsize": 11.0,
    "legend.fontsize": 11.0,
    "figure.titlesize": 13.0,
    "figure.dpi": SCREEN_DPI,
    "figure.facecolor": "white",
    "figure.edgecolor": "white",
    "savefig.facecolor": "white",
    "savefig.transparent": False,
    "figure.constrained_layout.use": True,
    "axes.facecolor": "white",
    "axes.edgecolor": "#444444",
    "axes.linewidth": 0.9,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=COLORS),
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": True,
    "axes.titlepad": 8.0,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.2,
    "lines.markersize": 7.0,
    "legend.frameon": True,
    "legend.framealpha": 0.9,
    "legend.edgecolor": "#cccccc",
    "image.cmap": "viridis",
    "mathtext.fontset": "dejavusans",
    "text.color": "#111111",
    "axes.labelcolor": "#111111",
    "xtick.color": "#111111",
    "ytick.color": "#111111",
    "text.usetex": False,
}


def subplots(
    nrows: int = 1, ncols: int = 1, *, width: float = WIDTH, height: float | None = None, **kwargs: Any
) -> tuple[Figure, Any]:
    """Return a figure and its axes in the house style; further arguments as matplotlib.pyplot.subplots has them.

    `width` and `height` are in inches, 100 pixels of the page each; a page on a telephone shows about 330 pixels,
    so put plots above each other (`nrows`) rather than side by side, and stay near the default width. Without
    `height` each plot is about two thirds as high as it is wide, and not higher than 3.6 inches.

    The style stays in force afterwards, because matplotlib reads it again with each thing that is drawn.
    Raises ValueError for a size that is not positive.
    """
    if height is None:
        height = nrows * min(width / ncols * 0.64, 3.6) if nrows == ncols == 1 else nrows * min(width / ncols, 3.0)
    if not (width > 0 and height > 0):
        raise ValueError(f"a figure needs a positive size in inches, not {width} by {height}")
    use_style()
    from matplotlib import pyplot

    fig, axes = pyplot.subplots(nrows, ncols, figsize=(width, height), **kwargs)
    for ax in fig.axes:
        if hasattr(ax, "zaxis"):
            # in space matplotlib puts an axis's name where these sizes have the tick labels
            for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
                axis.labelpad = 10.0
    return fig, axes


def use_style() -> None:
    """Put the house style and the bundled font in force for everything drawn from now on."""
    _register_font()
    matplotlib.style.use(["default", STYLE])
    matplotlib.rcParams["figure.max_open_warning"] = 0  # a notebook keeps the figures of all its cells open


@contextmanager
def house_style() -> Iterator[None]:
    """Put the house style in force for a while, whatever a machine or a cell has set."""
    _register_font()
    with matplotlib.style.context(["default", STYLE]):
        yield


@functools.cache
def _register_font() -> None:
    """Make the bundled Chinese font known to matplotlib."""
    font_manager.fontManager.addfont(_CHINESE_FILE)
