"""Backpropagation against PyTorch's automatic differentiation and against differences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runtime import methods, rng
from runtime.methods import Layer, with_torch


def network(hidden: Any = "sigmoid", output: Any = "sigmoid") -> tuple[Layer, ...]:
    generator = rng(3)
    return (
        Layer(generator.normal(size=(4, 3)), generator.normal(size=4), hidden),
        Layer(generator.normal(size=(2, 4)), generator.normal(size=2), output),
    )


X, T = rng(4).normal(size=(5, 3)), rng(5).normal(size=(5, 2))


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("output", ["sigmoid", "identity"])
def test_agrees_with_torch(hidden: str, output: str) -> None:
    layers = network(hidden, output)
    passed = methods.forward(layers, X)
    np.testing.assert_allclose(passed.output, with_torch.forward(layers, X).numpy(), atol=1e-14)

    ours = methods.backward(layers, passed, methods.mean_squared_error_gradient(passed.output, T))
    target = with_torch.tensor(T)
    theirs = with_torch.backward(layers, X, lambda y: ((y - target) ** 2).mean())
    for mine, other in zip(
        (*ours.weights, *ours.biases, ours.x), (*theirs.weights, *theirs.biases, theirs.x), strict=True
    ):
        np.testing.assert_allclose(mine, other, atol=1e-14)


def test_weight_gradients_agree_with_differences() -> None:
    layers = network()
    passed = methods.forward(layers, X)
    gradients = methods.backward(layers, passed, methods.mean_squared_error_gradient(passed.output, T))
    for number, layer in enumerate(layers):

        def loss(weights: np.ndarray[Any, Any], number: int = number, layer: Layer = layer) -> float:
            changed = [*layers[:number], replace(layer, weights=weights), *layers[number + 1 :]]
            return methods.mean_squared_error(methods.forward(changed, X).output, T)

        np.testing.assert_allclose(gradients.weights[number], methods.central_gradient(loss, layer.weights), atol=1e-9)


def test_a_step_against_the_gradient_lowers_the_loss() -> None:
    layers = network()
    passed = methods.forward(layers, X)
    gradients = methods.backward(layers, passed, methods.mean_squared_error_gradient(passed.output, T))
    moved = [
        replace(layer, weights=layer.weights - 0.1 * w, bias=layer.bias - 0.1 * b)
        for layer, w, b in zip(layers, gradients.weights, gradients.biases, strict=True)
    ]
    after = methods.mean_squared_error(methods.forward(moved, X).output, T)
    assert after < methods.mean_squared_error(passed.output, T)


def test_shapes_that_do_not_fit_are_refused() -> None:
    layers = network()
    with pytest.raises(ValueError, match="one example a row"):
        methods.forward(layers, X[0])
    with pytest.raises(ValueError, match="layer 0"):
        methods.forward(layers, X[:, :2])
    with pytest.raises(ValueError, match="gradient"):
        methods.backward(layers, methods.forward(layers, X), T[:, :1])
    with pytest.raises(ValueError, match="none of identity, relu"):
        methods.forward(network(hidden="swish"), X)
