"""Losses and their gradients, averaged over the examples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from runtime.methods.softmax import log_softmax, softmax

Array = npt.NDArray[np.float64]


def cross_entropy(logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
    """Return the mean of -log softmax(logits)[target], in nats.

    `logits` has the shape (n, k), `targets` n whole numbers from 0 to k - 1. Raises ValueError for other shapes,
    for a target out of range, for no examples and for logits that are not finite.
    """
    z, classes = _classification(logits, targets)
    return float(-log_softmax(z)[np.arange(len(classes)), classes].mean())


def cross_entropy_gradient(logits: npt.ArrayLike, targets: npt.ArrayLike) -> Array:
    """Return the gradient of cross_entropy by the logits, (softmax - one-hot) / n, of shape (n, k). Raises as it."""
    z, classes = _classification(logits, targets)
    gradient = softmax(z)
    gradient[np.arange(len(classes)), classes] -= 1.0
    return gradient / len(classes)


def mean_squared_error(predictions: npt.ArrayLike, targets: npt.ArrayLike) -> float:
    """Return the mean of (prediction - target)² over all entries, in the square of their unit.

    Raises ValueError when the shapes differ or there are no entries.
    """
    return float(np.square(_errors(predictions, targets)).mean())


def mean_squared_error_gradient(predictions: npt.ArrayLike, targets: npt.ArrayLike) -> Array:
    """Return the gradient of mean_squared_error by the predictions, in their shape. Raises as it."""
    errors = _errors(predictions, targets)
    return 2.0 * errors / errors.size


def _classification(logits: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Array, npt.NDArray[np.intp]]:
    z, classes = np.asarray(logits, dtype=np.float64), np.asarray(targets)
    if z.ndim != 2 or classes.shape != z.shape[:1] or z.size == 0:
        raise ValueError(f"cross-entropy needs logits (n, k) and n targets, not the shapes {z.shape}, {classes.shape}")
    if classes.dtype.kind not in "iu" or classes.min() < 0 or classes.max() >= z.shape[1]:
        raise ValueError(f"targets are whole numbers from 0 to {z.shape[1] - 1}")
    return z, classes.astype(np.intp)


def _errors(predictions: npt.ArrayLike, targets: npt.ArrayLike) -> Array:
    p, t = np.asarray(predictions, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    if p.shape != t.shape or p.size == 0:
        raise ValueError(f"predictions and targets need one shape with entries in it, not {p.shape} and {t.shape}")
    return np.asarray(p - t)
