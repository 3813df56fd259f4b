"""Activation functions, with derivatives by automatic differentiation."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional

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


def leaky_relu(z: Any, slope: float = 0.01) -> Tensor:
    """Return torch.nn.functional.leaky_relu."""
    return functional.leaky_relu(tensor(z), slope)


def leaky_relu_derivative(z: Any, slope: float = 0.01) -> Tensor:
    """Return the derivative of torch.nn.functional.leaky_relu, entry by entry."""
    return gradient(lambda t: functional.leaky_relu(t, slope).sum(), z)


def elu(z: Any, alpha: float = 1.0) -> Tensor:
    """Return torch.nn.functional.elu."""
    return functional.elu(tensor(z), alpha)


def elu_derivative(z: Any, alpha: float = 1.0) -> Tensor:
    """Return the derivative of torch.nn.functional.elu, entry by entry."""
    return gradient(lambda t: functional.elu(t, alpha).sum(), z)


def gelu(z: Any, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """Return torch.nn.functional.gelu."""
    return functional.gelu(tensor(z), approximate=approximate)


def gelu_derivative(z: Any, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """Return the derivative of torch.nn.functional.gelu, entry by entry."""
    return gradient(lambda t: functional.gelu(t, approximate=approximate).sum(), z)


def silu(z: Any) -> Tensor:
    """Return torch.nn.functional.silu."""
    return functional.silu(tensor(z))


def silu_derivative(z: Any) -> Tensor:
    """Return the derivative of torch.nn.functional.silu, entry by entry."""
    return gradient(lambda t: functional.silu(t).sum(), z)


def softplus(z: Any) -> Tensor:
    """Return torch.nn.functional.softplus; from its threshold on, here 40, it gives z, where no digit differs."""
    return functional.softplus(tensor(z), threshold=40.0)


def softplus_derivative(z: Any) -> Tensor:
    """Return the derivative of softplus, entry by entry."""
    return gradient(lambda t: functional.softplus(t, threshold=40.0).sum(), z)
