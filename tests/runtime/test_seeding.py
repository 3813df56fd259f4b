"""Seeds give the same stream, settings that make no sense are refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

import runtime
from tests.runtime.test_package import python


def test_a_generator_gives_the_same_stream_each_time() -> None:
    np.testing.assert_array_equal(runtime.rng().normal(size=5), runtime.rng().normal(size=5))
    assert not np.array_equal(runtime.rng(1).normal(size=5), runtime.rng().normal(size=5))


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAROVI_THREADS", threads)
    from runtime.seeding import _threads

    with pytest.raises(ValueError, match="MAROVI_THREADS"):
        _threads()


SETTINGS = """
import json, os, random
import numpy, torch
from runtime import prepare
drawn = []
for _ in range(2):
    prepare()
    drawn.append([random.random(), numpy.random.rand(), torch.rand(1).item()])
print(json.dumps({
    "drawn": drawn[0] == drawn[1],
    "threads": torch.get_num_threads(),
    "deterministic": torch.are_deterministic_algorithms_enabled(),
    "float32": torch.get_float32_matmul_precision(),
    "tf32": torch.backends.cudnn.allow_tf32 or torch.backends.cuda.matmul.allow_tf32,
    "benchmark": torch.backends.cudnn.benchmark,
    "cudnn": torch.backends.cudnn.deterministic,
    "cublas": os.environ["CUBLAS_WORKSPACE_CONFIG"],
}))
"""


@pytest.mark.slow
def test_torch_is_seeded_deterministic_exact_and_on_one_thread() -> None:
    assert json.loads(python(SETTINGS)) == {
        "drawn": True,
        "threads": 1,
        "deterministic": True,
        "float32": "highest",
        "tf32": False,
        "benchmark": False,
        "cudnn": True,
        "cublas": ":4096:8",
    }


ON_A_GPU = """
import torch
from runtime import prepare
prepare()
a = torch.randn(512, 512, device="cuda")
once, again = ((a @ a).cpu() for _ in range(2))
exact = a.double() @ a.double()
images = torch.randn(8, 16, 32, 32, device="cuda", requires_grad=True)
kernels = torch.randn(16, 16, 3, 3, device="cuda", requires_grad=True)
slopes = [torch.autograd.grad(torch.conv2d(images, kernels).square().sum(), kernels)[0].cpu() for _ in range(2)]
off = float((once - exact.cpu()).abs().max() / exact.abs().max())
print(torch.equal(once, again), torch.equal(*slopes), off < 1e-6)
"""


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device here")
def test_a_gpu_gives_the_same_bits_twice_and_all_bits_of_float32() -> None:
    assert python(ON_A_GPU).split() == ["True", "True", "True"]
