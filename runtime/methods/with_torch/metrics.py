"""Measures of a classifier, counted in other ways than by their definitions: sorting, binning, comparing all pairs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.methods.with_torch import tensors
from runtime.methods.with_torch.tensors import tensor


def confusion_matrix(targets: Any, predictions: Any, classes: int | None = None) -> Tensor:
    """Return how often class i was taken for class j, (k, k), as a product of one-hot matrices."""
    true, predicted = tensors.classes(targets), tensors.classes(predictions)
    k = int(torch.stack([true, predicted]).max()) + 1 if classes is None else classes
    return functional.one_hot(true, k).T @ functional.one_hot(predicted, k)


def accuracy(targets: Any, predictions: Any) -> Tensor:
    """Return the trace of the confusion matrix over its sum."""
    matrix = confusion_matrix(targets, predictions)
    return matrix.trace() / matrix.sum().double()


def precision(targets: Any, predictions: Any) -> Tensor:
    """Return the mean target of the examples called positive."""
    return tensor(targets)[tensors.classes(predictions).bool()].mean()


def recall(targets: Any, predictions: Any) -> Tensor:
    """Return the mean prediction of the positive examples."""
    return tensor(predictions)[tensors.classes(targets).bool()].mean()


def f1_score(targets: Any, predictions: Any) -> Tensor:
    """Return the harmonic mean of precision and recall."""
    ends = torch.stack([precision(targets, predictions), recall(targets, predictions)])
    return 1 / (1 / ends).mean()


def roc_curve(targets: Any, scores: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Return the rates of false and true positives and the thresholds, from running sums in the order of the scores."""
    values, order = tensor(scores).sort(descending=True, stable=True)
    true = tensor(targets)[order]
    last = torch.cat([values[1:] != values[:-1], torch.tensor([True], device=values.device)])
    found, false = true.cumsum(0)[last], (1 - true).cumsum(0)[last]
    start, infinite = values.new_zeros(1), values.new_full((1,), torch.inf)
    rates = [torch.cat([start, counts / counts[-1]]) for counts in (false, found)]
    return rates[0], rates[1], torch.cat([infinite, values[last]])


def roc_auc(targets: Any, scores: Any) -> Tensor:
    """Return the share of pairs in which the positive example scores higher, a tie counting one half."""
    values, positive = tensor(scores), tensors.classes(targets).bool()
    lead = values[positive][:, None] - values[~positive]
    return ((lead > 0).double() + 0.5 * (lead == 0).double()).mean()
