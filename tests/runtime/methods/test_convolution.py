"""Convolution and its derivatives against PyTorch, NumPy, differences and counting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

X = rng().normal(size=(2, 3, 7, 8))
W, B = rng(1).normal(size=(4, 3, 3, 2)), rng(2).normal(size=4)
GEOMETRIES = [(1, 0), (1, 1), (2, 0), (2, 1), (3, 2), (4, 0)]


@pytest.mark.parametrize(("stride", "padding"), GEOMETRIES)
def test_the_maps_agree_with_torch(stride: int, padding: int) -> None:
    ours = methods.conv2d(X, W, B, stride, padding)
    np.testing.assert_allclose(ours, with_torch.conv2d(X, W, B, stride, padding).numpy(), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(methods.conv2d(X, W, None, stride, padding), ours - B[:, None, None], atol=1e-13)


@pytest.mark.parametrize(("stride", "padding"), GEOMETRIES)
def test_the_derivatives_agree_with_torch_and_differences(stride: int, padding: int) -> None:
    delta = rng(3).normal(size=methods.conv2d(X, W, B, stride, padding).shape)
    found = methods.conv2d_backward(X, W, delta, stride, padding)
    for ours, theirs in zip(found, with_torch.conv2d_backward(X, W, delta, stride, padding), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    by_x = methods.central_gradient(lambda x: float((methods.conv2d(x, W, B, stride, padding) * delta).sum()), X)
    by_w = methods.central_gradient(lambda w: float((methods.conv2d(X, w, B, stride, padding) * delta).sum()), W)
    by_b = methods.central_gradient(lambda b: float((methods.conv2d(X, W, b, stride, padding) * delta).sum()), B)
    for ours, slopes in zip(found, (by_x, by_w, by_b), strict=True):
        np.testing.assert_allclose(ours, slopes, atol=1e-8)


def test_the_image_is_not_changed_by_what_is_done_with_its_derivatives() -> None:
    found = methods.conv2d_backward(X, W, np.ones((2, 4, 5, 7)))
    assert found.x.flags.owndata
    assert found.x.shape == X.shape


@pytest.mark.parametrize("size", range(1, 12))
@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize(("stride", "padding"), GEOMETRIES)
def test_the_output_size_counts_the_windows_that_fit(size: int, kernel: int, stride: int, padding: int) -> None:
    starts = [start for start in range(0, size + 2 * padding, stride) if start + kernel <= size + 2 * padding]
    if starts:
        assert methods.output_size(size, kernel, stride, padding) == len(starts)
    else:
        with pytest.raises(ValueError, match="does not fit"):
            methods.output_size(size, kernel, stride, padding)


def test_the_output_size_rounds_down() -> None:
    assert methods.output_size(5, 3, stride=2) == methods.output_size(6, 3, stride=2) == 2


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(0, 1, 0), (3, 0, 0), (3, 1, -1)])
def test_an_impossible_window_is_refused(kernel: int, stride: int, padding: int) -> None:
    with pytest.raises(ValueError, match="kernel >= 1"):
        methods.output_size(5, kernel, stride, padding)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (6, 3), (3, 6), (9, 9)])
def test_the_one_dimensional_convolution_agrees_with_numpy_and_torch(n: int, k: int) -> None:
    signal, kernel = rng(4).normal(size=n), rng(5).normal(size=k)
    ours = methods.convolve1d(signal, kernel)
    np.testing.assert_allclose(ours, np.convolve(signal, kernel), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(ours, with_torch.convolve1d(signal, kernel).numpy(), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(ours, methods.convolve1d(kernel, signal), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("signal", "kernel"), [([], [1.0]), ([1.0], []), ([[1.0]], [1.0]), (1.0, [1.0])])
def test_a_convolution_of_anything_but_lists_is_refused(signal: Any, kernel: Any) -> None:
    with pytest.raises(ValueError, match="two lists"):
        methods.convolve1d(signal, kernel)


@pytest.mark.parametrize(
    ("x", "kernels", "bias", "said"),
    [
        (X[0], W, B, "conv2d needs"),
        (X[:, :2], W, B, "conv2d needs"),
        (X, W[0], B, "conv2d needs"),
        (X[:0], W, B, "conv2d needs"),
        (X, W, B[:3], "one number a map"),
        (X[:, :, :2], W, B, "does not fit"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(x: Any, kernels: Any, bias: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        methods.conv2d(x, kernels, bias)


def test_derivatives_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="need the shape"):
        methods.conv2d_backward(X, W, np.ones((2, 4, 5, 6)))
