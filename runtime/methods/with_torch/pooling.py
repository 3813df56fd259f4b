"""Pooling run and differentiated by PyTorch."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.nn import functional

from runtime.methods.with_torch.tensors import gradient, tensor


def max_pool2d(x: Any, size: int, stride: int | None = None) -> Tensor:
    """Return torch.nn.functional.max_pool2d."""
    return functional.max_pool2d(tensor(x), size, stride)


def average_pool2d(x: Any, size: int, stride: int | None = None) -> Tensor:
    """Return torch.nn.functional.avg_pool2d."""
    return functional.avg_pool2d(tensor(x), size, stride)


def max_pool2d_backward(x: Any, delta: Any, size: int, stride: int | None = None) -> Tensor:
    """Return the derivatives by x, by automatic differentiation."""
    return gradient(lambda t: (functional.max_pool2d(t, size, stride) * tensor(delta)).sum(), x)


def average_pool2d_backward(x: Any, delta: Any, size: int, stride: int | None = None) -> Tensor:
    """Return the derivatives by x, by automatic differentiation."""
    return gradient(lambda t: (functional.avg_pool2d(t, size, stride) * tensor(delta)).sum(), x)
