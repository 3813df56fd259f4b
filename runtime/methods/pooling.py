"""Pooling: each window of a map summarized by its maximum or its average, and the derivatives.

Windows have `size` rows and columns and lie `stride` pixels apart (by default `size`, side by side); there is no
padding, and a window that would stick out is left out. Maps have the shape (n, channels, rows, columns).
Y. LeCun et al., "Gradient-based learning applied to document recognition" (1998), for the average;
K. Jarrett et al., "What is the best multi-stage architecture for object recognition?" (2009), for the comparison.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from runtime.methods.convolution import output_size

Array = npt.NDArray[np.float64]


def max_pool2d(x: npt.ArrayLike, size: int, stride: int | None = None) -> Array:
    """Return the largest entry of each window. Raises ValueError when x is no batch of maps or no window fits."""
    result: Array = _windows(x, size, stride).max(axis=(-2, -1))
    return result


def average_pool2d(x: npt.ArrayLike, size: int, stride: int | None = None) -> Array:
    """Return the mean of each window. Raises as max_pool2d."""
    result: Array = _windows(x, size, stride).mean(axis=(-2, -1))
    return result


def max_pool2d_backward(x: npt.ArrayLike, delta: npt.ArrayLike, size: int, stride: int | None = None) -> Array:
    """Return the derivatives of a loss by x, given `delta`, those by the maxima: all to the winner of each window.

    Of equal entries the first one, row by row, wins, as in PyTorch. Raises ValueError when `delta` has not the
    shape of the maxima, and as max_pool2d does.
    """
    windows = _windows(x, size, stride)
    d = _fitting(delta, windows)
    step = size if stride is None else stride
    winner = windows.reshape(*windows.shape[:4], size * size).argmax(axis=-1)
    n, q, i, j = np.indices(d.shape)
    result = np.zeros(np.shape(x))
    # windows may overlap, and an entry that wins twice gets both derivatives
    np.add.at(result, (n, q, i * step + winner // size, j * step + winner % size), d)
    return result


def average_pool2d_backward(x: npt.ArrayLike, delta: npt.ArrayLike, size: int, stride: int | None = None) -> Array:
    """Return the derivatives of a loss by x, given those by the averages: equal parts. Raises alike."""
    windows = _windows(x, size, stride)
    d = _fitting(delta, windows)
    step = size if stride is None else stride
    rows, columns = d.shape[2:]
    result = np.zeros(np.shape(x))
    for a in range(size):
        for c in range(size):
            result[:, :, a : a + step * rows : step, c : c + step * columns : step] += d / size**2
    return result


def _windows(x: npt.ArrayLike, size: int, stride: int | None) -> Array:
    maps = np.asarray(x, dtype=np.float64)
    if maps.ndim != 4 or maps.size == 0:
        raise ValueError(f"pooling needs maps of the shape (n, channels, rows, columns), not {maps.shape}")
    step = size if stride is None else stride
    for pixels in maps.shape[2:]:
        output_size(pixels, size, step)
    view: Array = sliding_window_view(maps, (size, size), axis=(2, 3))
    return view[:, :, ::step, ::step]


def _fitting(delta: npt.ArrayLike, windows: Array) -> Array:
    d = np.asarray(delta, dtype=np.float64)
    if d.shape != windows.shape[:4]:
        raise ValueError(f"the derivatives by the pooled maps need the shape {windows.shape[:4]}, not {d.shape}")
    return d
