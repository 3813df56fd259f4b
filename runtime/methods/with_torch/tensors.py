"""Tensors out of what the caller has, and derivatives by automatic differentiation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from runtime.devices import device


def tensor(value: Any) -> Tensor:
    """Return `value` as a float64 tensor of its own on the device in use."""
    # Through NumPy: PyTorch would round Python's numbers to single precision first.
    held = value if isinstance(value, Tensor) else torch.as_tensor(np.asarray(value))
    return held.detach().to(device=device(), dtype=torch.float64, copy=True)


def classes(targets: Any) -> Tensor:
    """Return `targets` as whole numbers on the device in use."""
    return torch.as_tensor(targets).to(device=device(), dtype=torch.int64)


def gradient(function: Callable[[Tensor], Tensor], point: Any) -> Tensor:
    """Return the gradient of a scalar function at `point`, in its shape."""
    at = tensor(point).requires_grad_()
    (result,) = torch.autograd.grad(function(at), at)
    return result
