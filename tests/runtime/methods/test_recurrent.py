"""Recurrent cells against PyTorch and against differences."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import with_torch

STEPS, INPUTS, UNITS = 9, 3, 4
X, H0, C0 = rng(1).normal(size=(STEPS, INPUTS)), rng(2).normal(size=UNITS), rng(3).normal(size=UNITS)
SLOPES = rng(4).normal(size=(STEPS, UNITS))


def weights(blocks: int) -> tuple[Any, Any, Any]:
    generator = rng(5)
    rows = blocks * UNITS
    return generator.normal(size=(rows, INPUTS)), generator.normal(size=(rows, UNITS)), generator.normal(size=rows)


@pytest.mark.parametrize("initial", [None, H0])
def test_rnn_agrees_with_torch(initial: Any) -> None:
    ours, theirs = (m.rnn(X, *weights(1), initial) for m in (methods, with_torch))
    assert ours.shape == (STEPS, UNITS)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-14)


def test_rnn_of_one_unit_is_its_formula() -> None:
    states = methods.rnn([[1.0], [0.0]], [[0.5]], [[0.6]], [0.1], [0.2])
    first = np.tanh(0.5 + 0.6 * 0.2 + 0.1)
    np.testing.assert_allclose(states[:, 0], [first, np.tanh(0.6 * first + 0.1)], atol=1e-16)


@pytest.mark.parametrize("initial", [None, H0])
def test_backward_through_time_agrees_with_torch(initial: Any) -> None:
    w, u, b = weights(1)
    ours = methods.rnn_backward(X, w, u, b, SLOPES, initial)
    theirs = with_torch.rnn_backward(X, w, u, b, SLOPES, initial)
    for field in fields(ours):
        np.testing.assert_allclose(getattr(ours, field.name), getattr(theirs, field.name), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("place", range(5), ids=["x", "input_weights", "recurrent_weights", "bias", "initial"])
def test_backward_through_time_agrees_with_differences(place: int) -> None:
    arguments = [X, *weights(1), H0]

    def loss(value: Any) -> float:
        changed = [*arguments[:place], value, *arguments[place + 1 :]]
        return float((methods.rnn(*changed) * SLOPES).sum())

    ours = methods.rnn_backward(X, *weights(1), SLOPES, H0)
    gradient = getattr(ours, fields(ours)[place].name)
    np.testing.assert_allclose(gradient, methods.central_gradient(loss, arguments[place]), rtol=1e-6, atol=1e-8)


def test_a_loss_at_the_last_step_alone_reaches_the_first_input() -> None:
    last = np.zeros_like(SLOPES)
    last[-1] = 1.0
    assert np.abs(methods.rnn_backward(X, *weights(1), last).x[0]).max() > 0


@pytest.mark.parametrize(("initial", "cell"), [(None, None), (H0, C0)])
def test_lstm_agrees_with_torch(initial: Any, cell: Any) -> None:
    ours, theirs = (m.lstm(X, *weights(4), initial, cell) for m in (methods, with_torch))
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other.numpy(), atol=1e-14)


def test_an_lstm_with_an_open_forget_gate_and_a_closed_input_gate_keeps_its_cell() -> None:
    bias = np.concatenate([np.full(UNITS, -1000.0), np.full(UNITS, 1000.0), np.zeros(2 * UNITS)])
    _, cells = methods.lstm(X, np.zeros((4 * UNITS, INPUTS)), np.zeros((4 * UNITS, UNITS)), bias, H0, C0)
    np.testing.assert_array_equal(cells, np.tile(C0, (STEPS, 1)))


@pytest.mark.parametrize("initial", [None, H0])
def test_gru_agrees_with_torch(initial: Any) -> None:
    second = rng(6).normal(size=3 * UNITS)
    ours, theirs = (m.gru(X, *weights(3), second, initial) for m in (methods, with_torch))
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-14)


def test_a_gru_resets_after_the_matrix() -> None:
    second = rng(6).normal(size=3 * UNITS)
    w, u, b = weights(3)
    closed = np.concatenate([np.full(UNITS, -1000.0), np.full(UNITS, -1000.0), b[2 * UNITS :]])
    expected = np.tanh(X @ w[2 * UNITS :].T + b[2 * UNITS :])  # no trace of the state, nor of the second bias
    np.testing.assert_allclose(methods.gru(X, w, u, closed, second, H0), expected, atol=1e-14)


@pytest.mark.parametrize(
    ("x", "change"),
    [
        (X[0], {}),
        (X[:0], {}),
        (X[:, :2], {}),
        (X, {"input_weights": np.zeros((UNITS + 1, INPUTS))}),
        (X, {"recurrent_weights": np.zeros((UNITS, UNITS + 1))}),
        (X, {"recurrent_weights": np.zeros(UNITS)}),
        (X, {"bias": np.zeros(UNITS + 1)}),
        (X, {"initial": np.zeros(UNITS + 1)}),
    ],
)
def test_shapes_that_do_not_fit_are_refused(x: Any, change: dict[str, Any]) -> None:
    w, u, b = weights(1)
    arguments = {"input_weights": w, "recurrent_weights": u, "bias": b, **change}
    with pytest.raises(ValueError, match=r"shape|fit"):
        methods.rnn(x, **arguments)
    with pytest.raises(ValueError, match=r"shape|fit"):
        methods.rnn_backward(x, state_gradients=SLOPES, **arguments)


def test_gradients_gates_and_biases_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="gradients"):
        methods.rnn_backward(X, *weights(1), SLOPES[1:])
    with pytest.raises(ValueError, match="fit"):
        methods.lstm(X, *weights(3))
    with pytest.raises(ValueError, match="shape"):
        methods.lstm(X, *weights(4), H0, C0[1:])
    with pytest.raises(ValueError, match="biases"):
        methods.gru(X, *weights(3), np.zeros(UNITS))
