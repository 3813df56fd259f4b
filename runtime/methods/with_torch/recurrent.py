"""Recurrent cells as torch.nn has them, run over one sequence, with gradients by automatic differentiation."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from runtime.devices import device
from runtime.methods.recurrent import RecurrentGradients
from runtime.methods.with_torch.tensors import tensor


def rnn(x: Any, input_weights: Any, recurrent_weights: Any, bias: Any, initial: Any = None) -> Tensor:
    """Return the states of all steps, of shape (steps, units), from torch.nn.RNN."""
    first = None if initial is None else tensor(initial)[None]
    states: Tensor = _loaded(torch.nn.RNN, x, input_weights, recurrent_weights, bias)(tensor(x), first)[0].detach()
    return states


def rnn_backward(
    x: Any, input_weights: Any, recurrent_weights: Any, bias: Any, state_gradients: Any, initial: Any = None
) -> RecurrentGradients:
    """Return the derivatives that PyTorch finds through torch.nn.RNN, as NumPy arrays."""
    layer = _loaded(torch.nn.RNN, x, input_weights, recurrent_weights, bias)
    entered = tensor(x).requires_grad_()
    first = (torch.zeros(layer.hidden_size) if initial is None else torch.as_tensor(initial)).to(entered)
    first = first.detach().clone().requires_grad_()
    states, _ = layer(entered, first[None])
    leaves = [entered, layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, first]
    found = torch.autograd.grad(states, leaves, grad_outputs=tensor(state_gradients))
    return RecurrentGradients(*(g.cpu().numpy() for g in found))


def lstm(
    x: Any, input_weights: Any, recurrent_weights: Any, bias: Any, initial: Any = None, initial_cell: Any = None
) -> tuple[Tensor, Tensor]:
    """Return the states and the cells of all steps from torch.nn.LSTM, which is asked step by step for its cells."""
    layer = _loaded(torch.nn.LSTM, x, input_weights, recurrent_weights, bias)
    zero = torch.zeros(layer.hidden_size)
    pair = tuple(tensor(zero if given is None else given)[None] for given in (initial, initial_cell))
    states, cells = [], []
    with torch.no_grad():
        for entered in tensor(x):
            _, pair = layer(entered[None], pair)
            states.append(pair[0][0])
            cells.append(pair[1][0])
    return torch.stack(states), torch.stack(cells)


def gru(
    x: Any, input_weights: Any, recurrent_weights: Any, bias: Any, recurrent_bias: Any, initial: Any = None
) -> Tensor:
    """Return the states of all steps, of shape (steps, units), from torch.nn.GRU."""
    first = None if initial is None else tensor(initial)[None]
    layer = _loaded(torch.nn.GRU, x, input_weights, recurrent_weights, bias, recurrent_bias)
    states: Tensor = layer(tensor(x), first)[0].detach()
    return states


def _loaded(kind: Any, x: Any, input_weights: Any, recurrent_weights: Any, bias: Any, second: Any = None) -> Any:
    """Return a layer of this kind with these weights; its second bias is zero unless given."""
    u = tensor(recurrent_weights)
    layer = kind(tensor(x).shape[1], u.shape[1], dtype=torch.float64, device=device())
    with torch.no_grad():
        layer.weight_ih_l0.copy_(tensor(input_weights))
        layer.weight_hh_l0.copy_(u)
        layer.bias_ih_l0.copy_(tensor(bias))
        layer.bias_hh_l0.copy_(torch.zeros_like(layer.bias_hh_l0) if second is None else tensor(second))
    return layer
