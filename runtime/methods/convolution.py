"""Convolutional layers: the cross-correlation that libraries call convolution, and its derivatives.

With kernels w of the shape (maps, channels, k_rows, k_columns) and a stride s, map m at place (i, j) is

    y[m, i, j] = bias[m] + Σ_{q, a, c} w[m, q, a, c] · x[q, s i + a, s j + c]

after `padding` rows and columns of zeros are added on each side of x. Sizes are in pixels.
V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning" (2016), arXiv:1603.07285.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Array = npt.NDArray[np.float64]


class ConvolutionGradients(NamedTuple):
    """Derivatives of a loss by what went into conv2d, each in the shape of what it belongs to."""

    x: Array
    kernels: Array
    bias: Array


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """Return how many places a window has along one axis: floor((size + 2 padding - kernel) / stride) + 1.

    Raises ValueError when kernel or stride is below 1, padding below 0, or the window does not fit even once.
    """
    if kernel < 1 or stride < 1 or padding < 0:
        raise ValueError(f"need kernel >= 1, stride >= 1, padding >= 0, not {kernel}, {stride}, {padding}")
    if size < 0 or size + 2 * padding < kernel:
        raise ValueError(f"a window of {kernel} does not fit into {size} pixels with a padding of {padding}")
    return (size + 2 * padding - kernel) // stride + 1


def convolve1d(signal: npt.ArrayLike, kernel: npt.ArrayLike) -> Array:
    """Return the full convolution in the mathematical sense, kernel turned round: shape (n + k - 1,).

    Entry t is Σ_a kernel[a] signal[t - a]: the coefficients of the product of two polynomials. Raises ValueError
    unless both are lists of at least one number.
    """
    x, w = np.asarray(signal, dtype=np.float64), np.asarray(kernel, dtype=np.float64)
    if x.ndim != 1 or w.ndim != 1 or x.size == 0 or w.size == 0:
        raise ValueError(f"a convolution needs two lists with numbers in them, not the shapes {x.shape}, {w.shape}")
    result = np.zeros(len(x) + len(w) - 1)
    for offset, weight in enumerate(w):
        result[offset : offset + len(x)] += weight * x
    return result


def conv2d(
    x: npt.ArrayLike, kernels: npt.ArrayLike, bias: npt.ArrayLike | None = None, stride: int = 1, padding: int = 0
) -> Array:
    """Return the maps of a batch, of the shape (n, maps, rows, columns).

    `x` has the shape (n, channels, rows, columns), `kernels` (maps, channels, k_rows, k_columns), `bias` (maps,).
    Raises ValueError for shapes that do not fit and as output_size does.
    """
    images, w, b = _arguments(x, kernels, bias)
    windows = _windows(images, w, stride, padding)
    result: Array = np.einsum("nqijac,mqac->nmij", windows, w, optimize=True) + b[:, None, None]
    return result


def conv2d_backward(
    x: npt.ArrayLike, kernels: npt.ArrayLike, delta: npt.ArrayLike, stride: int = 1, padding: int = 0
) -> ConvolutionGradients:
    """Return the derivatives of a loss by x, kernels and bias, given `delta`, those by the maps of conv2d.

    Raises ValueError when `delta` has not the shape of the maps, and as conv2d does.
    """
    images, w, _ = _arguments(x, kernels, None)
    windows = _windows(images, w, stride, padding)
    d = np.asarray(delta, dtype=np.float64)
    expected = (len(images), len(w), *windows.shape[2:4])
    if d.shape != expected:
        raise ValueError(f"the derivatives by the maps need the shape {expected}, not {d.shape}")
    by_kernels: Array = np.einsum("nmij,nqijac->mqac", d, windows, optimize=True)

    rows, columns = d.shape[2:]
    padded = np.zeros(
        (*images.shape[:2], images.shape[2] + 2 * padding, images.shape[3] + 2 * padding), dtype=np.float64
    )
    # each weight sends its part of delta back to the pixels it was multiplied with
    for a in range(w.shape[2]):
        for c in range(w.shape[3]):
            part = np.einsum("nmij,mq->nqij", d, w[:, :, a, c])
            padded[:, :, a : a + stride * rows : stride, c : c + stride * columns : stride] += part
    inner = padded[:, :, padding : padding + images.shape[2], padding : padding + images.shape[3]]
    return ConvolutionGradients(inner.copy(), by_kernels, d.sum(axis=(0, 2, 3)))


def _arguments(x: npt.ArrayLike, kernels: npt.ArrayLike, bias: npt.ArrayLike | None) -> tuple[Array, Array, Array]:
    images, w = np.asarray(x, dtype=np.float64), np.asarray(kernels, dtype=np.float64)
    if images.ndim != 4 or w.ndim != 4 or images.shape[1] != w.shape[1] or images.size == 0 or w.size == 0:
        raise ValueError(
            f"conv2d needs x (n, channels, rows, columns) and kernels (maps, channels, k, k), not the shapes "
            f"{images.shape} and {w.shape}"
        )
    b = np.zeros(len(w)) if bias is None else np.asarray(bias, dtype=np.float64)
    if b.shape != (len(w),):
        raise ValueError(f"the bias needs one number a map, the shape ({len(w)},), not {b.shape}")
    return images, w, b


def _windows(images: Array, w: Array, stride: int, padding: int) -> Array:
    """Return the windows of the padded images: (n, channels, rows, columns, k_rows, k_columns), a view."""
    for size, kernel in zip(images.shape[2:], w.shape[2:], strict=True):
        output_size(size, kernel, stride, padding)
    padded = np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    view: Array = sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    return view[:, :, ::stride, ::stride]
