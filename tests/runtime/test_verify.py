"""Checks hold, fail with the reason, or refuse to be checks that cannot fail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from runtime import verify
from runtime.verify import VerificationError


def test_close_records_the_largest_difference_and_the_tolerance(kept: Any) -> None:
    verify.close("sum", np.array([1.0, 2.0]), [1.0, 2.0 + 1e-9], rtol=1e-6, atol=0)
    ((kind, text, tolerance, difference),) = kept.checks
    assert (kind, text, tolerance) == ("close", "sum", 1e-6)
    assert difference == pytest.approx(5e-10, rel=1e-3)


def test_close_names_the_largest_difference_and_its_place(kept: Any) -> None:
    with pytest.raises(VerificationError, match=r"2\.0 and 2\.2 at \(0, 1\).*0\.0909.*1e-06"):
        verify.close("sum", [[1.0, 2.0]], [[1.01, 2.2]])
    assert kept.checks == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1),
        (np.float32(0.1), 0.1),
        (torch.tensor([1.0, 2.0], requires_grad=True), np.array([1.0, 2.0])),
        (torch.tensor([0.5], dtype=torch.bfloat16), [0.5]),
        (np.array([1 + 2j]), [1 + 2j]),
        (np.array([0.0]), np.array([1e-17])),
        (torch.tensor([True]), [1]),
    ],
)
def test_equal_things_of_many_kinds_are_close(a: object, b: object, kept: Any) -> None:
    verify.close("the same", a, b)
    assert len(kept.checks) == 1


def test_a_tolerance_for_zeros_is_in_the_entries_unit(kept: Any) -> None:
    verify.close("near zero", [1.0, 0.0], [1.0, 1e-5], atol=1e-4)
    with pytest.raises(VerificationError):
        verify.close("near zero", [1.0, 0.0], [1.0, 1e-5], atol=1e-6)


@pytest.mark.parametrize(("a", "b"), [([1.0], [1.0, 2.0]), (1.0, [1.0]), (np.ones((3, 1)), np.ones(3))])
def test_shapes_are_not_stretched_to_fit(a: object, b: object) -> None:
    with pytest.raises(VerificationError, match="shapes"):
        verify.close("x", a, b)


def test_nothing_is_not_close_to_nothing() -> None:
    with pytest.raises(VerificationError, match="nothing to compare"):
        verify.close("x", [], np.array([]))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_not_close(value: float) -> None:
    with pytest.raises(VerificationError, match=r"not finite at \(1,\)"):
        verify.close("x", [1.0, value], np.array([1.0, value]))


def test_a_thing_is_not_checked_against_itself() -> None:
    array, t, number = np.ones(3), torch.ones(3), 0.25
    for a, b in ((array, array), (t, t), (number, number), (array, array[:]), (t, t.numpy()), (t, t.detach())):
        with pytest.raises(VerificationError, match="same object"):
            verify.close("x", a, b)


def test_two_parts_of_one_array_may_be_compared(kept: Any) -> None:
    symmetric = np.array([[1.0, 2.0], [2.0, 1.0]])
    verify.close("symmetry", symmetric, symmetric.T)
    verify.close("rows", symmetric[0], symmetric[1][::-1])
    assert len(kept.checks) == 2


@pytest.mark.parametrize("value", ["text", None, [[1.0], [1.0, 2.0]], object()])
def test_only_numbers_can_be_close(value: object) -> None:
    with pytest.raises(TypeError, match="'x'"):
        verify.close("x", value, 1.0)


@pytest.mark.parametrize("tolerances", [{"rtol": -1}, {"rtol": 1.0}, {"rtol": np.nan}, {"atol": -1}, {"atol": np.inf}])
def test_a_tolerance_that_lets_everything_pass_is_refused(tolerances: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="rtol"):
        verify.close("x", 1.0, 2.0, **tolerances)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_close_is_the_same_both_ways(a: float, b: float) -> None:
    def holds(left: float, right: float) -> bool:
        try:
            verify.close("x", np.array([left]), np.array([right]), rtol=1e-3)
        except VerificationError:
            return False
        return True

    assert holds(a, b) == holds(b, a)


@pytest.mark.parametrize("condition", [True, np.bool_(True), np.array(True), torch.tensor(True)])
def test_a_true_claim_is_recorded(condition: object, kept: Any) -> None:
    verify.claim("it is so", condition)
    assert kept.checks == [("claim", "it is so", None, None)]


@pytest.mark.parametrize("condition", [False, np.bool_(False), torch.tensor(False)])
def test_a_false_claim_fails_with_its_sentence(condition: object, kept: Any) -> None:
    with pytest.raises(VerificationError, match="'it is so' is not true"):
        verify.claim("it is so", condition)
    assert kept.checks == []


@pytest.mark.parametrize(
    "condition",
    [1, 0.5, "yes", None, [True], np.array([True, True]), np.array([True]), torch.tensor([True]), torch.tensor(1)],
)
def test_a_claim_needs_one_bool(condition: object) -> None:
    with pytest.raises(TypeError, match="one bool"):
        verify.claim("it is so", condition)


@pytest.mark.parametrize("text", ["", "  ", None, 3])
def test_a_check_says_what_it_checks(text: Any) -> None:
    with pytest.raises(TypeError, match="sentence"):
        verify.claim(text, True)
    with pytest.raises(TypeError, match="sentence"):
        verify.close(text, 1.0, 2.0)
