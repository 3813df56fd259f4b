"""Layers run and differentiated by PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.methods.perceptron import Gradients, Layer
from runtime.methods.with_torch.tensors import tensor

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


def forward(layers: Sequence[Layer], x: Any) -> Tensor:
    """Return the output of the layers, of shape (n, outputs)."""
    return _through([(tensor(layer.weights), tensor(layer.bias), layer.activation) for layer in layers], tensor(x))


def backward(layers: Sequence[Layer], x: Any, loss: Callable[[Tensor], Tensor]) -> Gradients:
    """Return the derivatives of `loss`, a scalar function of the output, as NumPy arrays in perceptron.Gradients."""
    parameters = [(tensor(layer.weights), tensor(layer.bias), layer.activation) for layer in layers]
    entered = tensor(x)
    leaves = [entered, *(w for w, _, _ in parameters), *(b for _, b, _ in parameters)]
    for leaf in leaves:
        leaf.requires_grad_()
    found = [g.cpu().numpy() for g in torch.autograd.grad(loss(_through(parameters, entered)), leaves)]
    return Gradients(tuple(found[1 : 1 + len(layers)]), tuple(found[1 + len(layers) :]), found[0])


def _through(parameters: Sequence[tuple[Tensor, Tensor, str]], x: Tensor) -> Tensor:
    for weights, bias, activation in parameters:
        x = _ACTIVATIONS[activation](functional.linear(x, weights, bias))
    return x
