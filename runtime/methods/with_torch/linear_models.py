"""Linear models as one least-squares problem: the bias is a column of ones, a penalty is extra rows.

A row √(n penalty/2) · eᵢ with the target 0 adds (n penalty/2) wᵢ² to the sum of squares, so ridge regression needs
no formula of its own: an independent way to the weights of `runtime.methods.linear_models`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from runtime.methods.with_torch.tensors import tensor


def least_squares(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Return the weights (d,) and the bias with the smallest mean squared error; x must have full column rank."""
    return _solve(tensor(x), tensor(y), 0.0)


def ridge(x: Any, y: Any, penalty: float) -> tuple[Tensor, Tensor]:
    """Return the weights (d,) and the bias that make (1/n) Σ(ŷ - y)² + (penalty/2) ‖w‖² smallest."""
    return _solve(tensor(x), tensor(y), penalty)


def _solve(x: Tensor, y: Tensor, penalty: float) -> tuple[Tensor, Tensor]:
    n, d = x.shape
    rows = (0.5 * n * penalty) ** 0.5 * torch.eye(d, d + 1).to(x)
    design = torch.cat([torch.cat([x, torch.ones_like(y)[:, None]], dim=1), rows])
    solution = torch.linalg.lstsq(design, torch.cat([y, torch.zeros(d).to(y)])[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]
