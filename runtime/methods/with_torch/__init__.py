"""The reference methods once more, on PyTorch's own functions: derivatives come from automatic differentiation.

Same names, arguments and shapes as in `runtime.methods`, except that descent takes the function instead of its
gradient. Arguments are arrays or tensors, results are float64 tensors on `runtime.device()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.exports import export

if TYPE_CHECKING:
    from runtime.methods.with_torch.activations import (
        elu,
        elu_derivative,
        gelu,
        gelu_derivative,
        leaky_relu,
        leaky_relu_derivative,
        relu,
        relu_derivative,
        sigmoid,
        sigmoid_derivative,
        silu,
        silu_derivative,
        softplus,
        softplus_derivative,
        tanh,
        tanh_derivative,
    )
    from runtime.methods.with_torch.attention import (
        attention,
        attention_weights,
        causal_mask,
        multi_head_attention,
        sinusoidal_positions,
    )
    from runtime.methods.with_torch.convolution import conv2d, conv2d_backward, convolve1d
    from runtime.methods.with_torch.descent import gradient_descent, momentum
    from runtime.methods.with_torch.dropout import dropout, dropout_backward
    from runtime.methods.with_torch.embedding import (
        cosine_similarity,
        embedding,
        embedding_backward,
        glove_weight,
        ppmi,
    )
    from runtime.methods.with_torch.initializers import he_normal, he_uniform, xavier_normal, xavier_uniform
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
    from runtime.methods.with_torch.metrics import (
        accuracy,
        confusion_matrix,
        f1_score,
        precision,
        recall,
        roc_auc,
        roc_curve,
    )
    from runtime.methods.with_torch.normalization import (
        batch_norm,
        batch_norm_backward,
        batch_norm_inference,
        layer_norm,
        layer_norm_backward,
        running_statistics,
    )
    from runtime.methods.with_torch.optimizers import (
        adagrad_step,
        adam_step,
        adamw_step,
        rmsprop_step,
        sgd_step,
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
    from runtime.methods.with_torch.pooling import (
        average_pool2d,
        average_pool2d_backward,
        max_pool2d,
        max_pool2d_backward,
    )
    from runtime.methods.with_torch.recurrent import gru, lstm, rnn, rnn_backward
    from runtime.methods.with_torch.schedules import (
        cosine_decay,
        exponential_decay,
        linear_warmup,
        step_decay,
    )
    from runtime.methods.with_torch.softmax import log_softmax, logsumexp, softmax
    from runtime.methods.with_torch.tensors import gradient, tensor

__all__ = [
    "accuracy",
    "adagrad_step",
    "adam_step",
    "adamw_step",
    "attention",
    "attention_weights",
    "average_pool2d",
    "average_pool2d_backward",
    "backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_inference",
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "causal_mask",
    "confusion_matrix",
    "conv2d",
    "conv2d_backward",
    "convolve1d",
    "cosine_decay",
    "cosine_similarity",
    "cross_entropy",
    "cross_entropy_gradient",
    "dropout",
    "dropout_backward",
    "elastic_net_penalty",
    "elastic_net_penalty_subgradient",
    "elu",
    "elu_derivative",
    "embedding",
    "embedding_backward",
    "exponential_decay",
    "f1_score",
    "forward",
    "gelu",
    "gelu_derivative",
    "glove_weight",
    "gradient",
    "gradient_descent",
    "gru",
    "he_normal",
    "he_uniform",
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
    "layer_norm",
    "layer_norm_backward",
    "leaky_relu",
    "leaky_relu_derivative",
    "least_squares",
    "linear_warmup",
    "log_softmax",
    "logsumexp",
    "lstm",
    "max_pool2d",
    "max_pool2d_backward",
    "mean_absolute_error",
    "mean_absolute_error_gradient",
    "mean_squared_error",
    "mean_squared_error_gradient",
    "momentum",
    "multi_head_attention",
    "ppmi",
    "precision",
    "recall",
    "relu",
    "relu_derivative",
    "ridge",
    "rmsprop_step",
    "rnn",
    "rnn_backward",
    "roc_auc",
    "roc_curve",
    "running_statistics",
    "sgd_step",
    "sigmoid",
    "sigmoid_derivative",
    "silu",
    "silu_derivative",
    "sinusoidal_positions",
    "soft_threshold",
    "softmax",
    "softplus",
    "softplus_derivative",
    "step_decay",
    "tanh",
    "tanh_derivative",
    "tensor",
    "xavier_normal",
    "xavier_uniform",
]

export(
    __name__,
    {
        "activations": (
            "elu elu_derivative gelu gelu_derivative leaky_relu leaky_relu_derivative relu relu_derivative "
            "sigmoid sigmoid_derivative silu silu_derivative softplus softplus_derivative tanh tanh_derivative"
        ),
        "attention": "attention attention_weights causal_mask multi_head_attention sinusoidal_positions",
        "convolution": "conv2d conv2d_backward convolve1d",
        "descent": "gradient_descent momentum",
        "dropout": "dropout dropout_backward",
        "embedding": "cosine_similarity embedding embedding_backward glove_weight ppmi",
        "initializers": "he_normal he_uniform xavier_normal xavier_uniform",
        "linear_models": "least_squares ridge",
        "losses": (
            "binary_cross_entropy binary_cross_entropy_gradient cross_entropy cross_entropy_gradient hinge "
            "hinge_gradient huber huber_gradient kl_divergence kl_divergence_gradient mean_absolute_error "
            "mean_absolute_error_gradient mean_squared_error mean_squared_error_gradient"
        ),
        "metrics": "accuracy confusion_matrix f1_score precision recall roc_auc roc_curve",
        "normalization": (
            "batch_norm batch_norm_backward batch_norm_inference layer_norm layer_norm_backward running_statistics"
        ),
        "optimizers": "adagrad_step adam_step adamw_step rmsprop_step sgd_step",
        "penalties": (
            "elastic_net_penalty elastic_net_penalty_subgradient l1_penalty l1_penalty_subgradient l2_penalty "
            "l2_penalty_gradient soft_threshold"
        ),
        "perceptron": "backward forward",
        "pooling": "average_pool2d average_pool2d_backward max_pool2d max_pool2d_backward",
        "recurrent": "gru lstm rnn rnn_backward",
        "schedules": "cosine_decay exponential_decay linear_warmup step_decay",
        "softmax": "log_softmax logsumexp softmax",
        "tensors": "gradient tensor",
    },
)
