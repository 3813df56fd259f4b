"""A recorder that keeps what is published, and figures without windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import matplotlib
import pytest
from matplotlib.figure import Figure

from runtime.recording import JSON, CheckKind, set_recorder


@dataclass
class Kept:
    glued: dict[str, JSON] = field(default_factory=dict)
    figures: dict[str, tuple[Figure, str]] = field(default_factory=dict)
    checks: list[tuple[CheckKind, str, float | None, float | None]] = field(default_factory=list)

    def glue(self, name: str, value: JSON) -> None:
        self.glued[name] = value

    def figure(self, name: str, figure: Figure, caption: str) -> None:
        self.figures[name] = (figure, caption)

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
