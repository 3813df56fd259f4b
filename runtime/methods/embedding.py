"""Vectors for words: looking them up, comparing them, and the tables they are learned from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def embedding(table: npt.ArrayLike, ids: npt.ArrayLike) -> Array:
    """Return the rows of `table` (V, d) that the whole numbers `ids` name, of shape (*ids.shape, d).

    It is the product of one-hot rows with the table, without the multiplication. Raises ValueError for a table that
    is no matrix and for ids that are not whole numbers from 0 to V - 1.
    """
    rows = np.asarray(table, dtype=np.float64)
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"an embedding table has the shape (words, dimensions), not {rows.shape}")
    return rows[_ids(ids, len(rows))]


def embedding_backward(upstream: npt.ArrayLike, ids: npt.ArrayLike, words: int) -> Array:
    """Return the gradient of the table, of shape (words, d), from that of the vectors looked up, (*ids.shape, d).

    A row looked up more than once gets the sum, one never looked up gets zeros. Raises ValueError for shapes that do
    not fit each other and for ids as embedding does.
    """
    slopes, places = np.asarray(upstream, dtype=np.float64), _ids(ids, words)
    if slopes.ndim != places.ndim + 1 or slopes.shape[:-1] != places.shape:
        raise ValueError(f"ids of shape {places.shape} need a gradient (*ids, d), not {slopes.shape}")
    gradient = np.zeros((words, slopes.shape[-1]))
    np.add.at(gradient, places, slopes)
    return gradient


def cosine_similarity(a: npt.ArrayLike, b: npt.ArrayLike) -> Array:
    """Return a·b / (‖a‖ ‖b‖) along the last axis, from -1 to 1; `a` and `b` (…, d) have one shape.

    Raises ValueError for other shapes and for a vector of length zero, which has no direction.
    """
    left, right = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if left.shape != right.shape or left.ndim == 0:
        raise ValueError(f"the vectors need one shape (…, d), not {left.shape} and {right.shape}")
    sizes = [np.linalg.norm(side, axis=-1) for side in (left, right)]
    if any((size == 0).any() for size in sizes):
        raise ValueError("a vector of length zero has no direction")
    return np.asarray((left * right).sum(axis=-1) / (sizes[0] * sizes[1]))


def ppmi(counts: npt.ArrayLike, shift: float = 0.0) -> Array:
    """Return the positive pointwise mutual information max(log(p_ij / p_i p_j) - shift, 0) in nats, of shape (m, n).

    `counts` (m, n) says how often row i was seen with column j; pairs never seen get zero. A shift of log k gives the
    table that skip-gram with k negative samples factorizes. K. Church and P. Hanks, "Word Association Norms, Mutual
    Information, and Lexicography" (1990); O. Levy and Y. Goldberg, "Neural Word Embedding as Implicit Matrix
    Factorization" (2014). Raises ValueError for other shapes, for counts below zero or not finite, for none at all
    and for a shift below zero.
    """
    seen = np.asarray(counts, dtype=np.float64)
    if seen.ndim != 2:
        raise ValueError(f"counts have the shape (words, contexts), not {seen.shape}")
    if not np.isfinite(seen).all() or (seen < 0).any() or not seen.any():
        raise ValueError("counts are finite, not below zero, and not all zero")
    if shift < 0:
        raise ValueError(f"the shift is not below zero, and {shift} is")
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    information = np.log(seen, where=seen > 0, out=np.full(seen.shape, -np.inf))
    information -= np.log(by_chance, where=seen > 0, out=np.zeros(seen.shape))
    return np.maximum(information - shift, 0.0)


def glove_weight(counts: npt.ArrayLike, x_max: float = 100.0, exponent: float = 0.75) -> Array:
    """Return min(1, (x / x_max)^exponent), the weight of a count in GloVe's loss, in the shape of `counts`.

    It is zero at zero, which takes pairs never seen out of the sum. J. Pennington, R. Socher and C. Manning, "GloVe:
    Global Vectors for Word Representation" (2014). Raises ValueError for counts below zero and for an `x_max` or
    `exponent` that is not above zero.
    """
    x = np.asarray(counts, dtype=np.float64)
    if not (x >= 0).all():
        raise ValueError("counts are not below zero")
    if x_max <= 0 or exponent <= 0:
        raise ValueError(f"x_max and exponent are above zero, not {x_max} and {exponent}")
    return np.asarray(np.minimum(1.0, (x / x_max) ** exponent))


def _ids(ids: npt.ArrayLike, words: int) -> npt.NDArray[np.intp]:
    places = np.asarray(ids)
    if places.dtype.kind not in "iu" or (places.size and (places.min() < 0 or places.max() >= words)):
        raise ValueError(f"ids are whole numbers from 0 to {words - 1}")
    return places.astype(np.intp)
