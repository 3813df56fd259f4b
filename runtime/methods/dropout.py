"""Inverted dropout: values are zeroed at random in training and the survivors scaled up, so that none is scaled later.

N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout: a simple way to prevent neural
networks from overfitting", JMLR 15 (2014), whose p is the probability to keep; here it is that to drop, as in PyTorch.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def dropout(x: npt.ArrayLike, p: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Return x · mask and the mask, both in the shape of `x`.

    Each entry of the mask is 0 with the probability `p` and 1 / (1 - p) otherwise, so that the output's mean over
    the masks is x and its variance x² p / (1 - p). In evaluation there is nothing to call: the output is x.
    Raises ValueError for a `p` outside [0, 1): with everything dropped there is nothing to scale.
    """
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p is the probability to drop, from 0 to below 1, not {p}")
    values = np.asarray(x, dtype=np.float64)
    mask = (generator.random(values.shape) >= p) / (1.0 - p)
    return values * mask, mask


def dropout_backward(output_gradient: npt.ArrayLike, mask: npt.ArrayLike) -> Array:
    """Return the derivative of a loss by the input of dropout, given that by its output and the mask it used.

    Raises ValueError when the shapes differ.
    """
    flowing, factors = np.asarray(output_gradient, dtype=np.float64), np.asarray(mask, dtype=np.float64)
    if flowing.shape != factors.shape:
        raise ValueError(f"the output's gradient has the shape {flowing.shape}, the mask {factors.shape}")
    return np.asarray(flowing * factors)
