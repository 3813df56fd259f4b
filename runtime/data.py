"""Small data sets, made here from a seed: nothing is downloaded, and the same call gives the same numbers.

Points come as `x` of shape (n, 2) with classes `y` of shape (n,), whole numbers from 0, in order of the classes;
lengths have no unit. Noise is the standard deviation of a normal error in the same unit as what it is added to.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int64]


def moons(n: int = 200, noise: float = 0.1, seed: int = 0) -> tuple[Array, Classes]:
    """Return two interleaved half circles of radius 1, n // 2 points in class 1 and the others in class 0."""
    _check(n, noise, at_least=2)
    upper, lower = (np.linspace(0, np.pi, count) for count in (n - n // 2, n // 2))
    x = np.vstack((np.c_[np.cos(upper), np.sin(upper)], np.c_[1 - np.cos(lower), 0.5 - np.sin(lower)]))
    return _noisy(x, noise, seed), np.repeat([0, 1], (len(upper), len(lower)))


def blobs(
    n: int = 150,
    centers: Sequence[tuple[float, float]] = ((-2.0, 0.0), (2.0, 0.0), (0.0, 3.0)),
    noise: float = 0.7,
    seed: int = 0,
) -> tuple[Array, Classes]:
    """Return a round cloud about each of `centers`, one class each, as equal in number as n allows."""
    _check(n, noise, at_least=len(centers))
    y = np.sort(np.arange(n) % len(centers))
    return _noisy(np.asarray(centers, dtype=np.float64)[y], noise, seed), y


def xor(n: int = 200, noise: float = 0.25, seed: int = 0) -> tuple[Array, Classes]:
    """Return clouds about (±1, ±1); class 1 is where the signs differ. No straight line parts the classes."""
    _check(n, noise, at_least=4)
    corner = np.sort(np.arange(n) % 4)
    corners = np.array([(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)])
    return _noisy(corners[corner], noise, seed), corner // 2


def spirals(n: int = 300, arms: int = 3, noise: float = 0.03, seed: int = 0) -> tuple[Array, Classes]:
    """Return `arms` spirals from the centre to radius 1, three quarters of a turn each, one class an arm."""
    _check(n, noise, at_least=arms)
    if arms < 1:
        raise ValueError(f"spirals need at least one arm, not {arms}")
    y = np.sort(np.arange(n) % arms)
    radius = np.concatenate([np.linspace(0.05, 1.0, int(count)) for count in np.bincount(y)])
    angle = 1.5 * np.pi * radius + 2 * np.pi * y / arms
    return _noisy(radius[:, None] * np.c_[np.cos(angle), np.sin(angle)], noise, seed), y


def line(
    n: int = 50, slope: float = 2.0, intercept: float = 1.0, noise: float = 0.5, seed: int = 0
) -> tuple[Array, Array]:
    """Return x, evenly spaced in [-1, 1], and y = slope x + intercept + noise, both of shape (n,)."""
    return polynomial(n, (intercept, slope), noise, seed)


def polynomial(
    n: int = 30, coefficients: Sequence[float] = (0.0, 1.0, 0.0, -1.5), noise: float = 0.1, seed: int = 0
) -> tuple[Array, Array]:
    """Return x, evenly spaced in [-1, 1], and y = c₀ + c₁ x + c₂ x² + … + noise, both of shape (n,)."""
    _check(n, noise, at_least=1)
    x = np.linspace(-1, 1, n)
    y = np.polynomial.polynomial.polyval(x, np.asarray(coefficients, dtype=np.float64))
    return x, _noisy(y.astype(np.float64), noise, seed)


# The digits as pen strokes in a square, x to the right and y down, both from 0 to 1.
_O = tuple((0.5 + 0.28 * float(np.sin(t)), 0.5 - 0.4 * float(np.cos(t))) for t in np.linspace(0, 2 * np.pi, 17))
_STROKES: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (_O,),
    (((0.35, 0.25), (0.52, 0.1), (0.52, 0.9)),),
    (((0.25, 0.28), (0.35, 0.12), (0.6, 0.1), (0.73, 0.28), (0.65, 0.48), (0.25, 0.9), (0.77, 0.9)),),
    (
        ((0.27, 0.18), (0.5, 0.1), (0.72, 0.24), (0.66, 0.42), (0.45, 0.48)),
        ((0.45, 0.48), (0.7, 0.56), (0.75, 0.74), (0.5, 0.9), (0.25, 0.82)),
    ),
    (((0.6, 0.9), (0.6, 0.1), (0.22, 0.64), (0.8, 0.64)),),
    (((0.72, 0.1), (0.32, 0.1), (0.28, 0.46), (0.55, 0.42), (0.75, 0.6), (0.68, 0.82), (0.45, 0.9), (0.25, 0.82)),),
    (((0.65, 0.1), (0.38, 0.35), (0.27, 0.66), (0.42, 0.9), (0.66, 0.86), (0.74, 0.66), (0.56, 0.52), (0.3, 0.62)),),
    (((0.23, 0.1), (0.77, 0.1), (0.42, 0.9)),),
    (
        ((0.5, 0.48), (0.3, 0.36), (0.33, 0.16), (0.5, 0.1), (0.67, 0.16), (0.7, 0.36), (0.5, 0.48)),
        ((0.5, 0.48), (0.26, 0.62), (0.3, 0.84), (0.5, 0.9), (0.7, 0.84), (0.74, 0.62), (0.5, 0.48)),
    ),
    (((0.7, 0.38), (0.45, 0.48), (0.27, 0.32), (0.36, 0.12), (0.62, 0.12), (0.7, 0.38), (0.66, 0.64), (0.5, 0.9)),),
)


def digits(n: int = 200, size: int = 12, wobble: float = 1.0, seed: int = 0) -> tuple[Array, Classes]:
    """Return pictures of the digits 0 to 9 as a pen would draw them, each one a little different.

    `x` has the shape (n, size, size), brightness from 0 (paper) to 1 (ink), rows from the top; `y` is the digit,
    0 to 9 in turn. `wobble` scales how much shift, turn, size and strokes vary; 0 gives ten pictures over and over.
    Raises ValueError for a size below 8 and as the other data sets do.
    """
    _check(n, wobble, at_least=1)
    if size < 8:
        raise ValueError(f"a digit cannot be told in {size} by {size} pixels; give at least 8")
    generator = np.random.default_rng(seed)
    y = np.arange(n) % 10
    return np.stack([_picture(int(digit), size, wobble, generator) for digit in y]), y


def _picture(digit: int, size: int, wobble: float, generator: np.random.Generator) -> Array:
    """Draw one digit: ink where a pixel's middle is near a stroke, fading over one pixel."""
    turn = 0.12 * wobble * generator.normal()
    scale = 1 + 0.06 * wobble * generator.normal(size=2)
    shift = 0.03 * wobble * generator.normal(size=2)
    turned = np.array([(np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))]) * scale
    middle = (np.arange(size) + 0.5) / size
    pixels = np.stack(np.meshgrid(middle, middle), axis=-1)
    distance = np.full((size, size), np.inf)
    for stroke in _STROKES[digit]:
        points = (np.array(stroke) - 0.5 + 0.015 * wobble * generator.normal(size=(len(stroke), 2))) @ turned.T
        points += 0.5 + shift
        for start, end in pairwise(points):
            along = end - start
            part = np.clip((pixels - start) @ along / (along @ along), 0, 1)
            distance = np.minimum(distance, np.linalg.norm(pixels - start - part[..., None] * along, axis=-1))
    result: Array = np.clip(1.0 - (distance - 0.045) * size, 0.0, 1.0)
    return result


def _noisy(values: Array, noise: float, seed: int) -> Array:
    result: Array = values + noise * np.random.default_rng(seed).normal(size=values.shape)
    return result


def _check(n: int, noise: float, at_least: int) -> None:
    """Raise ValueError for too few points or a negative noise."""
    if n < at_least or not noise >= 0:
        raise ValueError(f"need n >= {at_least} and no negative noise, not {n} and {noise}")
