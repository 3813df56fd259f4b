"""Penalties on weights, with gradients by automatic differentiation."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.methods.with_torch.tensors import gradient, tensor


def l1_penalty(weights: Any, strength: float) -> Tensor:
    """Return the strength times the 1-norm of all weights."""
    norm: Tensor = torch.linalg.vector_norm(tensor(weights), 1)
    return strength * norm


def l1_penalty_subgradient(weights: Any, strength: float) -> Tensor:
    """Return what automatic differentiation takes as the slope of l1_penalty."""
    return gradient(lambda w: strength * w.abs().sum(), weights)


def l2_penalty(weights: Any, strength: float) -> Tensor:
    """Return half the strength times the squared 2-norm of all weights."""
    norm: Tensor = torch.linalg.vector_norm(tensor(weights))
    return 0.5 * strength * norm.square()


def l2_penalty_gradient(weights: Any, strength: float) -> Tensor:
    """Return what weight_decay adds to the gradient, as torch.optim.SGD applies it at the rate 1 to a loss of zero."""
    at = tensor(weights).requires_grad_()
    before = at.detach().clone()
    at.grad = torch.zeros_like(at)
    torch.optim.SGD([at], lr=1.0, weight_decay=strength).step()
    return before - at.detach()


def elastic_net_penalty(weights: Any, strength: float, mix: float = 0.5) -> Tensor:
    """Return the mixture of l1_penalty and l2_penalty."""
    return mix * l1_penalty(weights, strength) + (1 - mix) * l2_penalty(weights, strength)


def elastic_net_penalty_subgradient(weights: Any, strength: float, mix: float = 0.5) -> Tensor:
    """Return what automatic differentiation takes as the slope of elastic_net_penalty."""
    return gradient(lambda w: strength * (mix * w.abs().sum() + 0.5 * (1 - mix) * w.square().sum()), weights)


def soft_threshold(weights: Any, threshold: float) -> Tensor:
    """Return torch's softshrink."""
    return functional.softshrink(tensor(weights), threshold)
