"""Closed forms of linear models against PyTorch, against differences and in cases with a known answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

X = rng().normal(size=(12, 3)) + 5
Y = X @ np.array([1.0, -2.0, 0.5]) + 4 + rng(1).normal(size=12)


def cost(parameters: Any, penalty: float) -> float:
    *weights, bias = parameters
    return float(np.mean((X @ weights + bias - Y) ** 2) + penalty / 2 * np.square(weights).sum())


def test_least_squares_agrees_with_torch() -> None:
    (weights, bias), (w, b) = methods.least_squares(X, Y), with_torch.least_squares(X, Y)
    np.testing.assert_allclose([*weights, bias], [*w.tolist(), float(b)], rtol=1e-11)


@pytest.mark.parametrize("penalty", [1e-3, 0.1, 30.0])
def test_ridge_agrees_with_torch(penalty: float) -> None:
    (weights, bias), (w, b) = methods.ridge(X, Y, penalty), with_torch.ridge(X, Y, penalty)
    np.testing.assert_allclose([*weights, bias], [*w.tolist(), float(b)], rtol=1e-11)


@pytest.mark.parametrize("penalty", [0.0, 0.1, 30.0])
def test_the_cost_has_no_slope_at_the_solution(penalty: float) -> None:
    weights, bias = methods.ridge(X, Y, penalty) if penalty else methods.least_squares(X, Y)
    slope = methods.central_gradient(lambda p: cost(p, penalty), np.array([*weights, bias]))
    np.testing.assert_allclose(slope, 0, atol=1e-7)


def test_points_on_a_plane_are_met_exactly() -> None:
    weights, bias = methods.least_squares(X, X @ [2.0, 0.0, -1.0] + 3)
    np.testing.assert_allclose([*weights, bias], [2, 0, -1, 3], atol=1e-12)


def test_a_tiny_penalty_changes_nothing_and_a_huge_one_leaves_the_mean() -> None:
    np.testing.assert_allclose(methods.ridge(X, Y, 1e-12)[0], methods.least_squares(X, Y)[0], rtol=1e-9)
    weights, bias = methods.ridge(X, Y, 1e12)
    np.testing.assert_allclose(weights, 0, atol=1e-10)
    assert bias == pytest.approx(Y.mean())


def test_of_many_solutions_the_shortest_is_taken() -> None:
    twice = np.column_stack([X[:, 0], X[:, 0]])
    weights, _ = methods.least_squares(twice, Y)
    single, _ = methods.least_squares(X[:, :1], Y)
    np.testing.assert_allclose(weights, single.repeat(2) / 2, rtol=1e-10)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (X[:, 0], Y, "needs x"),
        (X, Y[:-1], "needs x"),
        (X, Y[:, None], "needs x"),
        (np.empty((0, 2)), np.empty(0), "needs x"),
        (np.full((2, 1), np.nan), np.ones(2), "finite"),
    ],
)
def test_examples_that_do_not_fit_are_refused(x: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        methods.least_squares(x, y)
    with pytest.raises(ValueError, match=message):
        methods.ridge(x, y, 1.0)


@pytest.mark.parametrize("penalty", [0.0, -1.0, float("nan"), float("inf")])
def test_a_penalty_that_is_none_is_refused(penalty: float) -> None:
    with pytest.raises(ValueError, match="penalty"):
        methods.ridge(X, Y, penalty)
