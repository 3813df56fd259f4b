"""Learning rates by the schedulers of torch.optim.lr_scheduler, read off step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LinearLR, LRScheduler, StepLR

from runtime.methods.with_torch.tensors import tensor


def step_decay(steps: Any, rate: float, every: int, factor: float = 0.1) -> Tensor:
    """Return the rates of StepLR at `steps`."""
    return _rates(steps, rate, lambda optimizer: StepLR(optimizer, every, gamma=factor))


def exponential_decay(steps: Any, rate: float, factor: float) -> Tensor:
    """Return the rates of ExponentialLR at `steps`."""
    return _rates(steps, rate, lambda optimizer: ExponentialLR(optimizer, factor))


def cosine_decay(steps: Any, rate: float, length: int, lowest: float = 0.0) -> Tensor:
    """Return the rates of CosineAnnealingLR at `steps`, which is not asked for steps after `length`: it would rise."""
    within = tensor(steps).clamp(max=length)
    return _rates(within, rate, lambda optimizer: CosineAnnealingLR(optimizer, length, eta_min=lowest))


def linear_warmup(steps: Any, rate: float, length: int, start: float = 1 / 3) -> Tensor:
    """Return the rates of LinearLR at `steps`."""
    return _rates(steps, rate, lambda optimizer: LinearLR(optimizer, start_factor=start, total_iters=length))


def _rates(steps: Any, rate: float, make: Callable[[torch.optim.Optimizer], LRScheduler]) -> Tensor:
    numbers = tensor(steps).long()
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=rate)
    scheduler = make(optimizer)
    rates = []
    for _ in range(int(numbers.max()) + 1):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return tensor(np.array(rates))[numbers]
