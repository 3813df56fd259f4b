"""Reference methods in plain NumPy, each written from its definition, to check against and to read.

Everything computes in float64. `runtime.methods.with_torch` has the same names on PyTorch's own functions and
automatic differentiation, an independent way to the same numbers:

    from runtime import methods, verify
    from runtime.methods import with_torch

    verify.close("softmax", methods.softmax(z), with_torch.softmax(z))
"""

from __future__ import annotations

from runtime.methods.activations import (
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from runtime.methods.descent import gradient_descent, momentum
from runtime.methods.differences import central_gradient, central_jacobian
from runtime.methods.losses import (
    cross_entropy,
    cross_entropy_gradient,
    mean_squared_error,
    mean_squared_error_gradient,
)
from runtime.methods.perceptron import Layer, backward, forward
from runtime.methods.softmax import log_softmax, logsumexp, softmax

__all__ = [
    "Layer",
    "backward",
    "central_gradient",
    "central_jacobian",
    "cross_entropy",
    "cross_entropy_gradient",
    "forward",
    "gradient_descent",
    "log_softmax",
    "logsumexp",
    "mean_squared_error",
    "mean_squared_error_gradient",
    "momentum",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "tanh",
    "tanh_derivative",
]
