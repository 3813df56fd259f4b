"""Attention against PyTorch and against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

Q, K, V = rng(1).normal(size=(5, 4)), rng(2).normal(size=(7, 4)), rng(3).normal(size=(7, 3))
MASK = rng(4).random((5, 7)) < 0.6
D, HEADS, N = 8, 2, 6
X = rng(5).normal(size=(N, D))
WEIGHTS = (
    rng(6).normal(size=(3 * D, D)),
    rng(7).normal(size=3 * D),
    rng(8).normal(size=(D, D)),
    rng(9).normal(size=D),
)


@pytest.mark.parametrize("mask", [None, MASK])
def test_attention_agrees_with_torch(mask: Any) -> None:
    np.testing.assert_allclose(
        methods.attention(Q, K, V, mask), with_torch.attention(Q, K, V, mask).numpy(), atol=1e-14
    )
    np.testing.assert_allclose(
        methods.attention_weights(Q, K, mask), with_torch.attention_weights(Q, K, mask).numpy(), atol=1e-14
    )


def test_leading_dimensions_go_through() -> None:
    q, k, v = (np.stack([a, 2 * a]) for a in (Q, K, V))
    both = methods.attention(q, k, v)
    np.testing.assert_allclose(both[1], methods.attention(2 * Q, 2 * K, 2 * V), atol=1e-15)
    np.testing.assert_allclose(both, with_torch.attention(q, k, v).numpy(), atol=1e-14)


def test_what_is_masked_has_no_weight_and_does_not_matter() -> None:
    weights = methods.attention_weights(Q, K, MASK)
    assert (weights[~MASK] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-15)
    column = np.ones((5, 7), dtype=bool)
    column[:, 3] = False
    changed = K.copy()
    changed[3] = 1e6
    np.testing.assert_array_equal(methods.attention(Q, changed, V, column), methods.attention(Q, K, V, column))


def test_the_order_of_the_keys_does_not_matter() -> None:
    order = rng(10).permutation(7)
    np.testing.assert_allclose(methods.attention(Q, K[order], V[order]), methods.attention(Q, K, V), atol=1e-14)


def test_the_slope_by_a_score_is_its_weight_times_the_distance_from_the_mean() -> None:
    slopes = methods.central_jacobian(lambda k: methods.attention(Q[:1], k, V[:, :1])[0, 0], K)
    weights, answer = methods.attention_weights(Q[:1], K)[0], methods.attention(Q[:1], K, V[:, :1])[0, 0]
    expected = (weights * (V[:, 0] - answer))[:, None] * Q[0] / np.sqrt(4)
    np.testing.assert_allclose(slopes, expected, atol=1e-9)


@pytest.mark.parametrize("mask", [None, methods.causal_mask(N)])
def test_several_heads_agree_with_torch(mask: Any) -> None:
    ours, theirs = (m.multi_head_attention(X, *WEIGHTS, HEADS, mask) for m in (methods, with_torch))
    assert ours.shape == (N, D)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12)


def test_with_a_causal_mask_the_future_does_not_matter() -> None:
    changed = X.copy()
    changed[4:] = 0.0
    mask = methods.causal_mask(N)
    np.testing.assert_array_equal(mask, with_torch.causal_mask(N).numpy())
    before, after = (methods.multi_head_attention(x, *WEIGHTS, HEADS, mask) for x in (X, changed))
    np.testing.assert_allclose(before[:4], after[:4], atol=1e-13)
    assert np.abs(before[4:] - after[4:]).max() > 0.1


def test_positions_agree_with_torch_and_depend_on_the_offset_alone_when_multiplied() -> None:
    code = methods.sinusoidal_positions(50, 16)
    np.testing.assert_allclose(code, with_torch.sinusoidal_positions(50, 16).numpy(), atol=1e-13)
    np.testing.assert_array_equal(code[0], np.tile([0.0, 1.0], 8))
    products = code @ code.T
    for offset in range(50):
        along = np.diagonal(products, offset)
        np.testing.assert_allclose(along, along[0], atol=1e-12)


@pytest.mark.parametrize(
    ("queries", "keys", "values", "mask", "complaint"),
    [
        (Q[0], K, V, None, "queries"),
        (Q[:, :3], K, V, None, "queries"),
        (Q, K[:0], V[:0], None, "queries"),
        (Q, K, V[1:], None, "values"),
        (Q, K, V[:, 0], None, "values"),
        (Q, K, V, MASK.astype(float), "booleans"),
        (Q, K, V, np.zeros((5, 7), dtype=bool), "nothing to look at"),
        (Q, K, V, MASK[:, 1:], r"broadcast|remapped"),
    ],
)
def test_what_does_not_fit_is_refused(queries: Any, keys: Any, values: Any, mask: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        methods.attention(queries, keys, values, mask)


def test_heads_masks_and_positions_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="heads"):
        methods.multi_head_attention(X, *WEIGHTS, 3)
    with pytest.raises(ValueError, match="fit"):
        methods.multi_head_attention(X[:, :4], *WEIGHTS, 2)
    with pytest.raises(ValueError, match="one position a row"):
        methods.multi_head_attention(X[0], *WEIGHTS, 2)
    with pytest.raises(ValueError, match="at least one"):
        methods.causal_mask(0)
    for n, d, base in ((0, 4, 10.0), (3, 5, 10.0), (3, 0, 10.0), (3, 4, 1.0)):
        with pytest.raises(ValueError, match="positions"):
            methods.sinusoidal_positions(n, d, base)
