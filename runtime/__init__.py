"""What article code imports: publish values and figures, check claims, draw in one style, compute reproducibly.

In an article, a notebook or a plain Python session:

    import runtime
    from runtime import figure, glue, verify

    x = runtime.rng().normal(size=100)                 # seeded: the same numbers on each run
    glue("mean", x.mean())                             # publishes a value; here it prints `mean = …`
    verify.close("mean", x.mean(), sum(x) / 100)       # two independent ways agree, or VerificationError
    verify.claim("the mean is near zero", abs(x.mean()) < 0.5)

    fig, ax = runtime.subplots()                       # one size, one set of colours and fonts everywhere
    ax.hist(x)
    ax.set_xlabel("value")
    figure("histogram", fig)                           # publishes a figure; here it is shown

`runtime.device()` is the torch device to compute on (environment variable MAROVI_DEVICE: cpu or cuda),
`runtime.prepare()` seeds everything and asks for deterministic algorithms (article cells have it done already),
`runtime.data` holds small data sets, `runtime.methods` reference methods in NumPy, each with the PyTorch
counterpart it is checked against.

`import runtime` alone loads NumPy and nothing heavier: torch and matplotlib come in with the first name that
needs them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from runtime import verify
from runtime.values import glue

if TYPE_CHECKING:
    import runtime.data as data
    import runtime.methods as methods
    from runtime.devices import device
    from runtime.figures import figure, subplots
    from runtime.seeding import prepare, rng

__all__ = ["data", "device", "figure", "glue", "methods", "prepare", "rng", "subplots", "verify"]

_HOME = {
    "device": "devices",
    "figure": "figures",
    "subplots": "figures",
    "prepare": "seeding",
    "rng": "seeding",
    "data": "data",
    "methods": "methods",
}


def __getattr__(name: str) -> Any:
    """Import the module a public name lives in when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_HOME[name]}")
    return module if name == _HOME[name] else getattr(module, name)


def __dir__() -> list[str]:
    return __all__
