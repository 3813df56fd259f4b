"""Softmax and its logarithms."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from runtime.methods.with_torch.tensors import tensor


def softmax(logits: Any, axis: int = -1) -> Tensor:
    """Return torch.softmax along `axis`."""
    return torch.softmax(tensor(logits), axis)


def log_softmax(logits: Any, axis: int = -1) -> Tensor:
    """Return torch.log_softmax along `axis`, in nats."""
    return torch.log_softmax(tensor(logits), axis)


def logsumexp(logits: Any, axis: int = -1) -> Tensor:
    """Return torch.logsumexp along `axis`, in nats."""
    return torch.logsumexp(tensor(logits), axis)
