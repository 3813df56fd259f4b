"""Central differences against derivatives known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from runtime import methods
from runtime.methods import with_torch


def test_the_gradient_has_about_ten_right_digits() -> None:
    point = np.array([[0.3, -2.0], [150.0, 0.0]])
    gradient = methods.central_gradient(lambda x: float(np.sin(x).sum() + (x**2).sum()), point)
    np.testing.assert_allclose(gradient, np.cos(point) + 2 * point, rtol=1e-7, atol=1e-9)
    theirs = with_torch.gradient(lambda x: x.sin().sum() + (x**2).sum(), point)
    np.testing.assert_allclose(gradient, theirs.numpy(), rtol=1e-7, atol=1e-9)


def test_the_jacobian_of_a_linear_map_is_its_matrix() -> None:
    matrix = np.arange(6.0).reshape(3, 2)
    np.testing.assert_allclose(methods.central_jacobian(lambda x: matrix @ x, [1.0, -1.0]), matrix, atol=1e-9)


def test_a_number_is_a_point_too() -> None:
    assert methods.central_gradient(lambda x: float(x) ** 3, 2.0) == pytest.approx(12.0)
    assert methods.central_jacobian(lambda x: [float(x), -float(x)], 2.0) == pytest.approx([1.0, -1.0])


def test_a_smaller_step_errs_less_until_rounding_takes_over() -> None:
    errors = [abs(float(methods.central_gradient(lambda x: float(np.exp(x)), 0.0, h)) - 1) for h in (1e-1, 1e-5, 1e-13)]
    assert errors[1] < errors[0]
    assert errors[1] < errors[2]


def test_what_has_no_gradient_is_refused() -> None:
    with pytest.raises(ValueError, match="one number"):
        methods.central_gradient(lambda x: x, [1.0, 2.0])  # type: ignore[arg-type, return-value]
    with pytest.raises(ValueError, match="positive"):
        methods.central_gradient(lambda x: float(x), 1.0, step=0.0)
