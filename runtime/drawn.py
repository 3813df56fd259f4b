"""The numbers a figure shows, apart from its words and its style."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.figure import Figure, FigureBase
from matplotlib.image import _ImageBase
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.offsetbox import OffsetBox
from matplotlib.patches import ConnectionPatch, FancyArrowPatch, Patch
from matplotlib.quiver import Barbs, Quiver
from matplotlib.spines import Spine
from matplotlib.table import Table
from matplotlib.text import Annotation, Text

Numbers = npt.NDArray[np.float64]

# Where mplot3d keeps the coordinates it was given; what the public methods return is the last projection of them.
_SPATIAL = ("_verts3d", "_offsets3d", "_segments3d", "_segment3d", "_faces", "_vec")

_NO_NUMBERS = (Axis, Legend, Spine, OffsetBox, Table)


def data_sha256(fig: Figure) -> str:
    """Return the SHA-256, in hex, of the numbers drawn in `fig` and of its axes' limits and scales.

    Each number counts with six significant digits, so that another machine's rounding does not matter; a number
    below 1e-12 of the largest one drawn with it counts as zero. Words, colours, fonts and sizes do not count.
    """
    digest = hashlib.sha256()
    for what, numbers in drawn_numbers(fig):
        _add(digest, what, numbers)
    return digest.hexdigest()


def drawn_numbers(fig: Figure) -> Iterator[tuple[str, Numbers]]:
    """Yield the limits of each axis and then the numbers each thing is drawn from, in the order they were added.

    Each set is one row, with a word for what it is; a masked number is NaN.
    """
    for axes in fig.axes:
        yield from _view(axes)
    for artist in _artists(fig):
        yield from _numbers(artist)


def has_data(fig: Figure) -> bool:
    """Say whether anything with a finite number in it is drawn and visible in `fig`."""
    return any(np.isfinite(numbers).any() for artist in _artists(fig) for _, numbers in _numbers(artist))


def _view(axes: Axes) -> Iterator[tuple[str, Numbers]]:
    """Yield the limits of each axis under the name of its scale, and where a spatial plot is looked at from."""
    view: Any = axes
    for name in view._axis_names:
        scale = getattr(view, f"get_{name}scale")()
        yield f"axis {name} {scale}", _flat(getattr(view, f"get_{name}lim")())
    if hasattr(view, "azim"):
        yield "view", _flat((view.elev, view.azim, view.roll))


def _artists(parent: Any) -> Iterator[Artist]:
    """Yield what was drawn and is visible, in the order it was added: no frame, no axis, no legend, no words."""
    for child in parent.get_children():
        if child is parent.patch or not child.get_visible() or isinstance(child, _NO_NUMBERS):
            continue
        if isinstance(child, (FigureBase, Axes)):
            yield from _artists(child)
        elif isinstance(child, Annotation) or not isinstance(child, Text):
            yield child


def _numbers(artist: Artist) -> Iterator[tuple[str, Numbers]]:
    """Yield the numbers one thing is drawn from, each set with a word for what it is."""
    kind = type(artist).__name__
    spatial = next((getattr(artist, name) for name in _SPATIAL if getattr(artist, name, None) is not None), None)
    if spatial is not None:
        yield f"{kind} 3d", _joined(spatial)
    elif isinstance(artist, Line2D):
        points = np.asarray(artist.get_xydata(), dtype=np.float64)
        yield kind, _flat(np.where(np.isfinite(points).all(axis=1, keepdims=True), points, np.nan))
    elif isinstance(artist, (Quiver, Barbs)):
        yield f"{kind} offsets", _flat(artist.get_offsets())
        for part in (artist.U, artist.V) if isinstance(artist, Quiver) else (artist.u, artist.v):
            yield f"{kind} component", _flat(part)
    elif isinstance(artist, Collection):
        yield f"{kind} offsets", _flat(artist.get_offsets())
        yield f"{kind} paths", _joined(path.vertices for path in artist.get_paths())
    elif isinstance(artist, _ImageBase):
        yield kind, _flat(artist.get_array())
        if hasattr(artist, "get_extent"):
            yield f"{kind} extent", _flat(artist.get_extent())
    elif isinstance(artist, Annotation):
        if artist.arrow_patch is not None:
            yield kind, _flat((*artist.xy, *artist.xyann))
    elif isinstance(artist, ConnectionPatch):
        yield kind, _flat((*artist.xy1, *artist.xy2))
    elif isinstance(artist, FancyArrowPatch) and getattr(artist, "_posA_posB", None) is not None:
        # its path is known only once it is laid out
        yield kind, _joined(getattr(artist, "_posA_posB"))  # noqa: B009
    elif isinstance(artist, Patch):
        yield kind, _flat(artist.get_path().transformed(artist.get_patch_transform()).vertices)
    if isinstance(artist, Collection) and artist.get_array() is not None:
        yield f"{kind} values", _flat(artist.get_array())


def _flat(numbers: Any) -> Numbers:
    """Return the numbers as one row; a masked one is NaN."""
    return np.ma.filled(np.ma.asarray(numbers).astype(np.float64), np.nan).ravel()


def _joined(parts: Iterable[Any]) -> Numbers:
    rows = [_flat(part) for part in parts]
    return np.concatenate(rows) if rows else np.empty(0)


def _add(digest: Any, what: str, numbers: Numbers) -> None:
    """Add the numbers to the hash as decimal text, which is the same on every machine."""
    finite = np.abs(numbers[np.isfinite(numbers)])
    if finite.size:
        numbers = np.where(np.abs(numbers) < 1e-12 * finite.max(), 0.0, numbers)
    numbers = numbers + 0.0  # the sign of a zero is not seen
    digest.update(f"{what} {numbers.size}\n".encode())
    digest.update(("%.5e " * numbers.size % tuple(numbers.tolist())).encode())
