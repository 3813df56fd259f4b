"""How good are decisions? Measures of a classifier, each counted from its definition."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


class RocCurve(NamedTuple):
    """Points of a receiver operating characteristic, from (0, 0) to (1, 1); the first threshold is infinite."""

    false_positive_rate: Array
    true_positive_rate: Array
    thresholds: Array


def confusion_matrix(targets: npt.ArrayLike, predictions: npt.ArrayLike, classes: int | None = None) -> Counts:
    """Return how often class i was taken for class j, of shape (k, k): rows are true, columns predicted.

    `targets` and `predictions` are n classes each, whole numbers from 0 to k - 1; k is `classes`, or one more than the
    largest that occurs. Raises ValueError for other shapes and numbers.
    """
    true, predicted = _pair(targets, predictions)
    k = int(max(true.max(), predicted.max())) + 1 if classes is None else classes
    if max(true.max(), predicted.max()) >= k:
        raise ValueError(f"classes are whole numbers from 0 to {k - 1}")
    matrix = np.zeros((k, k), dtype=np.int64)
    np.add.at(matrix, (true, predicted), 1)
    return matrix


def accuracy(targets: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return the share of the n examples whose predicted class is the true one. Raises as confusion_matrix."""
    true, predicted = _pair(targets, predictions)
    return float((true == predicted).mean())


def precision(targets: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return TP / (TP + FP), the share of true ones among the examples called positive; classes are 0 and 1.

    Raises ValueError as confusion_matrix, and when nothing was called positive.
    """
    _, fp, _, tp = _binary(targets, predictions)
    return _share(tp, tp + fp, "precision needs an example that is called positive")


def recall(targets: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return TP / (TP + FN), the share of the positive examples that are found; classes are 0 and 1.

    Raises ValueError as confusion_matrix, and when no example is positive.
    """
    _, _, fn, tp = _binary(targets, predictions)
    return _share(tp, tp + fn, "recall needs an example that is positive")


def f1_score(targets: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return 2TP / (2TP + FP + FN), the harmonic mean of precision and recall where both exist.

    Classes are 0 and 1. Raises ValueError as confusion_matrix, and when no example is or is called positive.
    """
    _, fp, fn, tp = _binary(targets, predictions)
    return _share(2 * tp, 2 * tp + fp + fn, "F1 needs an example that is or is called positive")


def roc_curve(targets: npt.ArrayLike, scores: npt.ArrayLike) -> RocCurve:
    """Return the rates of false and true positives for each threshold, calling positive what scores at least as much.

    `targets` are n classes 0 or 1, `scores` n finite numbers; equal scores share one point. Raises ValueError for
    other shapes and numbers, and unless both classes occur.
    """
    true, values = _scored(targets, scores)
    thresholds = np.unique(values)[::-1]
    called = values >= thresholds[:, None]
    rates = [np.array([0.0, *called[:, true == side].mean(axis=1)]) for side in (0, 1)]
    return RocCurve(rates[0], rates[1], np.array([np.inf, *thresholds]))


def roc_auc(targets: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Return the area below the ROC curve, by the trapezoid rule, from 0 to 1. Arguments and errors as roc_curve.

    It is the chance that a positive example scores higher than a negative one, a tie counting one half.
    J. Hanley and B. McNeil, "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve"
    (1982).
    """
    curve = roc_curve(targets, scores)
    return float(np.trapezoid(curve.true_positive_rate, curve.false_positive_rate))


def _pair(targets: npt.ArrayLike, predictions: npt.ArrayLike) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    true, predicted = np.asarray(targets), np.asarray(predictions)
    if true.ndim != 1 or true.shape != predicted.shape or true.size == 0:
        raise ValueError(f"targets and predictions are n classes each, not {true.shape} and {predicted.shape}")
    if any(side.dtype.kind not in "iub" or side.min() < 0 for side in (true, predicted)):
        raise ValueError("classes are whole numbers from 0 on")
    return true.astype(np.intp), predicted.astype(np.intp)


def _binary(targets: npt.ArrayLike, predictions: npt.ArrayLike) -> tuple[int, int, int, int]:
    """TN, FP, FN, TP."""
    tn, fp, fn, tp = confusion_matrix(targets, predictions, classes=2).ravel().tolist()
    return tn, fp, fn, tp


def _share(part: int, whole: int, otherwise: str) -> float:
    if not whole:
        raise ValueError(otherwise)
    return part / whole


def _scored(targets: npt.ArrayLike, scores: npt.ArrayLike) -> tuple[npt.NDArray[np.intp], Array]:
    values = np.asarray(scores, dtype=np.float64)
    true, _ = _pair(targets, np.zeros(values.shape, dtype=np.intp))
    if not np.isfinite(values).all():
        raise ValueError("scores are finite")
    if set(np.unique(true).tolist()) != {0, 1}:
        raise ValueError("a ROC curve needs examples of class 0 and of class 1, and no others")
    return true, values
