"""Pooling and its derivatives against PyTorch and differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

X = rng().normal(size=(2, 3, 7, 8))
WINDOWS: list[tuple[int, int | None]] = [(2, None), (3, None), (2, 1), (3, 2), (1, 2), (7, None)]


@pytest.mark.parametrize(("size", "stride"), WINDOWS)
def test_maxima_and_averages_agree_with_torch(size: int, stride: int | None) -> None:
    np.testing.assert_array_equal(methods.max_pool2d(X, size, stride), with_torch.max_pool2d(X, size, stride).numpy())
    np.testing.assert_allclose(
        methods.average_pool2d(X, size, stride),
        with_torch.average_pool2d(X, size, stride).numpy(),
        rtol=1e-12,
        atol=1e-14,
    )


@pytest.mark.parametrize(("size", "stride"), WINDOWS)
def test_the_derivatives_agree_with_torch_and_differences(size: int, stride: int | None) -> None:
    delta = rng(1).normal(size=methods.max_pool2d(X, size, stride).shape)
    for forward, ours, theirs in (
        (methods.max_pool2d, methods.max_pool2d_backward, with_torch.max_pool2d_backward),
        (methods.average_pool2d, methods.average_pool2d_backward, with_torch.average_pool2d_backward),
    ):
        found = ours(X, delta, size, stride)
        np.testing.assert_allclose(found, theirs(X, delta, size, stride).numpy(), rtol=1e-12, atol=1e-14)
        slopes = methods.central_gradient(lambda x, f=forward: float((f(x, size, stride) * delta).sum()), X)  # type: ignore[misc]
        np.testing.assert_allclose(found, slopes, atol=1e-8)


def test_of_equal_entries_the_first_one_wins_as_in_torch() -> None:
    flat = np.ones((1, 1, 2, 2))
    one = np.ones((1, 1, 1, 1))
    expected = [[[[1.0, 0.0], [0.0, 0.0]]]]
    np.testing.assert_array_equal(methods.max_pool2d_backward(flat, one, 2), expected)
    np.testing.assert_array_equal(with_torch.max_pool2d_backward(flat, one, 2).numpy(), expected)


def test_an_entry_that_wins_in_two_windows_gets_both_derivatives() -> None:
    x = np.array([[[[0.0, 5.0, 0.0]]]]).repeat(2, axis=2)
    x[0, 0, 1] = 0
    found = methods.max_pool2d_backward(x, np.array([[[[2.0, 3.0]]]]), 2, 1)
    assert found[0, 0, 0, 1] == 5.0
    assert found.sum() == 5.0


@pytest.mark.parametrize(
    ("x", "size", "said"), [(X[0], 2, "pooling needs"), (X[:0], 2, "pooling needs"), (X, 9, "fit")]
)
def test_maps_that_cannot_be_pooled_are_refused(x: Any, size: int, said: str) -> None:
    for function in (methods.max_pool2d, methods.average_pool2d):
        with pytest.raises(ValueError, match=said):
            function(x, size)


def test_derivatives_of_another_shape_are_refused() -> None:
    for function in (methods.max_pool2d_backward, methods.average_pool2d_backward):
        with pytest.raises(ValueError, match="need the shape"):
            function(X, np.ones((2, 3, 3, 3)), 2)
