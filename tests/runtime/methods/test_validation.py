"""Splits and folds: every example in its place, once, and the same again for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import methods


@given(n=st.integers(10, 300), validation=st.floats(0.1, 0.4), test=st.floats(0.1, 0.4), seed=st.integers(0, 99))
def test_a_split_holds_every_example_once(n: int, validation: float, test: float, seed: int) -> None:
    parts = methods.split_examples(n, validation, test, seed)
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(n))
    assert abs(len(parts.validation) - n * validation) <= 0.5
    assert abs(len(parts.test) - n * test) <= 0.5


@given(n=st.integers(2, 200), data=st.data())
def test_folds_hold_every_example_out_once(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(2, n))
    folds = methods.k_fold(n, k)
    assert len(folds) == k
    np.testing.assert_array_equal(np.sort(np.concatenate([fold.held_out for fold in folds])), np.arange(n))
    for train, held_out in folds:
        np.testing.assert_array_equal(np.sort(np.concatenate([train, held_out])), np.arange(n))
    sizes = [len(fold.held_out) for fold in folds]
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)


def test_the_same_seed_gives_the_same_positions_and_another_one_others() -> None:
    for one, again, other in zip(
        methods.split_examples(50), methods.split_examples(50), methods.split_examples(50, seed=1), strict=True
    ):
        np.testing.assert_array_equal(one, again)
        assert list(one) != list(other)
    assert list(methods.k_fold(50)[0].held_out) == list(methods.k_fold(50)[0].held_out)
    assert list(methods.k_fold(50)[0].held_out) != list(methods.k_fold(50, seed=1)[0].held_out)


def test_the_positions_are_shuffled() -> None:
    assert list(methods.split_examples(50).train) != sorted(methods.split_examples(50).train)


def test_no_share_gives_an_empty_part() -> None:
    parts = methods.split_examples(10, validation=0.0, test=0.3)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (7, 0, 3)


@pytest.mark.parametrize(
    ("n", "validation", "test"),
    [(0, 0.0, 0.0), (-3, 0.2, 0.2), (10, 0.5, 0.5), (10, 0.01, 0.2), (10, 0.2, 0.01), (10, -0.1, 0.2), (10, 0.2, 1.0)],
)
def test_a_split_that_cannot_be_is_refused(n: int, validation: float, test: float) -> None:
    with pytest.raises(ValueError, match=r"share|examples"):
        methods.split_examples(n, validation, test)


@pytest.mark.parametrize(("n", "k"), [(5, 1), (5, 6), (0, 2), (5, -1)])
def test_folds_that_cannot_be_are_refused(n: int, k: int) -> None:
    with pytest.raises(ValueError, match="folds"):
        methods.k_fold(n, k)
