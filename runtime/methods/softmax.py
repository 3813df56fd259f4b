"""Softmax, its logarithm and the logarithm of a sum of exponentials, safe for logits of any size.

The largest logit is subtracted before exponentiating, which changes nothing in exact arithmetic and keeps each
exponential in (0, 1]; error bounds are in P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the
log-sum-exp and softmax functions", IMA Journal of Numerical Analysis 41 (2021). The function's name and its use for
class probabilities are from J. S. Bridle (1990).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def softmax(logits: npt.ArrayLike, axis: int = -1) -> Array:
    """Return exp(z) / sum(exp(z)) along `axis`: positive weights that sum to 1, in the shape of `logits`.

    A logit may be -inf (weight 0). Raises ValueError where there is nothing along `axis`, or no finite largest logit.
    """
    shifted, _ = _shifted(logits, axis)
    weights = np.exp(shifted)
    result: Array = weights / weights.sum(axis=axis, keepdims=True)
    return result


def log_softmax(logits: npt.ArrayLike, axis: int = -1) -> Array:
    """Return log(softmax(z)) in nats, in the shape of `logits`; exact also where the weight itself underflows.

    Raises ValueError as softmax does.
    """
    shifted, _ = _shifted(logits, axis)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return result


def logsumexp(logits: npt.ArrayLike, axis: int = -1) -> Array:
    """Return log(sum(exp(z))) in nats, in the shape of `logits` without `axis`. Raises ValueError as softmax does."""
    shifted, largest = _shifted(logits, axis)
    result: Array = np.log(np.exp(shifted).sum(axis=axis)) + np.squeeze(largest, axis=axis)
    return result


def _shifted(logits: npt.ArrayLike, axis: int) -> tuple[Array, Array]:
    """Return the logits less the largest along `axis`, and that largest one with the axis kept."""
    z = np.asarray(logits, dtype=np.float64)
    if z.ndim == 0 or z.shape[axis] == 0:
        raise ValueError(f"softmax needs at least one logit along axis {axis}, the shape is {z.shape}")
    largest: Array = z.max(axis=axis, keepdims=True)
    if not np.isfinite(largest).all():
        raise ValueError("softmax needs a finite largest logit: one is NaN or +inf, or all are -inf")
    return z - largest, largest
