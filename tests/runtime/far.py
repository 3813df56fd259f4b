"""A second device, `far`, on a machine without one: tensors that live apart from the CPU's and will not mix with them.

It is registered with torch as a device of its own, so code meets what it meets on a GPU: a tensor made there has
`device.type == "far"`, `.numpy()` is refused, an operation on tensors of both devices raises. What it computes with is
the CPU, so results are the CPU's to the last bit, and a difference is a random number drawn otherwise.
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils import backend_registration
from torch.utils._pytree import tree_map

_MAKING = (torch.tensor, torch.as_tensor, torch.asarray, torch.arange)
_PRODUCTS = (torch.matmul, torch.Tensor.matmul, torch.Tensor.__matmul__)
_MOVING = {torch.ops.aten.copy_.default, torch.ops.aten._to_copy.default}


class Far(torch.Tensor):
    """A tensor of the device `far`; `near` holds its numbers."""

    near: torch.Tensor

    @staticmethod
    def __new__(cls, near: torch.Tensor) -> Far:
        made = torch.Tensor._make_wrapper_subclass(
            cls, near.size(), strides=near.stride(), storage_offset=near.storage_offset(), dtype=near.dtype,
            device=torch.device("far", 0),
        )  # fmt: skip
        made.near = near
        return made

    def __tensor_flatten__(self) -> tuple[list[str], None]:
        """Say what the tensor is made of, for which modules ask before they change the type of their parameters."""
        return ["near"], None

    @staticmethod
    def __tensor_unflatten__(inner: Any, context: None, size: Any, stride: Any) -> Far:
        return Far(inner["near"])

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _computed(func, *args, **(kwargs or {}))


class Delivery(TorchFunctionMode):
    """Brings what torch.tensor makes to the device; torch itself cannot do that for one written in Python."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = dict(kwargs or {})
        if func in (torch.Tensor.tolist, torch.Tensor.__format__):
            return func(args[0].cpu(), *args[1:], **named)
        if func in _PRODUCTS and args[0].ndim == 1 and args[1].ndim == 2:
            return (args[0].unsqueeze(0) @ args[1]).squeeze(0)  # torch's own way changes a shape in place
        wanted = torch.device(named.get("device") or torch.get_default_device())
        if func is torch.Tensor.__getitem__ and isinstance(args[1], list):
            return args[0][torch.tensor(args[1]).to(args[0].device)]
        if func not in _MAKING or wanted.type != "far":
            return func(*args, **named)
        leaf = named.pop("requires_grad", False)
        if args and isinstance(args[0], Far):
            return args[0]
        return func(*args, **{**named, "device": "cpu"}).to(wanted).requires_grad_(leaf)


@functools.cache
def register() -> torch.device:
    """Make the device known to torch, once in a process, and return it."""
    backend_registration._setup_privateuseone_for_python_backend("far")
    library = torch.library.Library("_", "IMPL", "PrivateUse1")
    library.fallback(_computed)
    _libraries.append(library)
    return torch.device("far", 0)


_libraries: list[torch.library.Library] = []  # a library that is collected takes its registrations along


def _computed(func: Any, *args: Any, **kwargs: Any) -> Any:
    """Compute on the CPU what was asked of the device."""
    if func not in _MOVING:
        _refuse_mixing(func, (*args, *kwargs.values()))
    target = kwargs.get("device")
    leaves = target is not None and torch.device(target).type == "cpu"
    near_kwargs = {name: _near(value) for name, value in kwargs.items()}
    if target is not None:
        near_kwargs["device"] = "cpu"
    result = func(*map(_near, args), **near_kwargs)
    if func._schema.is_mutable and func._schema.name.endswith("_"):
        return args[0] if func._schema.returns else None
    if "out" in kwargs:
        return kwargs["out"]
    if leaves:
        return result.clone() if args and isinstance(args[0], Far) and result is args[0].near else result
    return tree_map(lambda value: Far(value) if isinstance(value, torch.Tensor) else value, result)


def _near(value: Any) -> Any:
    return tree_map(lambda item: item.near if isinstance(item, Far) else item, value)


def _refuse_mixing(func: Any, values: Any) -> None:
    """Raise as a GPU does when tensors of two devices meet; a number without dimension and an index may come along."""
    indexing = "index" in str(func)
    flat = torch.utils._pytree.tree_leaves(values)
    near = [item for item in flat if isinstance(item, torch.Tensor) and not isinstance(item, Far)]
    if any(item.ndim for item in near) and any(isinstance(item, Far) for item in flat) and not indexing:
        raise RuntimeError(f"{func}: expected all tensors to be on the same device, found far:0 and cpu")
