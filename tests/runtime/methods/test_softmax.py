"""Softmax and its kin against PyTorch, differences and their own definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runtime import methods
from runtime.methods import with_torch

logits = arrays.arrays(
    np.float64, arrays.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-1e5, 1e5)
)


@given(logits)
def test_weights_are_positive_and_sum_to_one(z: np.ndarray[Any, Any]) -> None:
    p = methods.softmax(z)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-12)


@given(logits, st.floats(-1e3, 1e3))
def test_adding_a_constant_changes_nothing(z: np.ndarray[Any, Any], shift: float) -> None:
    np.testing.assert_allclose(methods.softmax(z + shift), methods.softmax(z), atol=1e-9)


@given(logits)
def test_all_three_agree_with_torch(z: np.ndarray[Any, Any]) -> None:
    for name in ("softmax", "log_softmax", "logsumexp"):
        ours, theirs = getattr(methods, name)(z), getattr(with_torch, name)(z).numpy()
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_another_axis_may_be_taken() -> None:
    z = np.arange(6.0).reshape(2, 3)
    for name in ("softmax", "log_softmax", "logsumexp"):
        np.testing.assert_allclose(getattr(methods, name)(z, axis=0), getattr(with_torch, name)(z, 0).numpy())


def test_huge_logits_do_not_overflow_and_tiny_weights_keep_their_logarithm() -> None:
    np.testing.assert_allclose(methods.softmax([1000.0, 0.0]), [1.0, 0.0])
    np.testing.assert_allclose(methods.log_softmax([1000.0, 0.0]), [0.0, -1000.0])
    assert methods.logsumexp([-1000.0, -1000.0]) == pytest.approx(-1000.0 + np.log(2))


def test_a_masked_logit_has_no_weight() -> None:
    np.testing.assert_allclose(methods.softmax([0.0, -np.inf, 0.0]), [0.5, 0.0, 0.5])


def test_the_derivative_of_logsumexp_is_softmax() -> None:
    z = np.array([0.3, -1.2, 2.0])
    slope = methods.central_gradient(lambda t: float(methods.logsumexp(t)), z)
    np.testing.assert_allclose(slope, methods.softmax(z), atol=1e-9)


@pytest.mark.parametrize("z", [[], [np.nan, 1.0], [np.inf, 1.0], [-np.inf, -np.inf], 1.0, np.empty((2, 0))])
def test_logits_without_a_finite_largest_one_are_refused(z: Any) -> None:
    for function in (methods.softmax, methods.log_softmax, methods.logsumexp):
        with pytest.raises(ValueError, match="softmax needs"):
            function(z)
