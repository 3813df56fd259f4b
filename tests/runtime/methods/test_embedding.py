"""Lookups, cosines and tables of counts against PyTorch, differences and one-hot products."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

TABLE = rng().normal(size=(5, 3))
IDS = np.array([[4, 1], [4, 0]])
COUNTS = rng(1).integers(0, 9, size=(4, 6)).astype(float)


def test_a_lookup_is_a_product_with_one_hot_rows() -> None:
    np.testing.assert_array_equal(methods.embedding(TABLE, IDS), np.eye(5)[IDS] @ TABLE)
    np.testing.assert_array_equal(methods.embedding(TABLE, IDS), with_torch.embedding(TABLE, IDS).numpy())


def test_the_gradient_of_the_table_adds_up_repeated_words() -> None:
    upstream = rng(2).normal(size=(2, 2, 3))
    gradient = methods.embedding_backward(upstream, IDS, 5)
    np.testing.assert_allclose(gradient, with_torch.embedding_backward(upstream, IDS, 5).numpy(), rtol=1e-14)
    slopes = methods.central_gradient(lambda table: float((methods.embedding(table, IDS) * upstream).sum()), TABLE)
    np.testing.assert_allclose(gradient, slopes, atol=1e-9)
    np.testing.assert_array_equal(gradient[[2, 3]], 0.0)
    np.testing.assert_allclose(gradient[4], upstream[0, 0] + upstream[1, 0], rtol=1e-14)


def test_the_cosine_agrees_with_torch_and_forgets_lengths() -> None:
    a, b = rng(3).normal(size=(2, 7, 4))
    cosines = methods.cosine_similarity(a, b)
    np.testing.assert_allclose(cosines, with_torch.cosine_similarity(a, b).numpy(), rtol=1e-12)
    np.testing.assert_allclose(cosines, methods.cosine_similarity(3 * a, 0.1 * b), rtol=1e-12)
    np.testing.assert_allclose(methods.cosine_similarity([[1, 0], [1, 1]], [[0, 2], [-1, -1]]), [0, -1], atol=1e-15)


@pytest.mark.parametrize("shift", [0.0, np.log(5)])
def test_ppmi_agrees_with_torch_and_with_the_definition(shift: float) -> None:
    table = methods.ppmi(COUNTS, shift)
    np.testing.assert_allclose(table, with_torch.ppmi(COUNTS, shift).numpy(), atol=1e-12)
    p = COUNTS / COUNTS.sum()
    for (i, j), share in np.ndenumerate(p):
        information = np.log(share / (p[i].sum() * p[:, j].sum())) if share else -np.inf
        assert table[i, j] == pytest.approx(max(information - shift, 0), abs=1e-12)


def test_independent_words_have_no_mutual_information() -> None:
    counts = np.outer([1.0, 2.0, 5.0], [3.0, 4.0])
    np.testing.assert_allclose(methods.ppmi(counts), 0.0, atol=1e-14)


def test_a_word_without_company_gets_zeros() -> None:
    np.testing.assert_array_equal(methods.ppmi([[0, 0], [1, 3]])[0], 0.0)


def test_the_weight_of_glove_grows_to_one_and_vanishes_at_zero() -> None:
    x = np.array([0.0, 1, 10, 50, 100, 1000])
    weights = methods.glove_weight(x)
    np.testing.assert_allclose(weights, with_torch.glove_weight(x).numpy(), rtol=1e-14)
    np.testing.assert_allclose(weights, [0, 0.0316228, 0.1778279, 0.5946036, 1, 1], rtol=1e-6)


@pytest.mark.parametrize("ids", [[5], [-1], [0.0], ["a"]])
def test_ids_outside_the_vocabulary_are_refused(ids: Any) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        methods.embedding(TABLE, ids)


@pytest.mark.parametrize(
    "call",
    [
        lambda: methods.embedding(TABLE[0], [0]),
        lambda: methods.embedding_backward(np.zeros((2, 3)), [0, 1, 1], 5),
        lambda: methods.embedding_backward(np.zeros(2), [0, 1], 5),
        lambda: methods.cosine_similarity([1, 2], [1, 2, 3]),
        lambda: methods.cosine_similarity([0, 0], [1, 2]),
        lambda: methods.ppmi([1, 2]),
        lambda: methods.ppmi([[0, 0]]),
        lambda: methods.ppmi([[1, -1]]),
        lambda: methods.ppmi([[1, np.nan]]),
        lambda: methods.ppmi([[1, 2]], shift=-1),
        lambda: methods.glove_weight([-1]),
        lambda: methods.glove_weight([1], x_max=0),
    ],
)
def test_what_does_not_fit_is_refused(call: Any) -> None:
    with pytest.raises(ValueError):
        call()
