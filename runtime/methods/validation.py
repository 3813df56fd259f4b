"""Which examples to learn from, to choose with and to judge by: positions drawn once from a seed.

The same arguments give the same positions on every machine. Nothing here looks at the examples, so order, groups and
class frequencies are the caller's to keep in mind.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.intp]


class Split(NamedTuple):
    """Positions of the examples in three parts that share none and together hold all."""

    train: Positions
    validation: Positions
    test: Positions


class Fold(NamedTuple):
    """Positions to train on and positions held out, which share none and together hold all."""

    train: Positions
    held_out: Positions


def split_examples(n: int, validation: float = 0.2, test: float = 0.2, seed: int = 0) -> Split:
    """Return the positions 0 to n - 1, shuffled and divided into training, validation and test.

    `validation` and `test` are shares of n, rounded to whole examples (a half goes to the even number), the rest is
    for training. Raises ValueError for shares outside [0, 1), and when nothing is left to train on or a share above
    zero is rounded to no example at all.
    """
    for name, share in (("validation", validation), ("test", test)):
        if not 0.0 <= share < 1.0:
            raise ValueError(f"the share for {name} must be in [0, 1), not {share}")
    judged, chosen = round(n * test), round(n * validation)
    if n < 1 or judged + chosen >= n or (test > 0 and judged == 0) or (validation > 0 and chosen == 0):
        raise ValueError(f"{n} examples cannot be divided with {validation} for validation and {test} for test")
    order = _shuffled(n, seed)
    return Split(order[judged + chosen :], order[judged : judged + chosen], order[:judged])


def k_fold(n: int, k: int = 5, seed: int = 0) -> tuple[Fold, ...]:
    """Return k ways to divide the positions 0 to n - 1: each position is held out in exactly one of them.

    The parts held out differ in size by at most one, the larger ones first. k = n leaves out one example at a time.
    Raises ValueError unless 2 ≤ k ≤ n. Source: Stone, "Cross-Validatory Choice and Assessment of Statistical
    Predictions" (1974).
    """
    if not 2 <= k <= n:
        raise ValueError(f"{n} examples make between 2 and {n} folds, not {k}")
    parts = np.array_split(_shuffled(n, seed), k)
    return tuple(
        Fold(np.concatenate([part for j, part in enumerate(parts) if j != i]), held_out)
        for i, held_out in enumerate(parts)
    )


def _shuffled(n: int, seed: int) -> Positions:
    return np.random.default_rng(seed).permutation(n).astype(np.intp)
