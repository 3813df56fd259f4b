"""First weights: their spread against torch.nn.init, and what they keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

SHAPES = [(300, 400), (64, 32, 5, 5)]
CASES = [
    ("xavier_uniform", {}),
    ("xavier_uniform", {"gain": 5 / 3}),
    ("xavier_normal", {}),
    ("he_uniform", {}),
    ("he_uniform", {"slope": 0.2, "fan": "out"}),
    ("he_normal", {}),
    ("he_normal", {"fan": "out"}),
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("name", "settings"), CASES)
def test_the_spread_is_that_of_torch(name: str, settings: dict[str, Any], shape: tuple[int, ...]) -> None:
    ours = getattr(methods, name)(shape, rng(), **settings)
    theirs = getattr(with_torch, name)(shape, 0, **settings).numpy()
    assert ours.shape == theirs.shape == shape
    assert ours.var() == pytest.approx(theirs.var(), rel=0.03)
    assert abs(ours.mean()) < 0.02 * ours.std()
    # the tails tell a normal distribution from an even one
    assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.002 if "uniform" in name else 0.2)


def test_variances_are_those_of_the_papers() -> None:
    assert methods.xavier_normal((300, 500), rng()).var() == pytest.approx(2 / 800, rel=0.02)
    assert methods.he_normal((300, 500), rng()).var() == pytest.approx(2 / 500, rel=0.02)
    assert methods.he_normal((300, 500), rng(), fan="out").var() == pytest.approx(2 / 300, rel=0.02)


def test_he_keeps_the_strength_of_a_signal_through_relu_layers() -> None:
    generator = rng(3)
    x = generator.normal(size=(200, 500))
    for _ in range(10):
        x = methods.relu(x @ methods.he_normal((500, 500), generator).T)
    assert 0.5 < np.mean(x**2) < 2


@pytest.mark.parametrize("shape", [(3,), (), (0, 4), (3, 0)])
@pytest.mark.parametrize("name", ["xavier_uniform", "xavier_normal", "he_uniform", "he_normal"])
def test_shapes_without_fans_are_refused(name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        getattr(methods, name)(shape, rng())


def test_an_unknown_fan_is_refused() -> None:
    with pytest.raises(ValueError, match="fan"):
        methods.he_normal((3, 4), rng(), fan="both")  # type: ignore[arg-type]
