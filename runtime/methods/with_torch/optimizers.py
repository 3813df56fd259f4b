"""One update by the optimizers of torch.optim; the state goes in and comes out as `runtime.methods` has it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from runtime.methods.optimizers import OptimizerState
from runtime.methods.with_torch.tensors import tensor


def sgd_step(
    point: Any,
    gradient: Any,
    state: OptimizerState,
    rate: float,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float = 0.0,
) -> tuple[Tensor, OptimizerState]:
    """Return the point and the state after one step of torch.optim.SGD."""
    x = tensor(point)
    optimizer = torch.optim.SGD([x], lr=rate, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)
    return _stepped(optimizer, x, gradient, state, first="momentum_buffer" if momentum else None)


def adagrad_step(
    point: Any,
    gradient: Any,
    state: OptimizerState,
    rate: float,
    epsilon: float = 1e-10,
    weight_decay: float = 0.0,
) -> tuple[Tensor, OptimizerState]:
    """Return the point and the state after one step of torch.optim.Adagrad."""
    x = tensor(point)
    optimizer = torch.optim.Adagrad([x], lr=rate, eps=epsilon, weight_decay=weight_decay)
    return _stepped(optimizer, x, gradient, state, second="sum")


def rmsprop_step(
    point: Any,
    gradient: Any,
    state: OptimizerState,
    rate: float,
    decay: float = 0.99,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[Tensor, OptimizerState]:
    """Return the point and the state after one step of torch.optim.RMSprop."""
    x = tensor(point)
    optimizer = torch.optim.RMSprop([x], lr=rate, alpha=decay, eps=epsilon, weight_decay=weight_decay)
    return _stepped(optimizer, x, gradient, state, second="square_avg")


def adam_step(
    point: Any,
    gradient: Any,
    state: OptimizerState,
    rate: float,
    decays: tuple[float, float] = (0.9, 0.999),
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[Tensor, OptimizerState]:
    """Return the point and the state after one step of torch.optim.Adam."""
    x = tensor(point)
    optimizer = torch.optim.Adam([x], lr=rate, betas=decays, eps=epsilon, weight_decay=weight_decay)
    return _stepped(optimizer, x, gradient, state, first="exp_avg", second="exp_avg_sq")


def adamw_step(
    point: Any,
    gradient: Any,
    state: OptimizerState,
    rate: float,
    decays: tuple[float, float] = (0.9, 0.999),
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Tensor, OptimizerState]:
    """Return the point and the state after one step of torch.optim.AdamW."""
    x = tensor(point)
    optimizer = torch.optim.AdamW([x], lr=rate, betas=decays, eps=epsilon, weight_decay=weight_decay)
    return _stepped(optimizer, x, gradient, state, first="exp_avg", second="exp_avg_sq")


def _stepped(
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    gradient: Any,
    state: OptimizerState,
    first: str | None = None,
    second: str | None = None,
) -> tuple[Tensor, OptimizerState]:
    """Take one step from `state`, of which `first` and `second` are the names that the optimizer uses."""
    known = optimizer.state[x]
    known["step"] = torch.tensor(float(state.step))
    names = {"first": first, "second": second}
    known |= {name: tensor(getattr(state, part)) for part, name in names.items() if name}
    x.grad = tensor(gradient)
    optimizer.step()
    parts = {part: known[name].cpu().numpy() if name else getattr(state, part) for part, name in names.items()}
    return x, OptimizerState(state.step + 1, **parts)
