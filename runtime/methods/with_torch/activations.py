"""Activation functions, with derivatives by automatic differentiation."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from runtime.methods.with_torch.tensors import gradient, tensor


def sigmoid(z: Any) -> Tensor:
    """Return torch.sigmoid."""
    return torch.sigmoid(tensor(z))


def sigmoid_derivative(z: Any) -> Tensor:
    """Return the derivative of torch.sigmoid, entry by entry."""
    return gradient(lambda t: torch.sigmoid(t).sum(), z)


def tanh(z: Any) -> Tensor:
    """Return torch.tanh."""
    return torch.tanh(tensor(z))


def tanh_derivative(z: Any) -> Tensor:
    """Return the derivative of torch.tanh, entry by entry."""
    return gradient(lambda t: torch.tanh(t).sum(), z)


def relu(z: Any) -> Tensor:
    """Return torch.relu."""
    return torch.relu(tensor(z))


def relu_derivative(z: Any) -> Tensor:
    """Return the derivative of torch.relu, entry by entry."""
    return gradient(lambda t: torch.relu(t).sum(), z)
