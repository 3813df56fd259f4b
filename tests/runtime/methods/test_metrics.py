"""Measures of a classifier against other ways of counting."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import methods, rng
from runtime.methods import with_torch

TRUE = rng().integers(0, 2, size=60)
CALLED = np.where(rng(1).random(60) < 0.3, 1 - TRUE, TRUE)
SCORES = np.round(TRUE + rng(2).normal(size=60), 1)  # with ties


def test_the_confusion_matrix_has_true_classes_as_rows() -> None:
    matrix = methods.confusion_matrix([0, 0, 2, 1], [0, 2, 2, 0])
    np.testing.assert_array_equal(matrix, [[1, 0, 1], [1, 0, 0], [0, 0, 1]])
    assert methods.confusion_matrix([0], [0], classes=3).shape == (3, 3)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_the_confusion_matrix_agrees_with_torch_and_counts_everybody(pairs: list[tuple[int, int]]) -> None:
    true, called = np.array(pairs).T
    matrix = methods.confusion_matrix(true, called)
    np.testing.assert_array_equal(matrix, with_torch.confusion_matrix(true, called).numpy())
    assert matrix.sum() == len(pairs)
    assert methods.accuracy(true, called) == pytest.approx(np.trace(matrix) / matrix.sum())


@pytest.mark.parametrize("name", ["accuracy", "precision", "recall", "f1_score"])
def test_shares_agree_with_torch(name: str) -> None:
    ours, theirs = getattr(methods, name)(TRUE, CALLED), getattr(with_torch, name)(TRUE, CALLED)
    assert ours == pytest.approx(float(theirs), rel=1e-14)


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    ends = methods.precision(TRUE, CALLED), methods.recall(TRUE, CALLED)
    assert methods.f1_score(TRUE, CALLED) == pytest.approx(2 * ends[0] * ends[1] / sum(ends), rel=1e-14)


def test_the_roc_curve_agrees_with_torch_and_with_counting_at_each_threshold() -> None:
    curve = methods.roc_curve(TRUE, SCORES)
    for ours, theirs in zip(curve, with_torch.roc_curve(TRUE, SCORES), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-14)
    for false, found, threshold in zip(*curve, strict=True):
        called = (threshold <= SCORES).astype(int)
        matrix = methods.confusion_matrix(TRUE, called, classes=2)
        assert false == pytest.approx(matrix[0, 1] / matrix[0].sum())
        assert found == pytest.approx(matrix[1, 1] / matrix[1].sum())


def test_the_area_is_the_chance_of_the_right_order() -> None:
    pairs = itertools.product(SCORES[TRUE == 1], SCORES[TRUE == 0])
    chance = np.mean([(high > low) + 0.5 * (high == low) for high, low in pairs])
    assert methods.roc_auc(TRUE, SCORES) == pytest.approx(chance, rel=1e-12)
    assert methods.roc_auc(TRUE, SCORES) == pytest.approx(float(with_torch.roc_auc(TRUE, SCORES)), rel=1e-12)


def test_the_area_of_perfect_reversed_and_constant_scores() -> None:
    assert methods.roc_auc(TRUE, TRUE) == 1.0
    assert methods.roc_auc(TRUE, 1 - TRUE) == 0.0
    assert methods.roc_auc(TRUE, np.zeros(60)) == 0.5


@pytest.mark.parametrize(
    "call",
    [
        lambda: methods.confusion_matrix([0, 1], [0]),
        lambda: methods.confusion_matrix([], []),
        lambda: methods.confusion_matrix([0.0], [0]),
        lambda: methods.confusion_matrix([-1], [0]),
        lambda: methods.confusion_matrix([3], [0], classes=2),
        lambda: methods.accuracy([[0]], [[0]]),
        lambda: methods.precision([0, 1], [0, 0]),
        lambda: methods.recall([0, 0], [0, 1]),
        lambda: methods.f1_score([0, 0], [0, 0]),
        lambda: methods.precision([0, 2], [0, 1]),
        lambda: methods.roc_curve([0, 0], [0.1, 0.2]),
        lambda: methods.roc_curve([0, 1], [0.1, np.nan]),
        lambda: methods.roc_auc([0, 1, 2], [0.1, 0.2, 0.3]),
        lambda: methods.roc_curve([0, 1], [0.1]),
    ],
)
def test_what_does_not_fit_is_refused(call: Any) -> None:
    with pytest.raises(ValueError):
        call()
