"""A small multilayer perceptron: forward pass and backpropagation, written out.

D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by back-propagating errors", Nature 323
(1986).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from runtime.methods import activations

Array = npt.NDArray[np.float64]
Activation = Literal["identity", "relu", "sigmoid", "tanh"]

_FUNCTIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "identity": (lambda z: z, np.ones_like),
    "relu": (activations.relu, activations.relu_derivative),
    "sigmoid": (activations.sigmoid, activations.sigmoid_derivative),
    "tanh": (activations.tanh, activations.tanh_derivative),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """a = activation(x Wᵀ + b): `weights` (outputs, inputs) and `bias` (outputs,), as torch.nn.Linear has them."""

    weights: Array
    bias: Array
    activation: Activation = "sigmoid"


@dataclass(frozen=True, slots=True)
class Pass:
    """What a forward pass leaves for the backward one; one entry a layer, of shape (n, units of that layer)."""

    inputs: tuple[Array, ...]  # of each layer; the first is x
    sums: tuple[Array, ...]  # before the activation
    output: Array


@dataclass(frozen=True, slots=True)
class Gradients:
    """Derivatives of the loss: by each layer's weights and bias, in their shapes, and by x."""

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    x: Array


def forward(layers: Sequence[Layer], x: npt.ArrayLike) -> Pass:
    """Send `x`, n examples of shape (n, inputs), through the layers.

    Raises ValueError for shapes that do not fit and for an unknown activation.
    """
    value = np.asarray(x, dtype=np.float64)
    if value.ndim != 2:
        raise ValueError(f"x has the shape {value.shape}; give (n, inputs), one example a row")
    inputs, sums = [], []
    for number, layer in enumerate(layers):
        if layer.activation not in _FUNCTIONS:
            raise ValueError(f"the activation {layer.activation!r} is none of {', '.join(_FUNCTIONS)}")
        weights, bias = np.asarray(layer.weights, dtype=np.float64), np.asarray(layer.bias, dtype=np.float64)
        if weights.ndim != 2 or weights.shape[1] != value.shape[1] or bias.shape != weights.shape[:1]:
            raise ValueError(
                f"layer {number} has weights {weights.shape} and bias {bias.shape}, its input is {value.shape}"
            )
        inputs.append(value)
        sums.append(value @ weights.T + bias)
        value = _FUNCTIONS[layer.activation][0](sums[-1])
    return Pass(tuple(inputs), tuple(sums), value)


def backward(layers: Sequence[Layer], passed: Pass, output_gradient: npt.ArrayLike) -> Gradients:
    """Return the derivatives of a loss whose derivative by the output, of shape (n, outputs), is `output_gradient`.

    The examples' contributions are added up; a mean over them is a matter of the loss. Raises ValueError when
    `output_gradient` has another shape than the output.
    """
    flowing = np.asarray(output_gradient, dtype=np.float64)
    if flowing.shape != passed.output.shape:
        raise ValueError(f"the output has the shape {passed.output.shape}, its gradient {flowing.shape}")
    weights, biases = [], []
    for layer, entered, total in zip(reversed(layers), reversed(passed.inputs), reversed(passed.sums), strict=True):
        error = flowing * _FUNCTIONS[layer.activation][1](total)
        weights.append(error.T @ entered)
        biases.append(error.sum(axis=0))
        flowing = error @ np.asarray(layer.weights, dtype=np.float64)
    return Gradients(tuple(reversed(weights)), tuple(reversed(biases)), flowing)
