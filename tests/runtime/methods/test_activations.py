"""Activations and derivatives against PyTorch's automatic differentiation and against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runtime import methods
from runtime.methods import with_torch

NAMES = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus")
values = arrays.arrays(np.float64, arrays.array_shapes(max_dims=2, max_side=6), elements=st.floats(-1e4, 1e4))


@pytest.mark.parametrize("name", [*NAMES, *(f"{name}_derivative" for name in NAMES)])
@given(z=values)
def test_agrees_with_torch(name: str, z: np.ndarray[Any, Any]) -> None:
    ours, theirs = getattr(methods, name)(z), getattr(with_torch, name)(z).numpy()
    # autograd takes 1 - tanh² and s (1 - s), which lose the digits of a tiny slope
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_agree_with_differences(name: str) -> None:
    z = np.array([-3.0, -0.5, 0.25, 2.0])
    slopes = methods.central_gradient(lambda t: float(getattr(methods, name)(t).sum()), z)
    np.testing.assert_allclose(slopes, getattr(methods, f"{name}_derivative")(z), atol=1e-9)


def test_saturated_units_neither_overflow_nor_lose_their_slope() -> None:
    assert methods.sigmoid(-1e4) == 0.0
    assert methods.sigmoid(1e4) == 1.0
    assert methods.tanh_derivative(30.0) == pytest.approx(4 * np.exp(-60), rel=1e-12)
    assert methods.sigmoid_derivative(50.0) == pytest.approx(np.exp(-50), rel=1e-12)


@given(z=values)
def test_the_tanh_form_of_gelu_agrees_with_torch(z: np.ndarray[Any, Any]) -> None:
    for name in ("gelu", "gelu_derivative"):
        ours, theirs = getattr(methods, name)(z, "tanh"), getattr(with_torch, name)(z, "tanh").numpy()
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12)


def test_the_tanh_form_of_gelu_is_close_to_the_exact_one() -> None:
    z = np.linspace(-8, 8, 4001)
    assert 4e-4 < np.abs(methods.gelu(z, "tanh") - methods.gelu(z)).max() < 5e-4
    slopes = methods.central_gradient(lambda t: float(methods.gelu(t, "tanh").sum()), z[::400])
    np.testing.assert_allclose(slopes, methods.gelu_derivative(z[::400], "tanh"), atol=1e-9)


def test_settings_reach_the_left_side() -> None:
    z = np.array([-2.0, 1.0])
    np.testing.assert_allclose(methods.leaky_relu(z, 0.3), with_torch.leaky_relu(z, 0.3).numpy())
    np.testing.assert_allclose(methods.leaky_relu_derivative(z, 0.3), with_torch.leaky_relu_derivative(z, 0.3).numpy())
    np.testing.assert_allclose(methods.elu(z, 0.5), with_torch.elu(z, 0.5).numpy(), rtol=1e-14)
    np.testing.assert_allclose(methods.elu_derivative(z, 0.5), with_torch.elu_derivative(z, 0.5).numpy(), rtol=1e-14)


def test_gelu_has_its_minimum_where_its_slope_is_zero() -> None:
    assert methods.gelu(-0.7517915246935644) == pytest.approx(-0.169971207479, abs=1e-12)
    assert methods.gelu_derivative(-0.7517915246935644) == pytest.approx(0.0, abs=1e-14)


def test_an_unknown_form_of_gelu_is_refused() -> None:
    for function in (methods.gelu, methods.gelu_derivative):
        with pytest.raises(ValueError, match="approximate"):
            function(1.0, "erf")  # type: ignore[arg-type]
