"""Batch and layer normalization of a table (n, d), n examples with d features, forwards and backwards.

Both subtract a mean and divide by the root of a variance plus `epsilon`, over the examples or over the features, then
multiply by `scale` and add `shift`, both of the shape (d,). Every function raises ValueError for other shapes and for
an epsilon that is not positive.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def batch_norm(x: npt.ArrayLike, scale: npt.ArrayLike, shift: npt.ArrayLike, epsilon: float = 1e-5) -> Array:
    """Return x normalized over the examples of the batch, of which there are at least two: shape (n, d).

    The variance divides by n. S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by
    reducing internal covariate shift", International Conference on Machine Learning (2015).
    """
    z, a, b = _checked(x, scale, shift, epsilon, axis=0)
    return a * _standardized(z, epsilon, axis=0)[0] + b


def batch_norm_backward(
    x: npt.ArrayLike, scale: npt.ArrayLike, upstream: npt.ArrayLike, epsilon: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Return a loss's gradients by x (n, d), by the scale and by the shift (d,) of batch_norm.

    `upstream`, of the shape (n, d), is its gradient by the result. Mean and variance move with x.
    """
    return _backward(x, scale, upstream, epsilon, axis=0)


def batch_norm_inference(
    x: npt.ArrayLike,
    mean: npt.ArrayLike,
    variance: npt.ArrayLike,
    scale: npt.ArrayLike,
    shift: npt.ArrayLike,
    epsilon: float = 1e-5,
) -> Array:
    """Return x normalized by a given mean and variance, both of the shape (d,); every example for itself: (n, d)."""
    z, a, b = _checked(x, scale, shift, epsilon, axis=None)
    m, v = np.asarray(mean, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    if m.shape != b.shape or v.shape != b.shape or (v < 0).any():
        raise ValueError(
            f"mean and variance need the shape {b.shape} and no variance below 0, not {m.shape}, {v.shape}"
        )
    return np.asarray(a * (z - m) / np.sqrt(v + epsilon) + b)


def running_statistics(
    mean: npt.ArrayLike, variance: npt.ArrayLike, x: npt.ArrayLike, share: float = 0.1
) -> tuple[Array, Array]:
    """Return the moving averages of mean and variance (d,) after the batch x (n, d), which enters with `share`.

    As torch.nn.BatchNorm1d, whose `momentum` is the share, it averages the unbiased variance, which divides by n - 1.
    Raises ValueError for a share outside [0, 1] and for fewer than two examples.
    """
    z, m, v = np.asarray(x, np.float64), np.asarray(mean, np.float64), np.asarray(variance, np.float64)
    if z.ndim != 2 or len(z) < 2 or m.shape != z.shape[1:] or v.shape != z.shape[1:]:
        raise ValueError(f"statistics need x (n, d) with n >= 2, and (d,) twice, not {z.shape}, {m.shape}, {v.shape}")
    if not 0 <= share <= 1:
        raise ValueError(f"the share of the new batch is in [0, 1], not {share}")
    return (1 - share) * m + share * z.mean(axis=0), (1 - share) * v + share * z.var(axis=0, ddof=1)


def layer_norm(x: npt.ArrayLike, scale: npt.ArrayLike, shift: npt.ArrayLike, epsilon: float = 1e-5) -> Array:
    """Return x normalized over the features of each example: shape (n, d).

    J. L. Ba et al., "Layer normalization", arXiv:1607.06450 (2016).
    """
    z, a, b = _checked(x, scale, shift, epsilon, axis=1)
    return a * _standardized(z, epsilon, axis=1)[0] + b


def layer_norm_backward(
    x: npt.ArrayLike, scale: npt.ArrayLike, upstream: npt.ArrayLike, epsilon: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Return what batch_norm_backward returns, for layer_norm: gradients by x (n, d), by scale and shift (d,)."""
    return _backward(x, scale, upstream, epsilon, axis=1)


def _standardized(z: Array, epsilon: float, axis: int) -> tuple[Array, Array]:
    spread = np.sqrt(z.var(axis=axis, keepdims=True) + epsilon)
    return (z - z.mean(axis=axis, keepdims=True)) / spread, spread


def _backward(
    x: npt.ArrayLike, scale: npt.ArrayLike, upstream: npt.ArrayLike, epsilon: float, axis: int
) -> tuple[Array, Array, Array]:
    z, a, _ = _checked(x, scale, scale, epsilon, axis)
    g = np.asarray(upstream, dtype=np.float64)
    if g.shape != z.shape:
        raise ValueError(f"the upstream gradient needs the shape {z.shape} of x, not {g.shape}")
    normal, spread = _standardized(z, epsilon, axis)
    through = g * a
    common = through.mean(axis=axis, keepdims=True)
    along = (through * normal).mean(axis=axis, keepdims=True)
    return (through - common - normal * along) / spread, (g * normal).sum(axis=0), g.sum(axis=0)


def _checked(
    x: npt.ArrayLike, scale: npt.ArrayLike, shift: npt.ArrayLike, epsilon: float, axis: int | None
) -> tuple[Array, Array, Array]:
    z, a, b = (np.asarray(value, dtype=np.float64) for value in (x, scale, shift))
    if z.ndim != 2 or z.size == 0 or a.shape != z.shape[1:] or b.shape != z.shape[1:]:
        raise ValueError(
            f"normalization needs x (n, d), scale (d,) and shift (d,), not {z.shape}, {a.shape}, {b.shape}"
        )
    if axis == 0 and len(z) < 2:
        raise ValueError("a batch to normalize over needs two examples or more: one alone is its own mean")
    if not epsilon > 0:
        raise ValueError(f"epsilon is positive, not {epsilon}")
    return z, a, b
