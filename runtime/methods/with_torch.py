"""The reference methods once more, on PyTorch's own functions: derivatives come from automatic differentiation.

Same names, arguments and shapes as in `runtime.methods`, except that descent takes the function instead of its
gradient. Arguments are arrays or tensors, results are float64 tensors on `runtime.device()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.devices import device
from runtime.methods.perceptron import Gradients, Layer

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


def tensor(value: Any) -> Tensor:
    """Return `value` as a float64 tensor of its own on the device in use."""
    return torch.as_tensor(value).detach().to(device=device(), dtype=torch.float64, copy=True)


def softmax(logits: Any, axis: int = -1) -> Tensor:
    """Return torch.softmax along `axis`."""
    return torch.softmax(tensor(logits), axis)


def log_softmax(logits: Any, axis: int = -1) -> Tensor:
    """Return torch.log_softmax along `axis`, in nats."""
    return torch.log_softmax(tensor(logits), axis)


def logsumexp(logits: Any, axis: int = -1) -> Tensor:
    """Return torch.logsumexp along `axis`, in nats."""
    return torch.logsumexp(tensor(logits), axis)


def sigmoid(z: Any) -> Tensor:
    """Return torch.sigmoid."""
    return torch.sigmoid(tensor(z))


def sigmoid_derivative(z: Any) -> Tensor:
    """Return the derivative of torch.sigmoid, entry by entry."""
    return gradient(lambda t: torch.sigmoid(t).sum(), z)


def tanh(z: Any) -> Tensor:
    """Return torch.tanh."""
    return torch.tanh(tensor(z))


def tanh_derivative(z: Any) -> Tensor:
    """Return the derivative of torch.tanh, entry by entry."""
    return gradient(lambda t: torch.tanh(t).sum(), z)


def relu(z: Any) -> Tensor:
    """Return torch.relu."""
    return torch.relu(tensor(z))


def relu_derivative(z: Any) -> Tensor:
    """Return the derivative of torch.relu, entry by entry."""
    return gradient(lambda t: torch.relu(t).sum(), z)


def cross_entropy(logits: Any, targets: Any) -> Tensor:
    """Return the mean cross-entropy of logits (n, k) with n classes, in nats."""
    return functional.cross_entropy(tensor(logits), _classes(targets))


def cross_entropy_gradient(logits: Any, targets: Any) -> Tensor:
    """Return the gradient of cross_entropy by the logits."""
    return gradient(lambda t: functional.cross_entropy(t, _classes(targets)), logits)


def mean_squared_error(predictions: Any, targets: Any) -> Tensor:
    """Return the mean squared error over all entries."""
    return functional.mse_loss(tensor(predictions), tensor(targets))


def mean_squared_error_gradient(predictions: Any, targets: Any) -> Tensor:
    """Return the gradient of mean_squared_error by the predictions."""
    return gradient(lambda t: functional.mse_loss(t, tensor(targets)), predictions)


def gradient(function: Callable[[Tensor], Tensor], point: Any) -> Tensor:
    """Return the gradient of a scalar function at `point`, in its shape."""
    at = tensor(point).requires_grad_()
    (result,) = torch.autograd.grad(function(at), at)
    return result


def gradient_descent(function: Callable[[Tensor], Tensor], start: Any, rate: float, steps: int) -> Tensor:
    """Return the points torch.optim.SGD passes on a scalar `function`: shape (steps + 1, *start.shape)."""
    return momentum(function, start, rate, steps, decay=0.0)


def momentum(function: Callable[[Tensor], Tensor], start: Any, rate: float, steps: int, decay: float = 0.9) -> Tensor:
    """Return the points torch.optim.SGD with momentum passes: shape (steps + 1, *start.shape)."""
    point = tensor(start).requires_grad_()
    optimizer = torch.optim.SGD([point], lr=rate, momentum=decay)
    path = [point.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(point).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        path.append(point.detach().clone())
    return torch.stack(path)


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


def _classes(targets: Any) -> Tensor:
    return torch.as_tensor(targets).to(device=device(), dtype=torch.int64)
