"""One update of the optimizers that networks are trained with, as functions of the point, its gradient and a state.

Point, gradient and the arrays of the state have one shape; weight decay adds `weight_decay` times the point to the
gradient, except in adamw_step. The forms and defaults are those of torch.optim. Each function raises ValueError when
the shapes differ, the rate is not positive, or another setting is outside the range named in its documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OptimizerState:
    """What an optimizer remembers: updates made, and two averages or sums in the shape of the point."""

    step: int
    first: Array  # of the gradient: velocity, first moment
    second: Array  # of its square: sum or second moment


def optimizer_start(point: npt.ArrayLike) -> OptimizerState:
    """Return the state before the first update: no steps, and zeros in the shape of `point`."""
    zeros = np.zeros(np.shape(point))
    return OptimizerState(0, zeros, zeros.copy())


def sgd_step(
    point: npt.ArrayLike,
    gradient: npt.ArrayLike,
    state: OptimizerState,
    rate: float,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float = 0.0,
) -> tuple[Array, OptimizerState]:
    """Return x - rate v with v ← momentum v + g, or x - rate (g + momentum v) for Nesterov's form, and the new state.

    `momentum` is in [0, 1), and above 0 with `nesterov`. I. Sutskever et al., "On the importance of initialization
    and momentum in deep learning", International Conference on Machine Learning (2013).
    """
    x, g = _checked(point, gradient, state, rate, weight_decay)
    if not 0 <= momentum < 1 or (nesterov and momentum == 0):
        raise ValueError(f"momentum is in [0, 1), and above 0 in Nesterov's form, not {momentum}")
    g = g + weight_decay * x
    velocity = momentum * state.first + g
    move = g + momentum * velocity if nesterov else velocity
    return x - rate * move, OptimizerState(state.step + 1, velocity, state.second)


def adagrad_step(
    point: npt.ArrayLike,
    gradient: npt.ArrayLike,
    state: OptimizerState,
    rate: float,
    epsilon: float = 1e-10,
    weight_decay: float = 0.0,
) -> tuple[Array, OptimizerState]:
    """Return x - rate g / (√s + epsilon) with s ← s + g², and the new state; `epsilon` is positive.

    J. Duchi et al., "Adaptive subgradient methods for online learning and stochastic optimization", Journal of
    Machine Learning Research 12 (2011).
    """
    x, g = _checked(point, gradient, state, rate, weight_decay, epsilon)
    g = g + weight_decay * x
    total = state.second + g**2
    return x - rate * g / (np.sqrt(total) + epsilon), OptimizerState(state.step + 1, state.first, total)


def rmsprop_step(
    point: npt.ArrayLike,
    gradient: npt.ArrayLike,
    state: OptimizerState,
    rate: float,
    decay: float = 0.99,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[Array, OptimizerState]:
    """Return x - rate g / (√s + epsilon) with s ← decay s + (1 - decay) g², and the new state.

    `decay` is in [0, 1), `epsilon` positive. T. Tieleman and G. Hinton, lecture 6.5 of "Neural networks for machine
    learning" (2012).
    """
    x, g = _checked(point, gradient, state, rate, weight_decay, epsilon, decay)
    g = g + weight_decay * x
    average = decay * state.second + (1 - decay) * g**2
    return x - rate * g / (np.sqrt(average) + epsilon), OptimizerState(state.step + 1, state.first, average)


def adam_step(
    point: npt.ArrayLike,
    gradient: npt.ArrayLike,
    state: OptimizerState,
    rate: float,
    decays: tuple[float, float] = (0.9, 0.999),
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[Array, OptimizerState]:
    """Return x - rate m̂ / (√ŝ + epsilon), m and s being moving averages of g and g² freed of their bias, and the state.

    `decays` are in [0, 1), `epsilon` is positive. D. P. Kingma and J. Ba, "Adam: a method for stochastic
    optimization", International Conference on Learning Representations (2015).
    """
    x, g = _checked(point, gradient, state, rate, weight_decay, epsilon, *decays)
    return _adam(x, g + weight_decay * x, state, rate, decays, epsilon)


def adamw_step(
    point: npt.ArrayLike,
    gradient: npt.ArrayLike,
    state: OptimizerState,
    rate: float,
    decays: tuple[float, float] = (0.9, 0.999),
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Array, OptimizerState]:
    """Return what adam_step returns for (1 - rate weight_decay) x, with the gradient left as it is.

    I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", International Conference on Learning
    Representations (2019).
    """
    x, g = _checked(point, gradient, state, rate, weight_decay, epsilon, *decays)
    return _adam((1 - rate * weight_decay) * x, g, state, rate, decays, epsilon)


def _adam(
    x: Array, g: Array, state: OptimizerState, rate: float, decays: tuple[float, float], epsilon: float
) -> tuple[Array, OptimizerState]:
    step = state.step + 1
    first = decays[0] * state.first + (1 - decays[0]) * g
    second = decays[1] * state.second + (1 - decays[1]) * g**2
    mean, square = first / (1 - decays[0] ** step), second / (1 - decays[1] ** step)
    return x - rate * mean / (np.sqrt(square) + epsilon), OptimizerState(step, first, second)


def _checked(
    point: npt.ArrayLike,
    gradient: npt.ArrayLike,
    state: OptimizerState,
    rate: float,
    weight_decay: float,
    epsilon: float = 1.0,
    *decays: float,
) -> tuple[Array, Array]:
    x, g = np.array(point, dtype=np.float64), np.asarray(gradient, dtype=np.float64)
    if not x.shape == g.shape == state.first.shape == state.second.shape:
        shapes = f"{x.shape}, {g.shape}, {state.first.shape}, {state.second.shape}"
        raise ValueError(f"point, gradient and the arrays of the state need one shape, not {shapes}")
    if not rate > 0 or not weight_decay >= 0 or not epsilon > 0 or not all(0 <= decay < 1 for decay in decays):
        raise ValueError(
            "an update needs rate > 0, weight_decay >= 0, epsilon > 0 and decays in [0, 1), "
            f"not {rate}, {weight_decay}, {epsilon}, {decays}"
        )
    return x, g
