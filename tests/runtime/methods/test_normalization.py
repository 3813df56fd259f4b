"""Normalization against PyTorch, against differences, and what it must make of any batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

X = rng().normal(3.0, 2.0, size=(6, 4))
SCALE, SHIFT = rng(1).normal(size=4), rng(2).normal(size=4)
UPSTREAM = rng(3).normal(size=(6, 4))
KINDS = ["batch_norm", "layer_norm"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_forward_and_backward_agree_with_torch(kind: str, epsilon: float) -> None:
    ours = getattr(methods, kind)(X, SCALE, SHIFT, epsilon)
    np.testing.assert_allclose(ours, getattr(with_torch, kind)(X, SCALE, SHIFT, epsilon).cpu(), rtol=1e-12, atol=1e-13)
    here = getattr(methods, f"{kind}_backward")(X, SCALE, UPSTREAM, epsilon)
    there = getattr(with_torch, f"{kind}_backward")(X, SCALE, UPSTREAM, epsilon)
    for mine, theirs in zip(here, there, strict=True):
        np.testing.assert_allclose(mine, theirs.cpu(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_backward_agrees_with_differences(kind: str) -> None:
    forward = getattr(methods, kind)
    by_x, by_scale, by_shift = getattr(methods, f"{kind}_backward")(X, SCALE, UPSTREAM)
    slopes = methods.central_gradient(lambda x: float((forward(x, SCALE, SHIFT) * UPSTREAM).sum()), X)
    np.testing.assert_allclose(by_x, slopes, atol=1e-8)
    slopes = methods.central_gradient(lambda scale: float((forward(X, scale, SHIFT) * UPSTREAM).sum()), SCALE)
    np.testing.assert_allclose(by_scale, slopes, atol=1e-8)
    slopes = methods.central_gradient(lambda shift: float((forward(X, SCALE, shift) * UPSTREAM).sum()), SHIFT)
    np.testing.assert_allclose(by_shift, slopes, atol=1e-8)


@pytest.mark.parametrize(("kind", "axis"), [("batch_norm", 0), ("layer_norm", 1)])
def test_means_are_zero_and_variances_one_along_its_axis(kind: str, axis: int) -> None:
    y = getattr(methods, kind)(X, np.ones(4), np.zeros(4), 1e-12)
    np.testing.assert_allclose(y.mean(axis=axis), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=axis), 1, rtol=1e-9)


def test_batch_norm_forgets_the_scale_and_the_origin_of_each_feature() -> None:
    moved = X * [0.1, 5.0, 2.0, 30.0] + [1.0, -4.0, 100.0, 0.0]
    np.testing.assert_allclose(
        methods.batch_norm(moved, SCALE, SHIFT, 1e-14), methods.batch_norm(X, SCALE, SHIFT, 1e-14), atol=1e-9
    )


def test_running_statistics_agree_with_torch_over_several_batches() -> None:
    here = there = (np.zeros(4), np.ones(4))
    for seed in range(5):
        batch = rng(seed).normal(size=(3, 4))
        here = methods.running_statistics(*here, batch, share=0.3)
        theirs = with_torch.running_statistics(*there, batch, share=0.3)
        there = (theirs[0].cpu().numpy(), theirs[1].cpu().numpy())
    np.testing.assert_allclose(here, there, rtol=1e-12, atol=1e-14)


def test_inference_agrees_with_torch_and_with_the_batch_whose_statistics_it_is_given() -> None:
    mean, variance = X.mean(axis=0), X.var(axis=0)
    ours = methods.batch_norm_inference(X, mean, variance, SCALE, SHIFT)
    np.testing.assert_allclose(
        ours, with_torch.batch_norm_inference(X, mean, variance, SCALE, SHIFT).cpu(), rtol=1e-12, atol=1e-13
    )
    np.testing.assert_allclose(ours, methods.batch_norm(X, SCALE, SHIFT), rtol=1e-12, atol=1e-13)
    alone = methods.batch_norm_inference(X[:1], mean, variance, SCALE, SHIFT)
    np.testing.assert_allclose(alone[0], ours[0], rtol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("x", "scale", "shift"), [(X[0], SCALE, SHIFT), (X, SCALE[:3], SHIFT), (X, SCALE, 0.0), (X[:0], SCALE, SHIFT)]
)
def test_shapes_that_do_not_fit_are_refused(kind: str, x: Any, scale: Any, shift: Any) -> None:
    with pytest.raises(ValueError, match="normalization needs"):
        getattr(methods, kind)(x, scale, shift)


@pytest.mark.parametrize("kind", KINDS)
def test_an_upstream_gradient_of_another_shape_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="upstream"):
        getattr(methods, f"{kind}_backward")(X, SCALE, UPSTREAM[:-1])


def test_a_batch_of_one_is_refused_where_it_would_be_its_own_mean() -> None:
    with pytest.raises(ValueError, match="two examples"):
        methods.batch_norm(X[:1], SCALE, SHIFT)
    with pytest.raises(ValueError, match="n >= 2"):
        methods.running_statistics(SHIFT, SHIFT, X[:1])
    assert methods.layer_norm(X[:1], SCALE, SHIFT).shape == (1, 4)


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="epsilon"):
        methods.layer_norm(X, SCALE, SHIFT, epsilon=0.0)
    with pytest.raises(ValueError, match="share"):
        methods.running_statistics(SHIFT, SHIFT, X, share=1.5)
    with pytest.raises(ValueError, match="variance"):
        methods.batch_norm_inference(X, SHIFT, -np.ones(4), SCALE, SHIFT)
