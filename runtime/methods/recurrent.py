"""Recurrent cells run over one sequence: plain RNN, LSTM and GRU, and backpropagation through time for the first.

Shapes: a sequence `x` is (steps, inputs), a state (units,). The weights of a gated cell stand one block of rows below
the other in PyTorch's order: input gate, forget gate, candidate, output gate for the LSTM; reset gate, update gate,
candidate for the GRU. PyTorch keeps two biases in all cells; plain RNN and LSTM need only their sum.

J. L. Elman, "Finding structure in time", Cognitive Science 14 (1990); P. J. Werbos, "Backpropagation through time",
Proceedings of the IEEE 78 (1990); S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9
(1997), with the forget gate of F. A. Gers et al. (2000); K. Cho et al., "Learning phrase representations using RNN
encoder-decoder" (2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from runtime.methods.activations import sigmoid

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RecurrentGradients:
    """Derivatives of a loss by what goes into `rnn`, in the shapes of the arguments."""

    x: Array
    input_weights: Array
    recurrent_weights: Array
    bias: Array
    initial: Array


def rnn(
    x: npt.ArrayLike,
    input_weights: npt.ArrayLike,
    recurrent_weights: npt.ArrayLike,
    bias: npt.ArrayLike,
    initial: npt.ArrayLike | None = None,
) -> Array:
    """Return the states h_t = tanh(W x_t + U h_(t-1) + b) of all steps, of shape (steps, units).

    W is `input_weights` (units, inputs), U `recurrent_weights` (units, units), h_0 `initial`, zero when not given.
    Raises ValueError for shapes that do not fit and for a sequence without steps.
    """
    sequence, w, u, b, state = _checked(1, x, input_weights, recurrent_weights, bias, initial)
    states = np.empty((len(sequence), len(state)))
    for t, entered in enumerate(sequence):
        state = np.tanh(w @ entered + u @ state + b)
        states[t] = state
    return states


def rnn_backward(
    x: npt.ArrayLike,
    input_weights: npt.ArrayLike,
    recurrent_weights: npt.ArrayLike,
    bias: npt.ArrayLike,
    state_gradients: npt.ArrayLike,
    initial: npt.ArrayLike | None = None,
) -> RecurrentGradients:
    """Return the derivatives of a loss through all steps of `rnn`.

    `state_gradients`, of shape (steps, units), holds the derivative of the loss by each state as far as the loss sees
    that state itself; what it sees through later states is worked out here. Raises ValueError as `rnn` does, and
    when `state_gradients` has another shape than the states.
    """
    sequence, w, u, b, start = _checked(1, x, input_weights, recurrent_weights, bias, initial)
    states = rnn(sequence, w, u, b, start)
    direct = np.asarray(state_gradients, dtype=np.float64)
    if direct.shape != states.shape:
        raise ValueError(f"the states have the shape {states.shape}, their gradients {direct.shape}")
    deltas = np.empty_like(states)
    flowing = np.zeros_like(start)  # from the later steps
    for t in range(len(states) - 1, -1, -1):
        deltas[t] = (1.0 - states[t] ** 2) * (direct[t] + flowing)
        flowing = u.T @ deltas[t]
    before = np.vstack([start, states[:-1]])
    return RecurrentGradients(deltas @ w, deltas.T @ sequence, deltas.T @ before, deltas.sum(axis=0), flowing)


def lstm(
    x: npt.ArrayLike,
    input_weights: npt.ArrayLike,
    recurrent_weights: npt.ArrayLike,
    bias: npt.ArrayLike,
    initial: npt.ArrayLike | None = None,
    initial_cell: npt.ArrayLike | None = None,
) -> tuple[Array, Array]:
    """Return the states h and the cells c of all steps, each of shape (steps, units).

    With gates i, f, o = σ(...) and candidate g = tanh(...): c_t = f c_(t-1) + i g and h_t = o tanh(c_t). The weights
    are (4 units, inputs) and (4 units, units), rows in the order i, f, g, o. Raises ValueError as `rnn` does.
    """
    sequence, w, u, b, state = _checked(4, x, input_weights, recurrent_weights, bias, initial)
    cell = _state(initial_cell, len(state))
    states, cells = np.empty((len(sequence), len(state))), np.empty((len(sequence), len(state)))
    for t, entered in enumerate(sequence):
        write, keep, candidate, show = np.split(w @ entered + u @ state + b, 4)
        cell = sigmoid(keep) * cell + sigmoid(write) * np.tanh(candidate)
        state = sigmoid(show) * np.tanh(cell)
        states[t], cells[t] = state, cell
    return states, cells


def gru(
    x: npt.ArrayLike,
    input_weights: npt.ArrayLike,
    recurrent_weights: npt.ArrayLike,
    bias: npt.ArrayLike,
    recurrent_bias: npt.ArrayLike,
    initial: npt.ArrayLike | None = None,
) -> Array:
    """Return the states of all steps, of shape (steps, units), in PyTorch's variant of the cell.

    h_t = z h_(t-1) + (1 - z) n with n = tanh(W x_t + b + r (U h_(t-1) + b')): the reset gate r acts after the matrix,
    where the paper applies it to the state, and an update gate z of one keeps the old state. The weights are
    (3 units, inputs) and (3 units, units), rows in the order r, z, n; both biases (3 units,) are needed, because r
    multiplies the second one. Raises ValueError as `rnn` does.
    """
    sequence, w, u, b, state = _checked(3, x, input_weights, recurrent_weights, bias, initial)
    second = np.asarray(recurrent_bias, dtype=np.float64)
    if second.shape != b.shape:
        raise ValueError(f"the biases of a GRU have one shape, not {b.shape} and {second.shape}")
    states = np.empty((len(sequence), len(state)))
    for t, entered in enumerate(sequence):
        reset, update, candidate = np.split(w @ entered + b, 3)
        of_reset, of_update, of_candidate = np.split(u @ state + second, 3)
        keep = sigmoid(update + of_update)
        new = np.tanh(candidate + sigmoid(reset + of_reset) * of_candidate)
        state = keep * state + (1.0 - keep) * new
        states[t] = state
    return states


def _checked(
    blocks: int,
    x: npt.ArrayLike,
    input_weights: npt.ArrayLike,
    recurrent_weights: npt.ArrayLike,
    bias: npt.ArrayLike,
    initial: npt.ArrayLike | None,
) -> tuple[Array, Array, Array, Array, Array]:
    """Return sequence, weights, bias and first state as arrays; `blocks` blocks of rows a weight matrix."""
    sequence = np.asarray(x, dtype=np.float64)
    w, u, b = (np.asarray(value, dtype=np.float64) for value in (input_weights, recurrent_weights, bias))
    if sequence.ndim != 2 or len(sequence) == 0:
        raise ValueError(f"x has the shape {sequence.shape}; give (steps, inputs), at least one step")
    units = u.shape[-1] if u.ndim == 2 else 0
    rows = blocks * units
    if units == 0 or u.shape != (rows, units) or w.shape != (rows, sequence.shape[1]) or b.shape != (rows,):
        raise ValueError(
            f"the weights {w.shape} and {u.shape} and the bias {b.shape} do not fit: with {sequence.shape[1]} inputs "
            f"and h units they are ({blocks}h, {sequence.shape[1]}), ({blocks}h, h) and ({blocks}h,)"
        )
    return sequence, w, u, b, _state(initial, units)


def _state(initial: npt.ArrayLike | None, units: int) -> Array:
    state = np.zeros(units) if initial is None else np.asarray(initial, dtype=np.float64)
    if state.shape != (units,):
        raise ValueError(f"a first state has the shape ({units},), not {state.shape}")
    return state
