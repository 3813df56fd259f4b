"""Attention by PyTorch's own functions and layer."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.devices import device
from runtime.methods.with_torch.tensors import tensor


def attention_weights(queries: Any, keys: Any, mask: Any = None) -> Tensor:
    """Return the weights of attention, of shape (..., n, m): the answers when the values are one-hot."""
    k = tensor(keys)
    return attention(queries, k, torch.eye(k.shape[-2]).expand(*k.shape[:-1], -1), mask)


def attention(queries: Any, keys: Any, values: Any, mask: Any = None) -> Tensor:
    """Return scaled_dot_product_attention; `mask` is true where a query may look."""
    return functional.scaled_dot_product_attention(tensor(queries), tensor(keys), tensor(values), attn_mask=_mask(mask))


def multi_head_attention(
    x: Any,
    input_weights: Any,
    input_bias: Any,
    output_weights: Any,
    output_bias: Any,
    heads: int,
    mask: Any = None,
) -> Tensor:
    """Return what torch.nn.MultiheadAttention makes of the positions `x`, of shape (n, d)."""
    entered, allowed = tensor(x), _mask(mask)
    layer = torch.nn.MultiheadAttention(entered.shape[1], heads, dtype=torch.float64, device=device())
    with torch.no_grad():
        layer.in_proj_weight.copy_(tensor(input_weights))
        layer.in_proj_bias.copy_(tensor(input_bias))
        layer.out_proj.weight.copy_(tensor(output_weights))
        layer.out_proj.bias.copy_(tensor(output_bias))
        forbidden = None if allowed is None else ~allowed
        found: Tensor = layer(entered, entered, entered, attn_mask=forbidden, need_weights=False)[0]
    return found


def causal_mask(n: int) -> Tensor:
    """Return the (n, n) mask with which each position sees itself and the earlier ones."""
    return torch.ones(n, n, dtype=torch.bool, device=device()).tril()


def sinusoidal_positions(n: int, d: int, base: float = 10000.0) -> Tensor:
    """Return positional codes of shape (n, d), as the parts of the powers of complex numbers on the unit circle."""
    places = torch.arange(n, dtype=torch.float64, device=device())
    rates = torch.pow(torch.tensor(base, dtype=torch.float64), -torch.arange(0, d, 2, dtype=torch.float64) / d)
    turned = torch.polar(
        torch.ones(n, d // 2, dtype=torch.float64, device=device()), torch.outer(places, rates.to(places))
    )
    return torch.stack([turned.imag, turned.real], dim=2).reshape(n, d)


def _mask(mask: Any) -> Tensor | None:
    return None if mask is None else torch.as_tensor(mask).to(device())
