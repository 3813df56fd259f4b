"""Learning rates over the course of training: functions of the step's number, from 0.

`steps` is one number or an array; the result has its shape. Each function raises ValueError for a step below 0, a
rate that is not positive, or another setting outside the range named in its documentation.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def step_decay(steps: npt.ArrayLike, rate: float, every: int, factor: float = 0.1) -> Array:
    """Return rate · factor^⌊step / every⌋; `every` is at least 1, `factor` in (0, 1]."""
    number = _checked(steps, rate, every, factor)
    return np.asarray(rate * factor ** (number // every))


def exponential_decay(steps: npt.ArrayLike, rate: float, factor: float) -> Array:
    """Return rate · factor^step; `factor` is in (0, 1]."""
    return np.asarray(rate * factor ** _checked(steps, rate, 1, factor))


def cosine_decay(steps: npt.ArrayLike, rate: float, length: int, lowest: float = 0.0) -> Array:
    """Return half a cosine from `rate` at step 0 to `lowest` at step `length`, and `lowest` from there on.

    `length` is at least 1, `lowest` from 0 to `rate`. I. Loshchilov and F. Hutter, "SGDR: stochastic gradient
    descent with warm restarts", International Conference on Learning Representations (2017), without the restarts.
    """
    number = _checked(steps, rate, length, 1.0)
    if not 0 <= lowest <= rate:
        raise ValueError(f"the lowest rate lies between 0 and the rate {rate}, not at {lowest}")
    angle = np.pi * np.minimum(number, length) / length
    return np.asarray(lowest + (rate - lowest) * (1 + np.cos(angle)) / 2)


def linear_warmup(steps: npt.ArrayLike, rate: float, length: int, start: float = 1 / 3) -> Array:
    """Return a straight line from start · rate at step 0 to `rate` at step `length`, and `rate` from there on.

    `length` is at least 1, `start` in (0, 1].
    """
    number = _checked(steps, rate, length, start)
    return np.asarray(rate * (start + (1 - start) * np.minimum(number, length) / length))


def _checked(steps: npt.ArrayLike, rate: float, length: int, factor: float) -> Array:
    number = np.asarray(steps, dtype=np.float64)
    if not (number >= 0).all() or not (number == np.floor(number)).all():
        raise ValueError("the numbers of steps are whole and not negative")
    if not rate > 0 or not length >= 1 or not 0 < factor <= 1:
        raise ValueError(f"a schedule needs rate > 0, length >= 1, 0 < factor <= 1, not {rate}, {length}, {factor}")
    return number
