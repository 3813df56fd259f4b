"""What all topics depend on, whatever their cells use: Python, processor, device, environment, our own engine."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.run.launch import environment
from pipeline.run.settings import RunSettings

CODE = Path(__file__).parents[2]
# These say where things are on this machine; what is found there counts by its content or version.
PLACES = ("PATH", "PYTHONPATH", "HOME", "MPLCONFIGDIR", "LD_LIBRARY_PATH")
_ENGINE = ("pipeline.run.server", "pipeline.run.worker")  # with all they import: what runs cells
_TAKER = "pipeline.run.job"  # alone: what puts together what they send
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(pipeline[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|.*)|import[ \t]+(pipeline[\w.]*))", re.MULTILINE
)
# Of its instructions, those that decide how libraries add and multiply (/proc/cpuinfo).
_VECTORS = re.compile(r"(sse|ssse|avx|fma|f16c|amx|vnni|asimd|sve|neon|fphp|bf16|i8mm)")


def surroundings(settings: RunSettings, code: Path) -> dict[str, object]:
    """Return all of it, in parts that can be named to a person; `code` holds the package `pipeline`."""
    return {
        "python": f"{sys.implementation.name} {platform.python_version()}{sys.abiflags}",
        "system": f"{platform.system()} {platform.machine()} {_c_library()}",
        "processor": processor(),
        "device": device_name(settings.device),
        "environment": {
            name: value
            for name, value in given_environment(settings).items()
            if name not in PLACES and not (name.startswith("CUDA_") and settings.device.startswith("cpu"))
        },
        "engine": engine_digest(code),
    }


def given_environment(settings: RunSettings) -> Mapping[str, str]:
    """Return the environment variables of the first run; those of the second follow from the engine."""
    return environment(Path("/"), settings.cache, settings.device, hash_seed=0, threads=1)


@cache
def processor() -> str:
    """Name the kind of processor as far as digits depend on it.

    NumPy, OpenBLAS and torch have code of their own for each set of vector instructions and some makers, which adds in
    another order: the last bits of a sum may be others.
    """
    try:
        with Path("/proc/cpuinfo").open() as file:
            text = file.read(16384)  # one processor; there may be hundreds
    except OSError:
        return platform.processor() or platform.machine()
    first = text.strip().split("\n\n")[0]
    said = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in first.splitlines())}
    names = [said.get(key, "") for key in ("vendor_id", "cpu family", "CPU implementer", "CPU part")]
    flags = (said.get("flags") or said.get("Features") or "").split()
    return " ".join([*filter(None, names), *sorted(flag for flag in flags if _VECTORS.match(flag))])


def device_name(device: str) -> str:
    """Name the device without importing torch: a GPU by what its driver says."""
    if device.startswith("cpu"):
        return device
    driver = Path("/proc/driver/nvidia")
    models = [
        line.partition(":")[2].strip()
        for path in sorted(driver.glob("gpus/*/information"))
        for line in path.read_text().splitlines()
        if line.startswith("Model:")
    ]
    version = driver / "version"
    lines = version.read_text().splitlines()[:1] if version.is_file() else []
    return f"{device} {models} {lines}"


def engine_digest(code: Path) -> str:
    """Hash the modules that run cells, with all of ours that they import, found without importing them."""
    digest = hashlib.sha256()
    for path in sorted([*engine_files(code), _file(code, _TAKER)]):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(code).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def engine_files(code: Path) -> set[Path]:
    """Return the modules of the processes that run cells; the package's own `__init__` serves the build alone."""
    found: set[Path] = set()
    waiting = list(_ENGINE)
    while waiting:
        path = _file(code, waiting.pop())
        if not path.is_file() or path in found or path == code / "pipeline/run/__init__.py":
            continue
        found.add(path)
        for module, names, plain in _IMPORT.findall(path.read_text(encoding="utf-8")):
            waiting += [plain] if plain else [module, *(f"{module}.{name}" for name in re.findall(r"\w+", names))]
    return found


def _file(code: Path, module: str) -> Path:
    path = code.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _c_library() -> str:
    """Name the C library, whose mathematical functions Python's `math` calls."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return " ".join(platform.libc_ver())
