"""Which device article code computes on, and how cells get there."""

from __future__ import annotations

import os

import torch


def device() -> torch.device:
    """Return the torch device to compute on: the CPU unless the environment has MAROVI_DEVICE=cuda.

    Raises RuntimeError when CUDA is asked for and torch finds none, ValueError for any other name.
    """
    name = os.environ.get("MAROVI_DEVICE") or "cpu"
    if name not in ("cpu", "cuda"):
        raise ValueError(f"MAROVI_DEVICE is {name!r}; known: cpu, cuda")
    if name == "cuda" and not torch.cuda.is_available():
        raise RuntimeError("MAROVI_DEVICE is 'cuda', but torch finds no CUDA device; unset it to compute on the CPU")
    return torch.device(name)


def enter(memory: int) -> str:
    """Have all that follows in this process compute on the device, and return its name: "cpu", or the GPU's.

    On a GPU this process may then hold at most `memory` bytes, beyond which torch raises OutOfMemoryError. Raises as
    `device` does.
    """
    chosen = device()
    if chosen.type == "cpu":
        return "cpu"
    from runtime.placement import Placement

    name, total = torch.cuda.get_device_name(chosen), torch.cuda.get_device_properties(chosen).total_memory
    torch.cuda.set_per_process_memory_fraction(min(1.0, memory / total), chosen)
    Placement(chosen).__enter__()
    return name
