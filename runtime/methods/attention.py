"""Attention: scaled dot products with a mask, several heads, and sinusoidal positions.

A. Vaswani et al., "Attention is all you need" (2017). Here a row is one position: queries are (..., n, k), keys
(..., m, k), values (..., m, v), where leading dimensions, such as examples and heads, go through as they are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from runtime.methods.softmax import softmax

Array = npt.NDArray[np.float64]


def attention_weights(queries: npt.ArrayLike, keys: npt.ArrayLike, mask: npt.ArrayLike | None = None) -> Array:
    """Return softmax(Q Kᵀ / √k) along the keys, of shape (..., n, m): each row is positive and adds up to 1.

    `mask`, of booleans that broadcast to (..., n, m), is true where a query may look, as in PyTorch's
    scaled_dot_product_attention; elsewhere the weight is 0. Raises ValueError for shapes that do not fit, a mask
    that is not of booleans, and a query that may look nowhere.
    """
    q, k = np.asarray(queries, dtype=np.float64), np.asarray(keys, dtype=np.float64)
    if q.ndim < 2 or k.ndim < 2 or q.shape[-1] != k.shape[-1] or 0 in (q.shape[-1], k.shape[-2]):
        raise ValueError(f"queries (..., n, k) and keys (..., m, k) do not fit: {q.shape} and {k.shape}")
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        allowed = np.asarray(mask)
        if allowed.dtype != bool:
            raise ValueError(f"a mask is of booleans, true where a query may look, not of {allowed.dtype}")
        allowed = np.broadcast_to(allowed, scores.shape)
        if not allowed.any(axis=-1).all():
            raise ValueError("the mask leaves a query nothing to look at")
        scores = np.where(allowed, scores, -np.inf)
    return softmax(scores)


def attention(
    queries: npt.ArrayLike, keys: npt.ArrayLike, values: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> Array:
    """Return for each query the mean of the values with its attention_weights, of shape (..., n, v).

    Raises ValueError as attention_weights does, and for values that are not one a key.
    """
    weights, v = attention_weights(queries, keys, mask), np.asarray(values, dtype=np.float64)
    if v.ndim < 2 or v.shape[-2] != weights.shape[-1]:
        raise ValueError(f"values (..., m, v) of the shape {v.shape} do not fit {weights.shape[-1]} keys")
    result: Array = weights @ v
    return result


def multi_head_attention(
    x: npt.ArrayLike,
    input_weights: npt.ArrayLike,
    input_bias: npt.ArrayLike,
    output_weights: npt.ArrayLike,
    output_bias: npt.ArrayLike,
    heads: int,
    mask: npt.ArrayLike | None = None,
) -> Array:
    """Return self-attention of the positions `x`, of shape (n, d), in several heads; the result is (n, d) again.

    As in torch.nn.MultiheadAttention, `input_weights` (3d, d) holds the rows for queries, keys and values one below
    the other, with `input_bias` (3d,); each head sees d / heads of their entries, and `output_weights` (d, d) with
    `output_bias` (d,) mix what the heads found. `mask` (n, n) is true where a query may look (PyTorch's layer has
    it the other way round). Raises ValueError for shapes that do not fit, and as attention_weights does.
    """
    rows = np.asarray(x, dtype=np.float64)
    w, b, w_out, b_out = (
        np.asarray(value, dtype=np.float64) for value in (input_weights, input_bias, output_weights, output_bias)
    )
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"x has the shape {rows.shape}; give (n, d), one position a row")
    n, d = rows.shape
    if (w.shape, b.shape, w_out.shape, b_out.shape) != ((3 * d, d), (3 * d,), (d, d), (d,)):
        raise ValueError(f"the weights {w.shape}, {w_out.shape} and biases {b.shape}, {b_out.shape} do not fit d = {d}")
    if heads < 1 or d % heads:
        raise ValueError(f"{d} entries cannot be divided among {heads} heads")
    parts = np.split(rows @ w.T + b, 3, axis=1)
    q, k, v = (part.reshape(n, heads, d // heads).swapaxes(0, 1) for part in parts)
    found = attention(q, k, v, mask)
    joined: Array = found.swapaxes(0, 1).reshape(n, d) @ w_out.T + b_out
    return joined


def causal_mask(n: int) -> npt.NDArray[np.bool_]:
    """Return the (n, n) mask with which each position sees itself and the earlier ones. Raises ValueError for n < 1."""
    if n < 1:
        raise ValueError(f"a mask needs at least one position, not {n}")
    return np.tri(n, dtype=bool)


def sinusoidal_positions(n: int, d: int, base: float = 10000.0) -> Array:
    """Return positional codes of shape (n, d): sin(p ω_i) in the even columns, cos(p ω_i) in the odd ones.

    The position p counts from 0 and ω_i = base^(-2i/d) for the pair i of columns, in radians a position. Raises
    ValueError for n < 1, a d that is not even and positive, and a base that is not above 1.
    """
    if n < 1 or d < 2 or d % 2 or not base > 1:
        raise ValueError(f"positions need n >= 1, an even d >= 2 and a base above 1, not {n}, {d} and {base}")
    angles = np.arange(n)[:, None] * base ** (-np.arange(0, d, 2) / d)
    code = np.empty((n, d))
    code[:, 0::2], code[:, 1::2] = np.sin(angles), np.cos(angles)
    return code
