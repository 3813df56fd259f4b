"""Losses and their gradients, averaged over the examples.

Losses of numbers take predictions and targets of one shape and average over all entries, losses of classes take
scores; a gradient is by the first argument (of kl_divergence: by the second), in its shape. Logarithms are
taken of scores, never of probabilities that may have been rounded to zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from runtime.methods.activations import sigmoid
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


def mean_absolute_error(predictions: npt.ArrayLike, targets: npt.ArrayLike) -> float:
    """Return the mean of |prediction - target| over all entries, in their unit. Raises as mean_squared_error."""
    return float(np.abs(_errors(predictions, targets)).mean())


def mean_absolute_error_gradient(predictions: npt.ArrayLike, targets: npt.ArrayLike) -> Array:
    """Return the gradient of mean_absolute_error by the predictions, 0 at the kink, in their shape. Raises as it."""
    errors = _errors(predictions, targets)
    return np.asarray(np.sign(errors) / errors.size)


def huber(predictions: npt.ArrayLike, targets: npt.ArrayLike, delta: float = 1.0) -> float:
    """Return the mean of e²/2 for errors |e| <= delta and of delta (|e| - delta/2) for larger ones.

    `delta` is in the unit of the errors. P. J. Huber, "Robust estimation of a location parameter", The Annals of
    Mathematical Statistics 35 (1964). Raises ValueError for a `delta` that is not positive, and as mean_squared_error.
    """
    errors, limit = np.abs(_errors(predictions, targets)), _positive("delta", delta)
    return float(np.where(errors <= limit, 0.5 * errors**2, limit * (errors - 0.5 * limit)).mean())


def huber_gradient(predictions: npt.ArrayLike, targets: npt.ArrayLike, delta: float = 1.0) -> Array:
    """Return the gradient of huber by the predictions: errors clipped to ±delta, over their number. Raises as it."""
    errors, limit = _errors(predictions, targets), _positive("delta", delta)
    return np.asarray(np.clip(errors, -limit, limit) / errors.size)


def binary_cross_entropy(logits: npt.ArrayLike, targets: npt.ArrayLike) -> float:
    """Return the mean of -y log σ(z) - (1 - y) log(1 - σ(z)) over all entries, in nats.

    `logits` z and `targets` y, from 0 to 1, have one shape. Computed as max(z, 0) - z y + log(1 + exp(-|z|)), which
    neither overflows nor loses a confident mistake. Raises ValueError for shapes that differ, for no entries and
    for a target outside [0, 1].
    """
    z, y = _sides(logits, targets)
    return float((np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean())


def binary_cross_entropy_gradient(logits: npt.ArrayLike, targets: npt.ArrayLike) -> Array:
    """Return the gradient of binary_cross_entropy by the logits, (σ(z) - y) / entries. Raises as it."""
    z, y = _sides(logits, targets)
    return np.asarray((sigmoid(z) - y) / z.size)


def hinge(scores: npt.ArrayLike, targets: npt.ArrayLike) -> float:
    """Return the mean of max(0, 1 - m) over all entries; the margin m is the score for target 1, minus it for 0.

    C. Cortes and V. Vapnik, "Support-vector networks", Machine Learning 20 (1995). Raises ValueError for shapes
    that differ, for no entries and for a target other than 0 and 1.
    """
    z, sign = _signed(scores, targets)
    return float(np.maximum(0.0, 1.0 - sign * z).mean())


def hinge_gradient(scores: npt.ArrayLike, targets: npt.ArrayLike) -> Array:
    """Return the gradient of hinge by the scores, 0 at the kink, in their shape. Raises as it."""
    z, sign = _signed(scores, targets)
    return np.asarray(np.where(sign * z < 1.0, -sign, 0.0) / z.size)


def kl_divergence(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    """Return the mean over the examples of Σ p log(p / q), in nats: what q costs more than p does where p is true.

    Both have the shape (n, k) and rows that add up to 1; where p is 0 a term is 0, where only q is 0 it is infinite.
    S. Kullback and R. A. Leibler, "On information and sufficiency", The Annals of Mathematical Statistics 22 (1951).
    Raises ValueError for other shapes, for no examples, for negative entries and for rows with another sum.
    """
    true, claimed = _shares("p", p), _shares("q", q)
    if true.shape != claimed.shape:
        raise ValueError(f"the shares p and q need one shape, not {true.shape} and {claimed.shape}")
    some = true > 0
    with np.errstate(divide="ignore"):
        terms = true[some] * (np.log(true[some]) - np.log(claimed[some]))
    return float(terms.sum() / len(true))


def kl_divergence_gradient(p: npt.ArrayLike, q: npt.ArrayLike) -> Array:
    """Return the gradient of kl_divergence by q, each entry moved by itself: -p / q / n. Raises as it.

    Where p and q are both 0 it is 0, where only q is it is minus infinity.
    """
    kl_divergence(p, q)
    true, claimed = _shares("p", p), _shares("q", q)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(true > 0, true / claimed, 0.0)
    return np.asarray(-ratio / len(true))


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


def _positive(name: str, value: float) -> float:
    if not value > 0:
        raise ValueError(f"{name} is positive, not {value}")
    return float(value)


def _sides(logits: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Array, Array]:
    z, y = np.asarray(logits, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    if z.shape != y.shape or z.size == 0:
        raise ValueError(f"scores and targets need one shape with entries in it, not {z.shape} and {y.shape}")
    if not ((y >= 0) & (y <= 1)).all():
        raise ValueError("targets are from 0 to 1")
    return z, y


def _signed(scores: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Array, Array]:
    z, y = _sides(scores, targets)
    if not ((y == 0) | (y == 1)).all():
        raise ValueError("targets are 0 or 1")
    return z, np.asarray(2.0 * y - 1.0)


def _shares(name: str, value: npt.ArrayLike) -> Array:
    shares = np.asarray(value, dtype=np.float64)
    if shares.ndim != 2 or shares.size == 0:
        raise ValueError(f"the shares {name} have the shape (n, k) with entries in it, not {shares.shape}")
    if not ((shares >= 0).all() and np.allclose(shares.sum(axis=1), 1.0, rtol=0, atol=1e-6)):
        raise ValueError(f"each row of {name} holds shares that are not negative and add up to 1")
    return shares
