"""Batch and layer normalization by torch.nn.functional; gradients come from automatic differentiation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.methods.with_torch.tensors import tensor

Gradients = tuple[Tensor, Tensor, Tensor]


def batch_norm(x: Any, scale: Any, shift: Any, epsilon: float = 1e-5) -> Tensor:
    """Return x (n, d) normalized over the examples."""
    return _over_examples(tensor(x), tensor(scale), tensor(shift), epsilon)


def batch_norm_backward(x: Any, scale: Any, upstream: Any, epsilon: float = 1e-5) -> Gradients:
    """Return the gradients of batch_norm by x, scale and shift."""
    return _backward(_over_examples, x, scale, upstream, epsilon)


def batch_norm_inference(x: Any, mean: Any, variance: Any, scale: Any, shift: Any, epsilon: float = 1e-5) -> Tensor:
    """Return x (n, d) normalized by a given mean and variance."""
    known = tensor(mean), tensor(variance)
    return functional.batch_norm(tensor(x), *known, tensor(scale), tensor(shift), training=False, eps=epsilon)


def running_statistics(mean: Any, variance: Any, x: Any, share: float = 0.1) -> tuple[Tensor, Tensor]:
    """Return the moving averages that torch.nn.BatchNorm1d keeps, after the batch x (n, d)."""
    averages = tensor(mean), tensor(variance)
    functional.batch_norm(tensor(x), *averages, training=True, momentum=share)
    return averages


def layer_norm(x: Any, scale: Any, shift: Any, epsilon: float = 1e-5) -> Tensor:
    """Return x (n, d) normalized over the features of each example."""
    return _over_features(tensor(x), tensor(scale), tensor(shift), epsilon)


def layer_norm_backward(x: Any, scale: Any, upstream: Any, epsilon: float = 1e-5) -> Gradients:
    """Return the gradients of layer_norm by x, scale and shift."""
    return _backward(_over_features, x, scale, upstream, epsilon)


def _over_examples(x: Tensor, scale: Tensor, shift: Tensor, epsilon: float) -> Tensor:
    return functional.batch_norm(x, None, None, scale, shift, training=True, eps=epsilon)


def _over_features(x: Tensor, scale: Tensor, shift: Tensor, epsilon: float) -> Tensor:
    return functional.layer_norm(x, x.shape[1:], scale, shift, eps=epsilon)


def _backward(
    forward: Callable[[Tensor, Tensor, Tensor, float], Tensor], x: Any, scale: Any, upstream: Any, epsilon: float
) -> Gradients:
    at, by, shift = (tensor(value).requires_grad_() for value in (x, scale, torch.zeros_like(tensor(scale))))
    result = forward(at, by, shift, epsilon)
    by_x, by_scale, by_shift = torch.autograd.grad(result, (at, by, shift), tensor(upstream))
    return by_x, by_scale, by_shift
