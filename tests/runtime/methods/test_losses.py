"""Losses and gradients against PyTorch and against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

Z, Y = rng().normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
P, T = rng(1).normal(size=(4, 2)), rng(2).normal(size=(4, 2))


def test_cross_entropy_agrees_with_torch() -> None:
    assert methods.cross_entropy(Z, Y) == pytest.approx(float(with_torch.cross_entropy(Z, Y)), rel=1e-14)
    np.testing.assert_allclose(
        methods.cross_entropy_gradient(Z, Y), with_torch.cross_entropy_gradient(Z, Y).numpy(), atol=1e-15
    )


def test_cross_entropy_gradient_agrees_with_differences() -> None:
    slopes = methods.central_gradient(lambda z: methods.cross_entropy(z, Y), Z)
    np.testing.assert_allclose(methods.cross_entropy_gradient(Z, Y), slopes, atol=1e-9)


def test_a_sure_and_wrong_guess_costs_its_logit() -> None:
    assert methods.cross_entropy([[1000.0, 0.0]], [1]) == 1000.0


def test_mean_squared_error_agrees_with_torch_and_differences() -> None:
    assert methods.mean_squared_error(P, T) == pytest.approx(float(with_torch.mean_squared_error(P, T)), rel=1e-14)
    gradient = methods.mean_squared_error_gradient(P, T)
    np.testing.assert_allclose(gradient, with_torch.mean_squared_error_gradient(P, T).numpy(), atol=1e-15)
    slopes = methods.central_gradient(lambda p: methods.mean_squared_error(p, T), P)
    np.testing.assert_allclose(gradient, slopes, atol=1e-9)


@pytest.mark.parametrize(
    ("logits", "targets"),
    [
        (Z, Y[:-1]),
        (Z[0], 0),
        (np.empty((0, 3)), np.empty(0, dtype=int)),
        (Z, [0, 1, 2, 3, 0]),
        (Z, [0, 1, -1, 1, 0]),
        (Z, [0.0, 1.0, 1.0, 1.0, 0.0]),
    ],
)
def test_targets_that_do_not_fit_are_refused(logits: Any, targets: Any) -> None:
    for function in (methods.cross_entropy, methods.cross_entropy_gradient):
        with pytest.raises(ValueError, match="targets"):
            function(logits, targets)


@pytest.mark.parametrize(("predictions", "targets"), [([1.0], [[1.0]]), ([], []), ([1.0, 2.0], [1.0])])
def test_predictions_that_do_not_fit_are_refused(predictions: Any, targets: Any) -> None:
    with pytest.raises(ValueError, match="one shape"):
        methods.mean_squared_error(predictions, targets)
