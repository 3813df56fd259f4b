"""Linear models with a closed form: least squares, and with a penalty on the weights, ridge regression.

A model predicts ŷ = x · w + b from x of shape (n, d). The bias b is found exactly and not penalized: with the means
taken off the inputs and the targets it drops out, and b = mean(y) - mean(x) · w afterwards.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def least_squares(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, float]:
    """Return the weights (d,) and the bias with the smallest mean squared error on `x` (n, d) and `y` (n,).

    Weights are in the unit of y over that of their input. Where several solutions are equally good, as with more
    inputs than examples, it is the one with the shortest weights. A.-M. Legendre (1805); solved by singular values,
    G. H. Golub and C. F. Van Loan, "Matrix Computations", section 5.5 (4th edition, 2013).
    Raises ValueError for other shapes, for no entries and for entries that are not finite.
    """
    inputs, targets = _examples(x, y)
    weights, *_ = np.linalg.lstsq(inputs - inputs.mean(axis=0), targets - targets.mean(), rcond=None)
    return weights, float(targets.mean() - inputs.mean(axis=0) @ weights)


def ridge(x: npt.ArrayLike, y: npt.ArrayLike, penalty: float) -> tuple[Array, float]:
    """Return the weights (d,) and the bias that make (1/n) Σ(ŷ - y)² + (penalty/2) ‖w‖² smallest.

    With Xc, yc without their means, w solves (Xcᵀ Xc + n penalty/2) w = Xcᵀ yc. `penalty` is what
    gradient descent calls weight decay. A. E. Hoerl and R. W. Kennard, "Ridge regression: biased estimation for
    nonorthogonal problems", Technometrics 12 (1970), who write k for n penalty/2.
    Raises ValueError for a penalty that is not positive, and as least_squares.
    """
    if not 0 < penalty < np.inf:
        raise ValueError(f"the penalty is positive and finite, not {penalty}; without one it is least_squares")
    inputs, targets = _examples(x, y)
    centered = inputs - inputs.mean(axis=0)
    n, d = inputs.shape
    matrix = centered.T @ centered + 0.5 * n * penalty * np.eye(d)
    weights = np.linalg.solve(matrix, centered.T @ (targets - targets.mean()))
    return weights, float(targets.mean() - inputs.mean(axis=0) @ weights)


def _examples(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array]:
    inputs, targets = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if inputs.ndim != 2 or targets.shape != inputs.shape[:1] or inputs.size == 0:
        raise ValueError(f"a linear model needs x (n, d) and y (n,), not the shapes {inputs.shape}, {targets.shape}")
    if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
        raise ValueError("inputs and targets are finite numbers")
    return inputs, targets
