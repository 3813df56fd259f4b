"""Penalties on weights, their (sub)gradients, and the step that solves the one with a corner.

`strength` is λ ≥ 0, in the unit of the loss over the penalty's own; all functions take weights of any shape and
raise ValueError for no weights, for weights that are not finite and for a strength that is not a finite number ≥ 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def l1_penalty(weights: npt.ArrayLike, strength: float) -> float:
    """Return λ Σ|w|. Source: Tibshirani, "Regression Shrinkage and Selection via the Lasso" (1996)."""
    return float(_strength(strength) * np.abs(_weights(weights)).sum())


def l1_penalty_subgradient(weights: npt.ArrayLike, strength: float) -> Array:
    """Return λ sign(w) in the weights' shape: of all slopes at a weight of zero, -λ to λ, the one in the middle."""
    return np.asarray(_strength(strength) * np.sign(_weights(weights)))


def l2_penalty(weights: npt.ArrayLike, strength: float) -> float:
    """Return (λ/2) Σw². Source: Hoerl and Kennard, "Ridge Regression" (1970).

    The half makes λ what PyTorch's optimizers call weight_decay.
    """
    return float(0.5 * _strength(strength) * np.square(_weights(weights)).sum())


def l2_penalty_gradient(weights: npt.ArrayLike, strength: float) -> Array:
    """Return λ w, in the weights' shape."""
    return np.asarray(_strength(strength) * _weights(weights))


def elastic_net_penalty(weights: npt.ArrayLike, strength: float, mix: float = 0.5) -> float:
    """Return λ (mix Σ|w| + (1 - mix)/2 Σw²): l1_penalty for a mix of 1, l2_penalty for 0.

    Source: Zou and Hastie, "Regularization and Variable Selection via the Elastic Net" (2005). Raises ValueError for
    a mix outside [0, 1] as well.
    """
    share = _mix(mix)
    return share * l1_penalty(weights, strength) + (1.0 - share) * l2_penalty(weights, strength)


def elastic_net_penalty_subgradient(weights: npt.ArrayLike, strength: float, mix: float = 0.5) -> Array:
    """Return λ (mix sign(w) + (1 - mix) w), in the weights' shape. Raises as elastic_net_penalty."""
    share = _mix(mix)
    ridge = l2_penalty_gradient(weights, strength)
    return np.asarray(share * l1_penalty_subgradient(weights, strength) + (1.0 - share) * ridge)


def soft_threshold(weights: npt.ArrayLike, threshold: float) -> Array:
    """Return sign(w) max(|w| - threshold, 0), in the weights' shape: the v that minimizes (v - w)²/2 + threshold |v|.

    Source: Donoho and Johnstone, "Ideal Spatial Adaptation by Wavelet Shrinkage" (1994).
    """
    w = _weights(weights)
    return np.asarray(np.sign(w) * np.maximum(np.abs(w) - _strength(threshold), 0.0))


def _weights(weights: npt.ArrayLike) -> Array:
    w = np.asarray(weights, dtype=np.float64)
    if w.size == 0 or not np.isfinite(w).all():
        raise ValueError(f"a penalty needs weights that are finite, at least one, not {w}")
    return w


def _strength(strength: float) -> float:
    if not 0.0 <= strength < np.inf:
        raise ValueError(f"a strength is a finite number that is not negative, not {strength}")
    return float(strength)


def _mix(mix: float) -> float:
    if not 0.0 <= mix <= 1.0:
        raise ValueError(f"a mix is between 0 (squares alone) and 1 (absolute values alone), not {mix}")
    return float(mix)
