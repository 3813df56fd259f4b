"""Dropout against PyTorch, against differences and against its own mean and variance."""

from __future__ import annotations

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

X = rng().normal(size=(6, 8))


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_agrees_with_torch_on_the_mask_that_torch_draws(p: float) -> None:
    output, mask = with_torch.dropout(X, p, seed=3)
    np.testing.assert_allclose(output.numpy(), X * mask.numpy(), rtol=1e-14)
    flowing = rng(1).normal(size=X.shape)
    ours = methods.dropout_backward(flowing, mask.numpy())
    np.testing.assert_allclose(ours, with_torch.dropout_backward(flowing, p, seed=3).numpy(), rtol=1e-14)
    kept, drawn = methods.dropout(X, p, rng(3))
    np.testing.assert_allclose(kept, X * drawn, rtol=1e-14)
    for values in (mask.numpy(), drawn):
        assert set(np.round(values.ravel(), 12)) <= {0.0, round(1 / (1 - p), 12)}


def test_the_backward_pass_agrees_with_differences() -> None:
    _, mask = methods.dropout(X, 0.4, rng(5))
    slopes = methods.central_gradient(lambda x: float(np.sin(methods.dropout(x, 0.4, rng(5))[0]).sum()), X)
    np.testing.assert_allclose(methods.dropout_backward(np.cos(X * mask), mask), slopes, atol=1e-8)


def test_mean_and_variance_over_the_masks() -> None:
    outputs, _ = methods.dropout(np.full(200_000, 3.0), 0.25, rng())
    assert outputs.mean() == pytest.approx(3.0, abs=0.02)
    assert outputs.var() == pytest.approx(9.0 * 0.25 / 0.75, rel=0.02)
    assert (outputs == 0).mean() == pytest.approx(0.25, abs=0.005)


def test_the_same_generator_state_drops_the_same() -> None:
    np.testing.assert_array_equal(methods.dropout(X, 0.5, rng(2))[0], methods.dropout(X, 0.5, rng(2))[0])


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, float("nan")])
def test_a_probability_out_of_range_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        methods.dropout(X, p, rng())


def test_a_mask_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        methods.dropout_backward(X, np.ones(8))
