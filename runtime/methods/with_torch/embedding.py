"""Vectors for words, with PyTorch's lookup, its gradient and its cosine."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.methods.with_torch.tensors import classes, gradient, tensor


def embedding(table: Any, ids: Any) -> Tensor:
    """Return the rows of the table (V, d) that `ids` name, of shape (*ids.shape, d)."""
    return functional.embedding(classes(ids), tensor(table))


def embedding_backward(upstream: Any, ids: Any, words: int) -> Tensor:
    """Return the gradient of the table from that of the vectors looked up, of shape (words, d)."""
    slopes = tensor(upstream)
    start = torch.zeros(words, slopes.shape[-1], dtype=torch.float64)
    return gradient(lambda table: (functional.embedding(classes(ids), table) * slopes).sum(), start)


def cosine_similarity(a: Any, b: Any) -> Tensor:
    """Return the cosine along the last axis of `a` and `b`, (…, d)."""
    return functional.cosine_similarity(tensor(a), tensor(b), dim=-1)


def ppmi(counts: Any, shift: float = 0.0) -> Tensor:
    """Return the positive pointwise mutual information in nats, as p_ij / p_i is a softmax of log counts."""
    logs = tensor(counts).log()
    given_row = torch.log_softmax(logs, dim=1)
    columns = logs.logsumexp(dim=0) - logs.flatten().logsumexp(dim=0)
    return functional.relu((given_row - columns - shift).nan_to_num(nan=-math.inf))


def glove_weight(counts: Any, x_max: float = 100.0, exponent: float = 0.75) -> Tensor:
    """Return the weight of a count in GloVe's loss."""
    return tensor(counts).div(x_max).pow(exponent).clamp(max=1.0)
