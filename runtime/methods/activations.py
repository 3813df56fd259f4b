"""Activation functions and their derivatives, entry by entry; the result has the shape of the argument."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_CUBIC = 0.044715  # of the tanh form of GELU


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


def leaky_relu(z: npt.ArrayLike, slope: float = 0.01) -> Array:
    """Return z where z > 0, else slope · z; A. L. Maas, A. Y. Hannun and A. Y. Ng, ICML 2013 workshops."""
    z = np.asarray(z, dtype=np.float64)
    return np.asarray(np.where(z > 0, z, slope * z))


def leaky_relu_derivative(z: npt.ArrayLike, slope: float = 0.01) -> Array:
    """Return 1 where z > 0, else `slope`; at 0, where there is no derivative, the value that PyTorch takes."""
    return np.where(np.asarray(z, dtype=np.float64) > 0, 1.0, slope)


def elu(z: npt.ArrayLike, alpha: float = 1.0) -> Array:
    """Return z where z > 0, else alpha (exp(z) - 1); D.-A. Clevert, T. Unterthiner and S. Hochreiter, ICLR 2016."""
    z = np.asarray(z, dtype=np.float64)
    return np.asarray(np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0))))


def elu_derivative(z: npt.ArrayLike, alpha: float = 1.0) -> Array:
    """Return 1 where z > 0, else alpha exp(z); at 0 the value that PyTorch takes, alpha."""
    z = np.asarray(z, dtype=np.float64)
    return np.asarray(np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0))))


def gelu(z: npt.ArrayLike, approximate: Literal["none", "tanh"] = "none") -> Array:
    """Return z Φ(z), Φ(z) being the share of a standard normal distribution below z, or its form with tanh.

    D. Hendrycks and K. Gimpel, "Gaussian error linear units (GELUs)", 2016. The two forms differ by less than
    0.0005. Raises ValueError for another `approximate`.
    """
    z = np.asarray(z, dtype=np.float64)
    if _exact(approximate):
        return np.asarray(z * _normal_share(z))
    return np.asarray(0.5 * z * (1.0 + np.tanh(_tanh_argument(z))))


def gelu_derivative(z: npt.ArrayLike, approximate: Literal["none", "tanh"] = "none") -> Array:
    """Return the derivative of gelu, in the exact form Φ(z) + z φ(z) with the normal density φ. Raises as gelu."""
    z = np.asarray(z, dtype=np.float64)
    if _exact(approximate):
        return np.asarray(_normal_share(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi))
    argument = _tanh_argument(z)
    steepness = math.sqrt(2.0 / math.pi) * (1.0 + 3.0 * _CUBIC * z * z)
    return np.asarray(0.5 * (1.0 + np.tanh(argument)) + 0.5 * z * tanh_derivative(argument) * steepness)


def silu(z: npt.ArrayLike) -> Array:
    """Return z sigmoid(z), also called swish; S. Elfwing, E. Uchibe and K. Doya, Neural Networks 107 (2018)."""
    return np.asarray(np.asarray(z, dtype=np.float64) * sigmoid(z))


def silu_derivative(z: npt.ArrayLike) -> Array:
    """Return s (1 + z (1 - s)) with s = sigmoid(z)."""
    z = np.asarray(z, dtype=np.float64)
    return np.asarray(sigmoid(z) * (1.0 + z * sigmoid(-z)))


def softplus(z: npt.ArrayLike) -> Array:
    """Return log(1 + exp(z)), a smooth relative of ReLU, without overflow."""
    return np.asarray(np.logaddexp(0.0, np.asarray(z, dtype=np.float64)))


def softplus_derivative(z: npt.ArrayLike) -> Array:
    """Return the derivative of softplus, which is the sigmoid."""
    return sigmoid(z)


def _exact(approximate: str) -> bool:
    if approximate not in ("none", "tanh"):
        raise ValueError(f"approximate is 'none' or 'tanh', not {approximate!r}")
    return approximate == "none"


def _normal_share(z: Array) -> Array:
    # erfc keeps the digits of a small share, which 1 + erf would lose
    shares = [0.5 * math.erfc(-value / math.sqrt(2.0)) for value in z.ravel()]
    return np.array(shares, dtype=np.float64).reshape(z.shape)


def _tanh_argument(z: Array) -> Array:
    return np.asarray(math.sqrt(2.0 / math.pi) * (z + _CUBIC * z * z * z))
