"""Gradient descent and its heavy-ball form, as the list of points they pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Gradient = Callable[[Array], npt.ArrayLike]


def gradient_descent(gradient: Gradient, start: npt.ArrayLike, rate: float, steps: int) -> Array:
    """Return the points x, x - rate g(x), …: shape (steps + 1, *start.shape), the start first.

    `gradient` takes a point and returns an array of its shape. A. Cauchy, "Méthode générale pour la résolution des
    systèmes d'équations simultanées", Comptes rendus 25 (1847). Raises ValueError for a rate that is not positive, a
    negative number of steps or a gradient of another shape.
    """
    return momentum(gradient, start, rate, steps, decay=0.0)


def momentum(gradient: Gradient, start: npt.ArrayLike, rate: float, steps: int, decay: float = 0.9) -> Array:
    """Return the points of v ← decay v + g(x), x ← x - rate v with v = 0 at first: shape (steps + 1, *start.shape).

    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR Computational Mathematics
    and Mathematical Physics 4 (1964), in the scaling of torch.optim.SGD. Raises as gradient_descent does, and
    ValueError for a decay outside [0, 1).
    """
    if not rate > 0 or steps < 0 or not 0 <= decay < 1:
        raise ValueError(f"descent needs rate > 0, steps >= 0, 0 <= decay < 1, not {rate}, {steps}, {decay}")
    point = np.array(start, dtype=np.float64)
    velocity = np.zeros_like(point)
    path = np.empty((steps + 1, *point.shape))
    path[0] = point
    for step in range(1, steps + 1):
        slope = np.asarray(gradient(path[step - 1].copy()), dtype=np.float64)
        if slope.shape != point.shape:
            raise ValueError(f"the gradient has the shape {slope.shape}, the point {point.shape}")
        velocity = decay * velocity + slope
        path[step] = path[step - 1] - rate * velocity
    return path
