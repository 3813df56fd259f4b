"""The package in a plain Python session: light to import, speaks up without anybody listening."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import runtime


def python(code: str, **environment: str) -> str:
    """Run `code` in a Python process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "MPLBACKEND": "Agg", **environment},
        cwd=Path(runtime.__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_publishing_values_loads_neither_torch_nor_matplotlib() -> None:
    code = """
import sys
from runtime import glue, verify
import runtime
glue("x", [1.5, 2.5])
verify.close("x", 1.5, 3 / 2 + 1e-12)
runtime.rng().normal()
print(sorted({"torch", "matplotlib", "IPython"} & set(sys.modules)))
"""
    assert python(code).splitlines()[-1] == "[]"


def test_drawing_loads_no_torch() -> None:
    code = """
import sys
from runtime import figure, subplots
fig, ax = subplots()
ax.plot([1, 2])
figure("line", fig)
print("torch" in sys.modules)
"""
    assert python(code) == "False\n"


def test_every_public_name_is_there() -> None:
    for name in runtime.__all__:
        assert getattr(runtime, name) is not None
    assert dir(runtime) == runtime.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(runtime, "sub_plots")


def test_a_plain_session_prints_what_is_published() -> None:
    code = """
from runtime import glue, verify
glue("mean", 0.5)
glue("table", [{"rate": 0.1, "steps": 3}, {"rate": 1.0, "steps": 2}])
verify.close("sum", 0.1 + 0.2, 0.3)
verify.claim("one is less than two", 1 < 2)
"""
    assert python(code) == (
        "mean = 0.5\n"
        "table =\n"
        "  rate = 0.1, steps = 3\n"
        "  rate = 1.0, steps = 2\n"
        "close: sum (largest difference 0.0e+00, allowed 1.0e-06)\n"
        "claim: one is less than two\n"
    )


def test_a_failed_check_ends_a_plain_session() -> None:
    code = """
from runtime import verify
try:
    verify.close("sum", 1.0, 1.1)
except AssertionError as error:
    print(error)
"""
    assert python(code) == "'sum': 1.0 and 1.1 differ by 0.0909, allowed is 1e-06\n"


def test_a_plain_session_without_a_screen_shows_no_figure_and_keeps_none_open() -> None:
    code = """
from runtime import figure, subplots
from matplotlib import pyplot
fig, ax = subplots()
ax.plot([1, 2])
print(figure("line", fig), pyplot.get_fignums())
"""
    assert python(code) == "None []\n"


@pytest.mark.slow
def test_two_processes_compute_the_same_random_digits() -> None:
    code = """
import random, numpy, runtime, torch
runtime.prepare()
print(random.random(), numpy.random.random(), runtime.rng().normal(), torch.rand(3).tolist(), hash("x") != 0)
print(torch.are_deterministic_algorithms_enabled(), torch.get_num_threads(), torch.get_float32_matmul_precision())
"""
    first = python(code, PYTHONHASHSEED="1")
    assert python(code, PYTHONHASHSEED="2") == first
    assert first.splitlines()[1] == "True 1 highest"
    assert python(code, MAROVI_THREADS="2").splitlines()[1] == "True 2 highest"
