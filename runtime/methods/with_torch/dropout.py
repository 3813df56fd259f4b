"""Dropout by torch.nn.functional.dropout; `seed` takes the place of a generator and of the mask."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.methods.with_torch.tensors import gradient, tensor


def dropout(x: Any, p: float, seed: int) -> tuple[Tensor, Tensor]:
    """Return the output for `x` and the mask, which is the output of the same draw for ones."""
    values = tensor(x)
    return _dropped(values, p, seed), _dropped(torch.ones_like(values), p, seed)


def dropout_backward(output_gradient: Any, p: float, seed: int) -> Tensor:
    """Return the derivative by the input of a loss whose derivative by the output is `output_gradient`."""
    flowing = tensor(output_gradient)
    return gradient(lambda t: (_dropped(t, p, seed) * flowing).sum(), torch.zeros_like(flowing))


def _dropped(values: Tensor, p: float, seed: int) -> Tensor:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return functional.dropout(values, p)
