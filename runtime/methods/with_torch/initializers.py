"""First weights by torch.nn.init; `seed` takes the place of a generator."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import init

from runtime.devices import device
from runtime.methods.initializers import Fan


def xavier_uniform(shape: Sequence[int], seed: int, gain: float = 1.0) -> Tensor:
    """Return weights of torch.nn.init.xavier_uniform_."""
    return _drawn(shape, seed, lambda weights: init.xavier_uniform_(weights, gain))


def xavier_normal(shape: Sequence[int], seed: int, gain: float = 1.0) -> Tensor:
    """Return weights of torch.nn.init.xavier_normal_."""
    return _drawn(shape, seed, lambda weights: init.xavier_normal_(weights, gain))


def he_uniform(shape: Sequence[int], seed: int, slope: float = 0.0, fan: Fan = "in") -> Tensor:
    """Return weights of torch.nn.init.kaiming_uniform_ for a leaky ReLU."""
    return _drawn(shape, seed, lambda weights: init.kaiming_uniform_(weights, slope, _MODES[fan]))


def he_normal(shape: Sequence[int], seed: int, slope: float = 0.0, fan: Fan = "in") -> Tensor:
    """Return weights of torch.nn.init.kaiming_normal_ for a leaky ReLU."""
    return _drawn(shape, seed, lambda weights: init.kaiming_normal_(weights, slope, _MODES[fan]))


_MODES: dict[Fan, init._FanMode] = {"in": "fan_in", "out": "fan_out"}


def _drawn(shape: Sequence[int], seed: int, fill: Callable[[Tensor], Tensor]) -> Tensor:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return fill(torch.empty(tuple(shape), dtype=torch.float64, device=device()))
