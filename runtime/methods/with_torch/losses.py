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


def mean_absolute_error(predictions: Any, targets: Any) -> Tensor:
    """Return the mean absolute error over all entries."""
    return functional.l1_loss(tensor(predictions), tensor(targets))


def mean_absolute_error_gradient(predictions: Any, targets: Any) -> Tensor:
    """Return the gradient of mean_absolute_error by the predictions."""
    return gradient(lambda t: functional.l1_loss(t, tensor(targets)), predictions)


def huber(predictions: Any, targets: Any, delta: float = 1.0) -> Tensor:
    """Return the mean Huber loss over all entries."""
    return functional.huber_loss(tensor(predictions), tensor(targets), delta=delta)


def huber_gradient(predictions: Any, targets: Any, delta: float = 1.0) -> Tensor:
    """Return the gradient of huber by the predictions."""
    return gradient(lambda t: functional.huber_loss(t, tensor(targets), delta=delta), predictions)


def binary_cross_entropy(logits: Any, targets: Any) -> Tensor:
    """Return the mean binary cross-entropy of logits, in nats."""
    return functional.binary_cross_entropy_with_logits(tensor(logits), tensor(targets))


def binary_cross_entropy_gradient(logits: Any, targets: Any) -> Tensor:
    """Return the gradient of binary_cross_entropy by the logits."""
    return gradient(lambda t: functional.binary_cross_entropy_with_logits(t, tensor(targets)), logits)


def hinge(scores: Any, targets: Any) -> Tensor:
    """Return the mean hinge loss of scores with targets 0 and 1."""
    return functional.relu(1 - (2 * tensor(targets) - 1) * tensor(scores)).mean()


def hinge_gradient(scores: Any, targets: Any) -> Tensor:
    """Return the gradient of hinge by the scores."""
    return gradient(lambda t: functional.relu(1 - (2 * tensor(targets) - 1) * t).mean(), scores)


def kl_divergence(p: Any, q: Any) -> Tensor:
    """Return the Kullback–Leibler divergence of shares (n, k), summed over a row and averaged over the rows."""
    return functional.kl_div(tensor(q).log(), tensor(p), reduction="batchmean")


def kl_divergence_gradient(p: Any, q: Any) -> Tensor:
    """Return the gradient of kl_divergence by q."""
    return gradient(lambda t: functional.kl_div(t.log(), tensor(p), reduction="batchmean"), q)
