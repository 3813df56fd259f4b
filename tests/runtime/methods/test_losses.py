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


SCORES, SIDES, SOFT = 3 * rng(3).normal(size=(6, 2)), rng(4).integers(0, 2, (6, 2)), rng(5).uniform(size=(6, 2))
TRUE, CLAIMED = (methods.softmax(rng(seed).normal(size=(4, 3))) for seed in (6, 7))


@pytest.mark.parametrize(
    ("name", "arguments", "moved"),
    [
        ("mean_absolute_error", (P, T), 0),
        ("huber", (P, T), 0),
        ("huber", (P, T, 0.3), 0),
        ("binary_cross_entropy", (SCORES, SIDES), 0),
        ("binary_cross_entropy", (SCORES, SOFT), 0),
        ("hinge", (SCORES, SIDES), 0),
        ("kl_divergence", (TRUE, CLAIMED), 1),
    ],
)
def test_a_loss_and_its_gradient_agree_with_torch_and_differences(name: str, arguments: Any, moved: int) -> None:
    loss, slope = getattr(methods, name), getattr(methods, f"{name}_gradient")
    assert loss(*arguments) == pytest.approx(float(getattr(with_torch, name)(*arguments)), rel=1e-13)
    gradient = slope(*arguments)
    np.testing.assert_allclose(gradient, getattr(with_torch, f"{name}_gradient")(*arguments).numpy(), atol=1e-14)

    def value(at: Any) -> float:
        return float(moved_to(name, arguments, moved, at))

    np.testing.assert_allclose(gradient, methods.central_gradient(value, arguments[moved]), rtol=1e-7, atol=1e-8)


def moved_to(name: str, arguments: Any, moved: int, at: Any) -> float:
    """The loss with one argument moved; shares are moved one by one, so their rows no longer add up to 1."""
    if name == "kl_divergence":
        return float(np.sum(arguments[0] * np.log(arguments[0] / at)) / len(at))
    return float(getattr(methods, name)(*arguments[:moved], at, *arguments[moved + 1 :]))


def test_huber_joins_half_the_square_and_a_line() -> None:
    assert methods.huber([0.5], [0.0]) == 0.125
    assert methods.huber([-3.0], [0.0], delta=2.0) == 4.0
    assert methods.huber([9.0], [0.0], delta=10.0) == 0.5 * methods.mean_squared_error([9.0], [0.0])


def test_kinks_have_the_slope_zero() -> None:
    assert methods.mean_absolute_error_gradient([1.0], [1.0]) == 0
    assert methods.hinge_gradient([1.0], [1]) == 0


def test_binary_cross_entropy_keeps_a_confident_mistake() -> None:
    assert methods.binary_cross_entropy([-1000.0, 1000.0], [1, 0]) == 1000.0
    assert methods.binary_cross_entropy([-1000.0, 1000.0], [0, 1]) == 0.0


def test_hinge_is_zero_from_the_margin_on() -> None:
    assert methods.hinge([1.0, -1.0, 5.0], [1, 0, 1]) == 0
    assert methods.hinge([-1.0], [1]) == 2


def test_kl_divergence_is_zero_for_equal_shares_and_infinite_for_a_share_denied() -> None:
    assert methods.kl_divergence(TRUE, TRUE) == 0
    assert methods.kl_divergence([[0.0, 1.0]], [[0.5, 0.5]]) == pytest.approx(np.log(2))
    assert methods.kl_divergence([[0.5, 0.5]], [[0.0, 1.0]]) == np.inf
    np.testing.assert_array_equal(methods.kl_divergence_gradient([[0.0, 1.0]], [[0.0, 1.0]]), [[0.0, -1.0]])


@pytest.mark.parametrize("name", ["mean_absolute_error", "huber", "binary_cross_entropy", "hinge"])
def test_shapes_that_would_broadcast_are_refused(name: str) -> None:
    for function in (getattr(methods, name), getattr(methods, f"{name}_gradient")):
        with pytest.raises(ValueError, match="one shape"):
            function(np.ones((5, 1)), np.ones(5))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("huber", ([1.0], [0.0], 0.0), "positive"),
        ("huber", ([1.0], [0.0], float("nan")), "positive"),
        ("binary_cross_entropy", ([1.0], [1.5]), "0 to 1"),
        ("binary_cross_entropy", ([1.0], [float("nan")]), "0 to 1"),
        ("hinge", ([1.0], [0.5]), "0 or 1"),
        ("kl_divergence", ([0.5, 0.5], [0.5, 0.5]), "shape"),
        ("kl_divergence", ([[0.5, 0.5]], [[0.2, 0.2, 0.6]]), "one shape"),
        ("kl_divergence", ([[0.5, 0.6]], [[0.5, 0.5]]), "add up"),
        ("kl_divergence", ([[0.5, 0.5]], [[-0.5, 1.5]]), "not negative"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(name: str, arguments: Any, message: str) -> None:
    for function in (getattr(methods, name), getattr(methods, f"{name}_gradient")):
        with pytest.raises(ValueError, match=message):
            function(*arguments)
