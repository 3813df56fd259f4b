"""The reference methods once more, on PyTorch's own functions: derivatives come from automatic differentiation.

Same names, arguments and shapes as in `runtime.methods`, except that descent takes the function instead of its
gradient. Arguments are arrays or tensors, results are float64 tensors on `runtime.device()`.
"""

from __future__ import annotations

from runtime.methods.with_torch.activations import (
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from runtime.methods.with_torch.descent import gradient_descent, momentum
from runtime.methods.with_torch.losses import (
    cross_entropy,
    cross_entropy_gradient,
    mean_squared_error,
    mean_squared_error_gradient,
)
from runtime.methods.with_torch.perceptron import backward, forward
from runtime.methods.with_torch.softmax import log_softmax, logsumexp, softmax
from runtime.methods.with_torch.tensors import gradient, tensor

__all__ = [
    "backward",
    "cross_entropy",
    "cross_entropy_gradient",
    "forward",
    "gradient",
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
    "tensor",
]
