"""Seeds and settings that make a run give the same digits each time."""

from __future__ import annotations

import os
import random

import numpy as np


def prepare(seed: int = 0) -> None:
    """Seed Python, NumPy and torch, and make torch deterministic, single-threaded and exact in float32.

    The environment variable MAROVI_THREADS gives another number of torch's threads. Raises ValueError when it
    is no positive whole number.
    """
    # cuBLAS reads this when CUDA starts and is not deterministic without it
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(_threads())
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.allow_tf32 = False


def rng(seed: int = 0) -> np.random.Generator:
    """Return a fresh NumPy generator; the same seed gives the same stream, another seed an independent one."""
    return np.random.default_rng(seed)


def _threads() -> int:
    text = os.environ.get("MAROVI_THREADS") or "1"
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"MAROVI_THREADS is {text!r}; give the number of threads, 1 or more")
    return int(text)
