"""Tensors on another device than the CPU, so that cells written for the CPU run there and draw the same numbers.

Cells say `torch.randn(5)` and `loss.detach().numpy()`. On a GPU the first would draw other numbers, since each
kind of device has a generator of its own, and the second would raise. While a placement is in force

- tensors are made on the device (torch.set_default_device);
- random numbers come from the CPU's generator and are then moved, so one seed gives the same ones on each device;
- a tensor that goes to NumPy, matplotlib included, is copied to the CPU first;
- what has no deterministic kernel on a GPU is computed on the CPU.

Dropout inside torch's compiled layers, `torch.nn.LSTM(dropout=…)` say, is out of reach: it draws on the device.
`torch.from_numpy` shares memory and so gives a tensor on the CPU; `torch.tensor` and `torch.as_tensor` do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.nn import functional, init
from torch.overrides import TorchFunctionMode

Arguments = Sequence[Any]
Named = Mapping[str, Any]
Rule = Callable[[torch.device, Callable[..., Any], Arguments, Named], Any]

_CPU = torch.device("cpu")


class Placement(TorchFunctionMode):
    """Changes what torch functions do as the module says, for the thread that enters it, until it is left."""

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self._device = device

    def __enter__(self) -> Placement:
        self._before = torch.get_default_device()
        torch.set_default_device(self._device)
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)  # type: ignore[no-untyped-call]
        torch.set_default_device(None if self._before == _CPU else self._before)

    def __torch_function__(
        self, func: Callable[..., Any], types: object, args: Arguments = (), kwargs: Named | None = None
    ) -> Any:
        rule = _RULES.get(func)
        named = kwargs or {}
        return func(*args, **named) if rule is None else rule(self._device, func, args, named)


def _make(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Draw a new tensor on the CPU and move it, unless the cell says otherwise."""
    target = device if named.get("device") is None else torch.device(named["device"])
    if target == _CPU or named.get("out") is not None or _draws_elsewhere(named):
        return func(*args, **named)
    leaf = bool(named.get("requires_grad"))
    made = func(*args, **{**named, "device": _CPU, "requires_grad": False}).to(target)
    return made.requires_grad_(leaf)


def _make_like(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Draw a tensor like another one on the CPU and move it to where that one is."""
    like = args[0] if args else named["input"]
    return _make(like.device, func, args, named)


def _make_normal(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """torch.normal: a new tensor when mean and deviation are numbers, else one entry for each of theirs."""
    given = any(isinstance(value, torch.Tensor) for value in (*args, *named.values()))
    if given:
        return _compute_on_cpu(device, func, args, named)
    return _make(device, func, args, named)


def _fill(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Fill a tensor in place with what the CPU draws for one of the same shape and the same order in memory."""
    tensor = args[0] if args else named["tensor"]
    if tensor.device == _CPU or _draws_elsewhere(named):
        return func(*args, **named)
    drawn = torch.empty_strided(tensor.size(), tensor.stride(), dtype=tensor.dtype, device=_CPU)
    rest = {name: _on_cpu(value) for name, value in named.items() if name != "tensor"}
    func(drawn, *_on_cpu(args[1:]), **rest)
    return tensor.copy_(drawn)


def _initialize(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Fill a parameter as torch.nn.init does, which records nothing for the gradient."""
    with torch.no_grad():
        return _fill(device, func, args, named)


def _drop(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Multiply with the factors that the CPU draws for ones of the same shape."""
    values, *rest = args if args else (named["input"],)
    if values.device == _CPU:
        return func(*args, **named)
    others = {name: value for name, value in named.items() if name not in ("input", "inplace")}
    ones = torch.empty_strided(values.size(), values.stride(), dtype=values.dtype, device=_CPU).fill_(1)
    factors = func(ones, *rest, **others).to(values.device)
    return values.mul_(factors) if named.get("inplace") else values * factors


def _compute_on_cpu(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Compute with copies on the CPU and move the result to where the first tensor is; gradients flow through."""
    first = next((value for value in (*args, *named.values()) if isinstance(value, torch.Tensor)), None)
    if first is None or first.device == _CPU or _draws_elsewhere(named):
        return func(*args, **named)
    result = func(*_on_cpu(args), **_on_cpu(named))
    return result.to(first.device)


def _attend(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Attention draws nothing without dropout, and then stays on the device."""
    dropout = args[4] if len(args) > 4 else named.get("dropout_p", 0.0)
    return _compute_on_cpu(device, func, args, named) if dropout else func(*args, **named)


def _leave(device: torch.device, func: Callable[..., Any], args: Arguments, named: Named) -> Any:
    """Give NumPy a copy in the CPU's memory; on the CPU it keeps sharing the tensor's own."""
    tensor, *rest = args
    return func(tensor.cpu(), *rest, **named)


def _draws_elsewhere(named: Named) -> bool:
    """Say whether the cell brings a generator of another device than the CPU, whose numbers it then wants."""
    generator = named.get("generator")
    return generator is not None and generator.device != _CPU


def _on_cpu(given: Any) -> Any:
    """Return the arguments with their tensors on the CPU."""
    if isinstance(given, torch.Tensor):
        return given.cpu()
    if isinstance(given, Mapping):
        return {name: _on_cpu(value) for name, value in given.items()}
    if isinstance(given, (list, tuple)) and not isinstance(given, torch.Size):
        return [_on_cpu(value) for value in given]
    return given


_RULES: dict[Callable[..., Any], Rule] = {
    **dict.fromkeys((torch.rand, torch.randn, torch.randint, torch.randperm), _make),
    **dict.fromkeys((torch.rand_like, torch.randn_like, torch.randint_like), _make_like),
    torch.normal: _make_normal,
    **dict.fromkeys(
        (
            torch.Tensor.normal_,
            torch.Tensor.uniform_,
            torch.Tensor.random_,
            torch.Tensor.bernoulli_,
            torch.Tensor.exponential_,
            torch.Tensor.cauchy_,
            torch.Tensor.log_normal_,
            torch.Tensor.geometric_,
        ),
        _fill,
    ),
    **dict.fromkeys((init.normal_, init.uniform_, init.kaiming_uniform_), _initialize),
    **dict.fromkeys(
        (
            torch.dropout,
            functional.dropout,
            functional.dropout1d,
            functional.dropout2d,
            functional.dropout3d,
            torch.feature_dropout,
        ),
        _drop,
    ),
    **dict.fromkeys(
        (
            torch.bernoulli,
            torch.Tensor.bernoulli,
            torch.multinomial,
            torch.Tensor.multinomial,
            torch.poisson,
            torch.rrelu,
            torch.alpha_dropout,
            torch.feature_alpha_dropout,
            functional.alpha_dropout,
            functional.feature_alpha_dropout,
            functional.gumbel_softmax,
            functional.rrelu,
            # of floating-point numbers, and so refused on a GPU by torch.use_deterministic_algorithms
            torch.cumsum,
            torch.Tensor.cumsum,
        ),
        _compute_on_cpu,
    ),
    functional.scaled_dot_product_attention: _attend,
    **dict.fromkeys((torch.Tensor.numpy, torch.Tensor.__array__), _leave),
}
