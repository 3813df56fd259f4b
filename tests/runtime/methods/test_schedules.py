"""Schedules against torch.optim.lr_scheduler and at the points that define them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime import methods
from runtime.methods import with_torch

STEPS = np.arange(40)
CASES: list[tuple[str, dict[str, Any]]] = [
    ("step_decay", {"every": 7}),
    ("step_decay", {"every": 1, "factor": 0.5}),
    ("exponential_decay", {"factor": 0.9}),
    ("cosine_decay", {"length": 30}),
    ("cosine_decay", {"length": 60, "lowest": 0.01}),
    ("linear_warmup", {"length": 10}),
    ("linear_warmup", {"length": 50, "start": 0.01}),
]


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_rates_are_those_of_torch(name: str, settings: dict[str, Any]) -> None:
    ours = getattr(methods, name)(STEPS, 0.2, **settings)
    theirs = getattr(with_torch, name)(STEPS, 0.2, **settings)
    np.testing.assert_allclose(ours, theirs.cpu(), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_one_step_alone_gives_one_number_in_the_shape_given(name: str, settings: dict[str, Any]) -> None:
    schedule = getattr(methods, name)
    assert schedule(9, 0.2, **settings).shape == ()
    assert schedule([[9, 10]], 0.2, **settings).shape == (1, 2)
    assert schedule(9, 0.2, **settings) == schedule(STEPS, 0.2, **settings)[9]


def test_the_cosine_passes_half_way_in_the_middle_and_stays_low_afterwards() -> None:
    rates = methods.cosine_decay([0, 50, 100, 150], 1.0, length=100, lowest=0.2)
    np.testing.assert_allclose(rates, [1.0, 0.6, 0.2, 0.2], atol=1e-12)


def test_the_warm_up_stays_at_the_rate_afterwards() -> None:
    np.testing.assert_allclose(methods.linear_warmup([0, 5, 10, 99], 1.0, length=10, start=0.5), [0.5, 0.75, 1, 1])


@pytest.mark.parametrize(("name", "settings"), CASES)
@pytest.mark.parametrize("steps", [-1, [0, -2], 0.5, np.nan])
def test_steps_that_are_not_counted_are_refused(name: str, settings: dict[str, Any], steps: Any) -> None:
    with pytest.raises(ValueError, match="whole"):
        getattr(methods, name)(steps, 0.2, **settings)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("step_decay", {"rate": 0.0, "every": 3}),
        ("step_decay", {"rate": 0.1, "every": 0}),
        ("step_decay", {"rate": 0.1, "every": 3, "factor": 0.0}),
        ("exponential_decay", {"rate": 0.1, "factor": 1.5}),
        ("cosine_decay", {"rate": 0.1, "length": 0}),
        ("cosine_decay", {"rate": 0.1, "length": 5, "lowest": 0.2}),
        ("linear_warmup", {"rate": 0.1, "length": 5, "start": 0.0}),
    ],
)
def test_settings_out_of_range_are_refused(name: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="rate"):
        getattr(methods, name)(3, **settings)
