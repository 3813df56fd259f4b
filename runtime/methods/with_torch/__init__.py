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
from runtime.methods.with_torch.linear_models import least_squares, ridge
from runtime.methods.with_torch.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    cross_entropy,
    cross_entropy_gradient,
    hinge,
    hinge_gradient,
    huber,
    huber_gradient,
    kl_divergence,
    kl_divergence_gradient,
    mean_absolute_error,
    mean_absolute_error_gradient,
    mean_squared_error,
    mean_squared_error_gradient,
)
from runtime.methods.with_torch.penalties import (
    elastic_net_penalty,
    elastic_net_penalty_subgradient,
    l1_penalty,
    l1_penalty_subgradient,
    l2_penalty,
    l2_penalty_gradient,
    soft_threshold,
)
from runtime.methods.with_torch.perceptron import backward, forward
from runtime.methods.with_torch.softmax import log_softmax, logsumexp, softmax
from runtime.methods.with_torch.tensors import gradient, tensor

__all__ = [
    "backward",
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "cross_entropy",
    "cross_entropy_gradient",
    "elastic_net_penalty",
    "elastic_net_penalty_subgradient",
    "forward",
    "gradient",
    "gradient_descent",
    "hinge",
    "hinge_gradient",
    "huber",
    "huber_gradient",
    "kl_divergence",
    "kl_divergence_gradient",
    "l1_penalty",
    "l1_penalty_subgradient",
    "l2_penalty",
    "l2_penalty_gradient",
    "least_squares",
    "log_softmax",
    "logsumexp",
    "mean_absolute_error",
    "mean_absolute_error_gradient",
    "mean_squared_error",
    "mean_squared_error_gradient",
    "momentum",
    "relu",
    "relu_derivative",
    "ridge",
    "sigmoid",
    "sigmoid_derivative",
    "soft_threshold",
    "softmax",
    "tanh",
    "tanh_derivative",
    "tensor",
]
