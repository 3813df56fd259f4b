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

NAMES = ("sigmoid", "tanh", "relu")
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
