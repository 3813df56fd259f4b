"""Derivatives from values of the function alone, to check gradients with.

The central difference (f(x + h) - f(x - h)) / 2h is off by h² f'''/6 from the formula and by about ε |f| / h from
rounding; the step h = ε^(1/3) max(1, |x|) balances the two and leaves about ten right digits in float64.
W. H. Press et al., "Numerical Recipes", section 5.7 (3rd edition, 2007).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_STEP = float(np.finfo(np.float64).eps ** (1 / 3))


def central_gradient(function: Callable[[Array], float], point: npt.ArrayLike, step: float = _STEP) -> Array:
    """Return the gradient of a scalar `function` at `point`, in its shape; two calls of the function an entry.

    Raises ValueError when `step` is not positive or the function gives more than one number.
    """
    jacobian = central_jacobian(lambda x: function(x), point, step)
    if jacobian.ndim != np.ndim(point):
        raise ValueError("the gradient is that of a function with one number as its value")
    return jacobian


def central_jacobian(function: Callable[[Array], npt.ArrayLike], point: npt.ArrayLike, step: float = _STEP) -> Array:
    """Return the derivatives of `function` at `point`, of the shape (*value, *point); `step` is scaled by max(1, |x|).

    Raises ValueError when `step` is not positive.
    """
    if not step > 0:
        raise ValueError(f"the step of a difference is positive, not {step}")
    x = np.array(point, dtype=np.float64)
    columns = []
    for place in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        size = step * max(1.0, abs(float(x[place])))
        ahead[place] += size
        behind[place] -= size
        # what was really added, after rounding
        width = ahead[place] - behind[place]
        columns.append((np.asarray(function(ahead), float) - np.asarray(function(behind), float)) / width)
    if not columns:
        return np.zeros((*np.shape(function(x)), *x.shape))
    return np.stack(columns, axis=-1).reshape((*columns[0].shape, *x.shape))
