"""The paths of torch.optim.SGD."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from runtime.methods.with_torch.tensors import tensor


def gradient_descent(function: Callable[[Tensor], Tensor], start: Any, rate: float, steps: int) -> Tensor:
    """Return the points torch.optim.SGD passes on a scalar `function`: shape (steps + 1, *start.shape)."""
    return momentum(function, start, rate, steps, decay=0.0)


def momentum(function: Callable[[Tensor], Tensor], start: Any, rate: float, steps: int, decay: float = 0.9) -> Tensor:
    """Return the points torch.optim.SGD with momentum passes: shape (steps + 1, *start.shape)."""
    point = tensor(start).requires_grad_()
    optimizer = torch.optim.SGD([point], lr=rate, momentum=decay)
    path = [point.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(point).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        path.append(point.detach().clone())
    return torch.stack(path)
