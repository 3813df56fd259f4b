"""A recorder that keeps what is published, and figures without windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import matplotlib
import pytest
from matplotlib.figure import Figure

from runtime.recording import JSON, CheckKind, Differing, set_recorder


@dataclass
class Kept:
    glued: dict[str, JSON] = field(default_factory=dict)
    figures: dict[str, tuple[Figure, str]] = field(default_factory=dict)
    checks: list[tuple[CheckKind, str, float | None, float | None]] = field(default_factory=list)
    declared: dict[tuple[str, str], tuple[Differing, str]] = field(default_factory=dict)
    tolerances: dict[str, float] = field(default_factory=dict)

    def glue(self, name: str, value: JSON) -> None:
        self.glued[name] = value

    def figure(self, name: str, figure: Figure, caption: str) -> None:
        self.figures[name] = (figure, caption)

    def differs(self, kind: str, name: str, by: Differing, reason: str) -> None:
        self.declared[kind, name] = (by, reason)

    def loosen(self, name: str, rtol: float) -> None:
        self.tolerances[name] = rtol

    def check(self, kind: CheckKind, text: str, tolerance: float | None, difference: float | None) -> None:
        self.checks.append((kind, text, tolerance, difference))


@pytest.fixture
def kept() -> Iterator[Kept]:
    recorder = Kept()
    set_recorder(recorder)
    yield recorder
    set_recorder(None)


@pytest.fixture(autouse=True)
def no_windows() -> Iterator[None]:
    matplotlib.use("Agg")
    with matplotlib.rc_context():
        yield
    from matplotlib import pyplot

    pyplot.close("all")
