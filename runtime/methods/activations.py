"""Activation functions and their derivatives, entry by entry; the result has the shape of the argument."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def sigmoid(z: npt.ArrayLike) -> Array:
    """Return 1 / (1 + exp(-z)), in (0, 1); no exponential overflows, however large |z| is."""
    z = np.asarray(z, dtype=np.float64)
    small = np.exp(-np.abs(z))
    result: Array = np.where(z >= 0, 1.0, small) / (1.0 + small)
    return result


def sigmoid_derivative(z: npt.ArrayLike) -> Array:
    """Return sigmoid(z) (1 - sigmoid(z)), at most 1/4; the second factor is sigmoid(-z), which loses no digits."""
    return sigmoid(z) * sigmoid(-np.asarray(z, dtype=np.float64))


def tanh(z: npt.ArrayLike) -> Array:
    """Return the hyperbolic tangent, in (-1, 1)."""
    return np.tanh(np.asarray(z, dtype=np.float64))


def tanh_derivative(z: npt.ArrayLike) -> Array:
    """Return 1 - tanh(z)², written as 4 s(2z) s(-2z) with the sigmoid s, which loses no digits for large |z|."""
    return 4.0 * sigmoid_derivative(2.0 * np.asarray(z, dtype=np.float64))


def relu(z: npt.ArrayLike) -> Array:
    """Return max(z, 0); V. Nair and G. E. Hinton, "Rectified linear units …", ICML 2010."""
    return np.maximum(np.asarray(z, dtype=np.float64), 0.0)


def relu_derivative(z: npt.ArrayLike) -> Array:
    """Return 1 where z > 0, else 0; at 0, where there is no derivative, the value that PyTorch takes."""
    return (np.asarray(z, dtype=np.float64) > 0).astype(np.float64)
