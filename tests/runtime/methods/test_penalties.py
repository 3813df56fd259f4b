"""Penalties against PyTorch, against differences and against what they are to minimize."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

W = rng().normal(size=(3, 4))
W_WITH_ZEROS = np.array([-2.0, 0.0, 0.5, 0.0])
STRENGTHS = (0.0, 0.3, 2.0)


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("name", ["l1_penalty", "l2_penalty", "elastic_net_penalty"])
def test_a_penalty_agrees_with_torch(name: str, strength: float) -> None:
    ours, theirs = getattr(methods, name)(W, strength), getattr(with_torch, name)(W, strength)
    assert ours == pytest.approx(float(theirs), rel=1e-14)


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("name", ["l1_penalty_subgradient", "l2_penalty_gradient", "elastic_net_penalty_subgradient"])
@pytest.mark.parametrize("weights", [W, W_WITH_ZEROS])
def test_a_slope_agrees_with_torch(weights: Any, name: str, strength: float) -> None:
    ours, theirs = getattr(methods, name)(weights, strength), getattr(with_torch, name)(weights, strength)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("l1_penalty", "l1_penalty_subgradient"),
        ("l2_penalty", "l2_penalty_gradient"),
        ("elastic_net_penalty", "elastic_net_penalty_subgradient"),
    ],
)
def test_a_slope_agrees_with_differences_where_there_is_no_corner(name: str, slope: str) -> None:
    by_differences = methods.central_gradient(lambda w: getattr(methods, name)(w, 0.7), W)
    np.testing.assert_allclose(getattr(methods, slope)(W, 0.7), by_differences, atol=1e-8)


def test_at_a_weight_of_zero_the_subgradient_lies_below_the_penalty_everywhere() -> None:
    slope = methods.l1_penalty_subgradient(W_WITH_ZEROS, 0.7)
    here = methods.l1_penalty(W_WITH_ZEROS, 0.7)
    for move in rng(1).normal(size=(200, 4)):
        assert methods.l1_penalty(W_WITH_ZEROS + move, 0.7) >= here + slope @ move - 1e-12


def test_the_elastic_net_lies_between_its_ends() -> None:
    assert methods.elastic_net_penalty(W, 0.7, mix=1.0) == methods.l1_penalty(W, 0.7)
    assert methods.elastic_net_penalty(W, 0.7, mix=0.0) == methods.l2_penalty(W, 0.7)


@pytest.mark.parametrize("threshold", STRENGTHS)
def test_soft_threshold_agrees_with_torch(threshold: float) -> None:
    np.testing.assert_allclose(
        methods.soft_threshold(W, threshold), with_torch.soft_threshold(W, threshold).numpy(), rtol=1e-14
    )


def test_soft_threshold_minimizes_what_it_is_said_to() -> None:
    tried = np.linspace(-3, 3, 60001)
    for w in (-2.0, -0.4, 0.0, 0.3, 1.7):
        value = 0.5 * (tried - w) ** 2 + 0.5 * np.abs(tried)
        assert methods.soft_threshold([w], 0.5)[0] == pytest.approx(tried[value.argmin()], abs=1e-4)


def test_small_weights_become_exactly_zero() -> None:
    np.testing.assert_array_equal(methods.soft_threshold([0.4, -0.5, 0.6], 0.5) != 0, [False, False, True])


@pytest.mark.parametrize("weights", [[], [1.0, np.nan], [np.inf]])
def test_weights_that_do_not_fit_are_refused(weights: Any) -> None:
    for function in (
        methods.l1_penalty,
        methods.l2_penalty_gradient,
        methods.elastic_net_penalty,
        methods.soft_threshold,
    ):
        with pytest.raises(ValueError, match="finite"):
            function(weights, 0.1)


@pytest.mark.parametrize("strength", [-0.1, np.inf, np.nan])
def test_a_strength_that_is_none_is_refused(strength: float) -> None:
    for function in (methods.l1_penalty, methods.l2_penalty, methods.soft_threshold):
        with pytest.raises(ValueError, match="strength"):
            function(W, strength)


@pytest.mark.parametrize("mix", [-0.1, 1.1, np.nan])
def test_a_mix_outside_its_range_is_refused(mix: float) -> None:
    for function in (methods.elastic_net_penalty, methods.elastic_net_penalty_subgradient):
        with pytest.raises(ValueError, match="mix"):
            function(W, 0.1, mix)
