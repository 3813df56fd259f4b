"""Cells written for the CPU run on another device as they are: same numbers, no tensor left where it cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

import runtime
from runtime import verify
from runtime.placement import Placement
from tests.runtime import far
from tests.runtime.conftest import Kept

DEVICE = os.environ.get("MAROVI_TEST_DEVICE", "cuda")
if DEVICE == "far":
    far.register()

Elsewhere = Callable[[], AbstractContextManager[str]]


if DEVICE != "far":

    @pytest.mark.slow
    def test_cells_run_on_a_device_that_does_not_mix_with_the_cpu() -> None:
        """All of this file on `far`, in a process of its own: once a device is registered, all of torch knows it."""
        code = Path(__file__).parents[2]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
        done = subprocess.run(
            command,
            env={**os.environ, "MAROVI_TEST_DEVICE": "far"},
            cwd=code,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout + done.stderr


@pytest.fixture
def elsewhere() -> Elsewhere:
    """Return a context in which cells compute on a device that is not the CPU; it gives the device's kind."""
    if DEVICE == "cuda" and not torch.cuda.is_available():
        pytest.skip("torch finds no CUDA device here")
    modes = [Placement(torch.device(DEVICE))] if DEVICE == "cuda" else [far.Delivery(), Placement(far.register())]

    def there() -> Iterator[str]:
        with ExitStack() as stack:
            for mode in modes:
                stack.enter_context(mode)
            yield DEVICE

    return contextmanager(there)


def in_place(fill: Callable[[torch.Tensor], object]) -> torch.Tensor:
    tensor = torch.zeros(5, 7)
    fill(tensor)
    return tensor


DRAWS: dict[str, Callable[[], torch.Tensor]] = {
    "rand": lambda: torch.rand(40),
    "randn": lambda: torch.randn(3, 40, dtype=torch.float64),
    "randint": lambda: torch.randint(0, 100, (40,)),
    "randperm": lambda: torch.randperm(50),
    "rand_like": lambda: torch.rand_like(torch.zeros(30)),
    "normal": lambda: torch.normal(0.0, 2.0, (30,)),
    "normal of tensors": lambda: torch.normal(torch.zeros(30), torch.ones(30)),
    "generator": lambda: torch.randn(30, generator=torch.Generator().manual_seed(3)),
    "normal_": lambda: in_place(lambda tensor: tensor.normal_()),
    "uniform_ of a part": lambda: in_place(lambda tensor: tensor[:, 2:5].uniform_(-1, 1)),
    "uniform_ of a transpose": lambda: in_place(lambda tensor: tensor.T.uniform_(-1, 1)),
    "exponential_": lambda: in_place(lambda tensor: tensor.exponential_()),
    "bernoulli": lambda: torch.bernoulli(torch.full((60,), 0.5)),
    "multinomial": lambda: torch.multinomial(torch.ones(4, 9), 3),
    "dropout": lambda: functional.dropout(torch.ones(60), 0.4),
    "dropout in place": lambda: functional.dropout(torch.ones(60), 0.4, inplace=True),
    "dropout2d": lambda: functional.dropout2d(torch.ones(2, 9, 3, 3), 0.4),
    "Linear": lambda: torch.nn.Linear(5, 4).weight.detach(),
    "Embedding": lambda: torch.nn.Embedding(9, 4).weight.detach(),
    "xavier_normal_": lambda: torch.nn.init.xavier_normal_(torch.empty(5, 4)),
    "gumbel_softmax": lambda: functional.gumbel_softmax(torch.zeros(6, 3)),
}


@pytest.mark.parametrize("name", DRAWS)
def test_one_seed_draws_the_same_numbers_on_each_device(name: str, elsewhere: Elsewhere) -> None:
    torch.manual_seed(7)
    here = DRAWS[name]()
    assert here.device.type == "cpu"
    with elsewhere() as kind:
        torch.manual_seed(7)
        there = DRAWS[name]()
        assert there.device.type == kind
        np.testing.assert_allclose(np.asarray(there), here.numpy(), rtol=1e-6)


def trained() -> tuple[float, list[list[float]]]:
    """A small network with dropout after some steps of Adam on shuffled batches: its loss and its answers."""
    torch.manual_seed(0)
    inputs = torch.tensor(np.linspace(-1, 1, 24).reshape(12, 2))
    targets = torch.tensor(np.arange(12) % 3)
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Dropout(0.3), torch.nn.Linear(8, 3)
    ).double()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(3):
        for batch in torch.randperm(12).split(4):
            optimizer.zero_grad()
            loss = functional.cross_entropy(net(inputs[batch]), targets[batch])
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        return loss.item(), net.eval()(inputs).tolist()


def test_a_network_learns_the_same_on_each_device(elsewhere: Elsewhere) -> None:
    here = trained()
    with elsewhere():
        there = trained()
    np.testing.assert_allclose(there[0], here[0], rtol=1e-9)
    np.testing.assert_allclose(there[1], here[1], rtol=1e-9)


def test_tensors_of_the_device_go_to_numpy_figures_values_and_checks(elsewhere: Elsewhere, kept: Kept) -> None:
    with elsewhere():
        x = torch.linspace(0, 1, 5, dtype=torch.float64)
        np.testing.assert_allclose(x.numpy(), np.linspace(0, 1, 5))
        np.testing.assert_allclose(np.array([x, 2 * x]), np.outer([1, 2], np.linspace(0, 1, 5)))
        fig, ax = runtime.subplots()
        (line,) = ax.plot(x, x**2)
        runtime.figure("curve", fig)
        runtime.glue("x", x)
        runtime.glue("total", x.sum())
        verify.close("the squares", x**2, np.linspace(0, 1, 5) ** 2, rtol=1e-12)
        verify.claim("the last one is the largest", x.argmax() == 4)
    np.testing.assert_allclose(line.get_xdata(), np.linspace(0, 1, 5))
    assert kept.glued == {"x": [0.0, 0.25, 0.5, 0.75, 1.0], "total": 2.5}
    assert len(kept.checks) == 2 and "curve" in kept.figures


def test_a_running_sum_does_not_hang_on_a_kernel_that_gpus_lack(elsewhere: Elsewhere) -> None:
    torch.use_deterministic_algorithms(True)
    try:
        with elsewhere() as kind:
            sums = torch.cumsum(torch.ones(4), dim=0)
            assert sums.device.type == kind and sums.tolist() == [1, 2, 3, 4]
    finally:
        torch.use_deterministic_algorithms(False)


def test_gradients_flow_through_what_is_computed_on_the_cpu(elsewhere: Elsewhere) -> None:
    with elsewhere():
        x = torch.ones(3, requires_grad=True)
        (x.cumsum(0) * torch.tensor([1.0, 10.0, 100.0])).sum().backward()
        assert x.grad.tolist() == [111, 110, 100]
        drawn = torch.randn(3, requires_grad=True)
        assert drawn.is_leaf and drawn.requires_grad


def test_what_a_cell_puts_on_the_cpu_stays_there(elsewhere: Elsewhere) -> None:
    with elsewhere():
        assert torch.randn(3, device="cpu").device.type == "cpu"
        assert torch.rand_like(torch.zeros(3, device="cpu")).device.type == "cpu"
        assert functional.dropout(torch.zeros(3, device="cpu")).device.type == "cpu"


def test_leaving_brings_the_cpu_back(elsewhere: Elsewhere) -> None:
    with elsewhere():
        pass
    assert torch.ones(1).device.type == torch.randn(1).device.type == "cpu"
