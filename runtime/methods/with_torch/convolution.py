"""Convolutional layers run and differentiated by PyTorch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from runtime.methods.convolution import ConvolutionGradients
from runtime.methods.with_torch.tensors import tensor


def convolve1d(signal: Any, kernel: Any) -> Tensor:
    """Return the full convolution, by torch's cross-correlation with the kernel turned round."""
    x, w = tensor(signal), tensor(kernel)
    return functional.conv1d(x[None, None], w.flip(0)[None, None], padding=len(w) - 1)[0, 0]


def conv2d(x: Any, kernels: Any, bias: Any = None, stride: int = 1, padding: int = 0) -> Tensor:
    """Return torch.nn.functional.conv2d."""
    b = None if bias is None else tensor(bias)
    return functional.conv2d(tensor(x), tensor(kernels), b, stride=stride, padding=padding)


def conv2d_backward(x: Any, kernels: Any, delta: Any, stride: int = 1, padding: int = 0) -> ConvolutionGradients:
    """Return the derivatives by automatic differentiation, as NumPy arrays in convolution.ConvolutionGradients."""
    weights = tensor(kernels)
    leaves = [tensor(x), weights, torch.zeros_like(weights[:, 0, 0, 0])]
    for leaf in leaves:
        leaf.requires_grad_()
    maps = functional.conv2d(leaves[0], leaves[1], leaves[2], stride=stride, padding=padding)
    found = torch.autograd.grad((maps * tensor(delta)).sum(), leaves)
    return ConvolutionGradients(*(g.cpu().numpy() for g in found))
