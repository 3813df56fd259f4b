"""The device is the CPU unless the environment asks for a GPU that is there."""

from __future__ import annotations

import pytest
import torch

import runtime


@pytest.mark.parametrize("value", [None, "", "cpu"])
def test_the_cpu_is_the_device_by_default(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAROVI_DEVICE", raising=False)
    if value is not None:
        monkeypatch.setenv("MAROVI_DEVICE", value)
    assert runtime.device() == torch.device("cpu")


def test_cuda_is_used_where_it_is_and_named_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAROVI_DEVICE", "cuda")
    if torch.cuda.is_available():
        assert torch.ones(1, device=runtime.device()).is_cuda
    else:
        with pytest.raises(RuntimeError, match="no CUDA device"):
            runtime.device()


def test_another_device_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAROVI_DEVICE", "tpu")
    with pytest.raises(ValueError, match="known: cpu, cuda"):
        runtime.device()
