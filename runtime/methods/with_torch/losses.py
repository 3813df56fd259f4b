"""Losses, with gradients by automatic differentiation."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.nn import functional

from runtime.methods.with_torch.tensors import classes, gradient, tensor


def cross_entropy(logits: Any, targets: Any) -> Tensor:
    """Return the mean cross-entropy of logits (n, k) with n classes, in nats."""
    return functional.cross_entropy(tensor(logits), classes(targets))


def cross_entropy_gradient(logits: Any, targets: Any) -> Tensor:
    """Return the gradient of cross_entropy by the logits."""
    return gradient(lambda t: functional.cross_entropy(t, classes(targets)), logits)


def mean_squared_error(predictions: Any, targets: Any) -> Tensor:
    """Return the mean squared error over all entries."""
    return functional.mse_loss(tensor(predictions), tensor(targets))


def mean_squared_error_gradient(predictions: Any, targets: Any) -> Tensor:
    """Return the gradient of mean_squared_error by the predictions."""
    return gradient(lambda t: functional.mse_loss(t, tensor(targets)), predictions)
