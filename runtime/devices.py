"""Which device article code computes on."""

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
