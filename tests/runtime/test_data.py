"""Data sets have the shapes they promise, are the same each time, and can be learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import data

CLASSIFIED: Any = [data.moons, data.blobs, data.xor, data.spirals, data.digits]


@pytest.mark.parametrize("make", CLASSIFIED)
def test_points_and_classes_fit_and_come_again(make: Any) -> None:
    x, y = make(61)
    assert len(x) == len(y) == 61
    assert np.isfinite(x).all()
    assert set(y) == set(range(y.max() + 1))
    assert np.bincount(y).max() - np.bincount(y).min() <= 1
    again, classes = make(61)
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(y, classes)
    assert not np.array_equal(x, make(61, seed=1)[0])


@pytest.mark.parametrize("make", CLASSIFIED)
def test_too_few_points_are_refused(make: Any) -> None:
    with pytest.raises(ValueError, match="n >="):
        make(0)
    with pytest.raises(ValueError, match="noise"):
        make(20, **({"wobble": -1} if make is data.digits else {"noise": -1}))


def test_a_line_without_noise_is_straight() -> None:
    x, y = data.line(5, slope=3, intercept=-1, noise=0)
    np.testing.assert_allclose(y, 3 * x - 1)


def test_a_fit_finds_the_polynomial_again() -> None:
    x, y = data.polynomial(400, (0.5, 0.0, -2.0), noise=0.1)
    np.testing.assert_allclose(np.polynomial.polynomial.polyfit(x, y, 2), (0.5, 0.0, -2.0), atol=0.05)


def test_no_straight_line_parts_xor_but_a_product_does() -> None:
    x, y = data.xor(400)
    for angle in np.linspace(0, np.pi, 60):
        side = x @ (np.cos(angle), np.sin(angle)) > 0
        assert 0.4 < np.mean(side == y) < 0.6
    assert np.mean((x.prod(axis=1) < 0) == y) > 0.99


def test_spirals_wind_about_the_centre() -> None:
    x, y = data.spirals(300, noise=0)
    assert np.linalg.norm(x, axis=1).max() == pytest.approx(1.0)
    turn = np.unwrap(np.arctan2(*x[y == 0].T[::-1]))
    assert turn[-1] - turn[0] == pytest.approx(1.5 * np.pi * 0.95, rel=1e-6)


def test_digits_are_ink_on_paper_and_can_be_told_apart() -> None:
    x, y = data.digits(400)
    assert x.shape == (400, 12, 12)
    assert x.min() == 0.0
    assert x.max() == 1.0
    flat = x.reshape(400, -1)
    means = np.stack([flat[:200][y[:200] == digit].mean(axis=0) for digit in range(10)])
    nearest = np.linalg.norm(flat[200:, None] - means, axis=-1).argmin(axis=1)
    assert np.mean(nearest == y[200:]) > 0.9


def test_digits_without_wobble_are_all_alike() -> None:
    x, _ = data.digits(20, wobble=0)
    np.testing.assert_array_equal(x[:10], x[10:])


def test_a_digit_needs_some_pixels() -> None:
    with pytest.raises(ValueError, match="pixels"):
        data.digits(10, size=4)
