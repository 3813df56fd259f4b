"""Descent against PyTorch's optimiser and the closed form on a quadratic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods
from runtime.methods import with_torch

CURVATURE = np.array([1.0, 10.0])
START = np.array([4.0, -1.0])


def test_gradient_descent_on_a_quadratic_follows_the_closed_form() -> None:
    path = methods.gradient_descent(lambda x: CURVATURE * x, START, rate=0.05, steps=30)
    assert path.shape == (31, 2)
    np.testing.assert_allclose(path, START * (1 - 0.05 * CURVATURE) ** np.arange(31)[:, None], atol=1e-12)


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.9])
def test_momentum_passes_the_points_that_torch_passes(decay: float) -> None:
    path = methods.momentum(lambda x: CURVATURE * x + np.sin(x), START, rate=0.02, steps=25, decay=decay)
    curvature = with_torch.tensor(CURVATURE)
    theirs = with_torch.momentum(
        lambda x: (0.5 * curvature * x**2 - x.cos()).sum(), START, rate=0.02, steps=25, decay=decay
    )
    np.testing.assert_allclose(path, theirs.numpy(), rtol=1e-10, atol=1e-12)


def test_no_step_stays_at_the_start_and_the_start_is_kept() -> None:
    start = np.array([1.0])
    np.testing.assert_array_equal(methods.gradient_descent(lambda x: x, start, 0.1, 0), [[1.0]])

    def greedy(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        x *= 0
        return x

    np.testing.assert_array_equal(methods.gradient_descent(greedy, start, 0.1, 2), [[1.0]] * 3)
    assert start == [1.0]


@pytest.mark.parametrize("wrong", [{"rate": 0.0}, {"rate": np.nan}, {"steps": -1}, {"decay": 1.0}, {"decay": -0.1}])
def test_settings_that_cannot_descend_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="descent needs"):
        methods.momentum(lambda x: x, START, **{"rate": 0.1, "steps": 3, **wrong})


def test_a_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(\)"):
        methods.gradient_descent(lambda x: x.sum(), START, 0.1, 1)
