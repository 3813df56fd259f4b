"""Updates against torch.optim, and against what their definitions say of simple cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

Step = Callable[..., tuple[Any, methods.OptimizerState]]
POINT = rng().normal(size=(3, 2))
CASES: list[tuple[str, dict[str, Any]]] = [
    ("sgd_step", {}),
    ("sgd_step", {"weight_decay": 0.3}),
    ("sgd_step", {"momentum": 0.9}),
    ("sgd_step", {"momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("adagrad_step", {}),
    ("adagrad_step", {"epsilon": 1e-3, "weight_decay": 0.2}),
    ("rmsprop_step", {}),
    ("rmsprop_step", {"decay": 0.5, "weight_decay": 0.2}),
    ("adam_step", {}),
    ("adam_step", {"decays": (0.5, 0.7), "epsilon": 1e-4, "weight_decay": 0.2}),
    ("adamw_step", {}),
    ("adamw_step", {"weight_decay": 0.5}),
]
NAMES = sorted({name for name, _ in CASES})


def gradients(count: int) -> list[np.ndarray[Any, Any]]:
    return list(rng(1).normal(size=(count, 3, 2)))


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_many_updates_go_where_torch_goes(name: str, settings: dict[str, Any]) -> None:
    ours: Step = getattr(methods, name)
    theirs: Step = getattr(with_torch, name)
    x, state = POINT, methods.optimizer_start(POINT)
    y, memory = with_torch.tensor(POINT), state
    for gradient in gradients(20):
        x, state = ours(x, gradient, state, 0.05, **settings)
        y, memory = theirs(y, gradient, memory, 0.05, **settings)
        np.testing.assert_allclose(x, y.cpu(), rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(state.second, memory.second, rtol=1e-13)
        assert state.step == memory.step


@pytest.mark.parametrize("name", NAMES)
def test_one_optimizer_continues_the_state_of_the_other(name: str) -> None:
    settings = {"momentum": 0.9} if name == "sgd_step" else {}
    state = methods.optimizer_start(POINT)
    _, state = getattr(methods, name)(POINT, gradients(2)[0], state, 0.1, **settings)
    ours, _ = getattr(methods, name)(POINT, gradients(2)[1], state, 0.1, **settings)
    theirs, _ = getattr(with_torch, name)(POINT, gradients(2)[1], state, 0.1, **settings)
    np.testing.assert_allclose(ours, theirs.cpu(), rtol=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_given_is_changed(name: str) -> None:
    point, gradient, state = POINT.copy(), gradients(1)[0], methods.optimizer_start(POINT)
    getattr(methods, name)(point, gradient, state, 0.1)
    np.testing.assert_array_equal(point, POINT)
    np.testing.assert_array_equal(gradient, gradients(1)[0])
    assert state.step == 0 and not state.first.any() and not state.second.any()


def test_the_first_step_of_adam_has_the_length_of_the_rate() -> None:
    point, _ = methods.adam_step([0.0, 0.0], [1000.0, -0.001], methods.optimizer_start([0.0, 0.0]), 0.1)
    np.testing.assert_allclose(point, [-0.1, 0.1], rtol=1e-4)


def test_adagrad_slows_down_like_the_root_of_time() -> None:
    point, state, moves = np.zeros(1), methods.optimizer_start([0.0]), []
    for _ in range(50):
        ahead, state = methods.adagrad_step(point, [3.0], state, 1.0)
        moves.append(float((point - ahead)[0]))
        point = ahead
    np.testing.assert_allclose(moves, 1 / np.sqrt(np.arange(1, 51)), rtol=1e-9)


def test_adamw_shrinks_every_parameter_by_the_same_factor_whatever_its_gradient() -> None:
    point, gradient = np.array([1.0, 1.0]), np.array([100.0, 0.01])
    with_decay, _ = methods.adamw_step(point, gradient, methods.optimizer_start(point), 0.1, weight_decay=0.5)
    without, _ = methods.adamw_step(point, gradient, methods.optimizer_start(point), 0.1, weight_decay=0.0)
    np.testing.assert_allclose(without - with_decay, 0.05, rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", [{"rate": 0.0}, {"rate": np.nan}, {"weight_decay": -1.0}])
def test_settings_out_of_range_are_refused(name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="an update needs"):
        getattr(methods, name)(POINT, POINT, methods.optimizer_start(POINT), **{"rate": 0.1, **wrong})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("adagrad_step", {"epsilon": 0.0}),
        ("rmsprop_step", {"decay": 1.0}),
        ("adam_step", {"decays": (0.9, 1.0)}),
        ("adamw_step", {"decays": (-0.1, 0.9)}),
        ("sgd_step", {"momentum": 1.0}),
        ("sgd_step", {"nesterov": True}),
    ],
)
def test_settings_of_one_method_out_of_range_are_refused(name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        getattr(methods, name)(POINT, POINT, methods.optimizer_start(POINT), 0.1, **wrong)


@pytest.mark.parametrize("name", NAMES)
def test_shapes_that_differ_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="one shape"):
        getattr(methods, name)(POINT, POINT[0], methods.optimizer_start(POINT), 0.1)
    with pytest.raises(ValueError, match="one shape"):
        getattr(methods, name)(POINT, POINT, methods.optimizer_start(POINT[0]), 0.1)
