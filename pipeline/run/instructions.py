"""The devices that topics run on, one of them a CPU that makes do with the instructions every CPU of its kind has.

A sum comes out otherwise in its last bits when eight numbers are added at once, or four, or one. `cpu:baseline` is
this CPU without its vector instructions: where it prints the same digits, they do not hang on this machine.
"""

from __future__ import annotations

import platform

CPU, BASELINE, CUDA = "cpu", "cpu:baseline", "cuda"
DEVICES = (CPU, BASELINE, CUDA)

_X86 = {
    "OPENBLAS_CORETYPE": "Nehalem",  # NumPy's products of matrices
    "MKL_CBWR": "COMPATIBLE",  # torch's
    "ONEDNN_MAX_CPU_ISA": "SSE41",  # torch's convolutions
    # exp, sin and others of the C library
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-FMA,-FMA4",
}
_ARM = {"OPENBLAS_CORETYPE": "ARMV8"}


def kind_of(device: str) -> str:
    """Return what a device is to torch: "cpu" or "cuda"."""
    return device.partition(":")[0]


def environment_of(device: str) -> dict[str, str]:
    """Return the environment variables that make the libraries compute as on `device`."""
    if device != BASELINE:
        return {}
    own = _X86 if platform.machine() in ("x86_64", "AMD64") else _ARM
    return {"ATEN_CPU_CAPABILITY": "default", "NPY_DISABLE_CPU_FEATURES": " ".join(_beyond_baseline()), **own}


def _beyond_baseline() -> list[str]:
    """Return the instruction sets that NumPy would use on this machine beyond those it always uses."""
    import numpy

    found = numpy.show_config(mode="dicts")
    sets: list[str] = (found or {}).get("SIMD Extensions", {}).get("found", [])
    return sets
