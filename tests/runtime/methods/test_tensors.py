"""What goes to PyTorch keeps its digits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from runtime.methods import with_torch


@pytest.mark.parametrize("value", [0.1, [0.1], [[0.1]], np.array([0.1]), torch.tensor([0.1], dtype=torch.float64)])
def test_a_python_number_is_not_rounded_to_single_precision(value: object) -> None:
    assert float(with_torch.tensor(value).reshape(())) == 0.1


def test_the_tensor_is_a_copy() -> None:
    original = torch.zeros(1, dtype=torch.float64)
    with_torch.tensor(original)[0] = 1.0
    assert float(original[0]) == 0.0
