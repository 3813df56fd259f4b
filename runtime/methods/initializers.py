"""First weights of a layer: random, with a spread that keeps the strength of what passes through.

Shapes are those of PyTorch's weights: (outputs, inputs), for a convolution (outputs, inputs, *kernel). The fan-in
is the number of values a unit adds up, the fan-out the number of units a value goes to (for a convolution: times
the size of the kernel).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Fan = Literal["in", "out"]


def xavier_uniform(shape: Sequence[int], generator: np.random.Generator, gain: float = 1.0) -> Array:
    """Return weights drawn evenly, of mean 0 and variance 2 gain² / (fan-in + fan-out).

    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS
    2010; `gain` 1 is for tanh near 0. Raises ValueError for a shape of fewer than two or of empty dimensions.
    """
    return _uniform(shape, generator, _xavier_deviation(shape, gain))


def xavier_normal(shape: Sequence[int], generator: np.random.Generator, gain: float = 1.0) -> Array:
    """Return normally distributed weights with the mean and variance of xavier_uniform. Raises as it."""
    return generator.normal(0.0, _xavier_deviation(shape, gain), size=tuple(shape))


def he_uniform(shape: Sequence[int], generator: np.random.Generator, slope: float = 0.0, fan: Fan = "in") -> Array:
    """Return weights drawn evenly, of mean 0 and variance 2 / ((1 + slope²) fan).

    K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015; `slope` is that of a leaky ReLU
    on the left, 0 for ReLU. `fan` "in" keeps the strength of the values, "out" that of the gradients. Raises
    ValueError for a shape of fewer than two or of empty dimensions and for another `fan`.
    """
    return _uniform(shape, generator, _he_deviation(shape, slope, fan))


def he_normal(shape: Sequence[int], generator: np.random.Generator, slope: float = 0.0, fan: Fan = "in") -> Array:
    """Return normally distributed weights with the mean and variance of he_uniform. Raises as it."""
    return generator.normal(0.0, _he_deviation(shape, slope, fan), size=tuple(shape))


def _uniform(shape: Sequence[int], generator: np.random.Generator, deviation: float) -> Array:
    bound = math.sqrt(3.0) * deviation  # the variance of an even distribution on ±bound is bound² / 3
    return generator.uniform(-bound, bound, size=tuple(shape))


def _xavier_deviation(shape: Sequence[int], gain: float) -> float:
    return gain * math.sqrt(2.0 / sum(_fans(shape)))


def _he_deviation(shape: Sequence[int], slope: float, fan: str) -> float:
    if fan not in ("in", "out"):
        raise ValueError(f"fan is 'in' or 'out', not {fan!r}")
    return math.sqrt(2.0 / ((1.0 + slope**2) * _fans(shape)[fan == "out"]))


def _fans(shape: Sequence[int]) -> tuple[int, int]:
    if len(shape) < 2 or min(shape) < 1:
        raise ValueError(f"weights have the shape (outputs, inputs) or (outputs, inputs, *kernel), not {tuple(shape)}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel
