"""Results made by hand, as a run would give them for cells that `tests.run.topics.article` made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.run.results import CellOutput, Check, Environment, Figure, Glued, Image, Results, Value


def results(
    values: Mapping[str, Value] | None = None,
    *,
    stdout: str = "",
    figures: Mapping[str, str] | None = None,
    checks: tuple[Check, ...] = (),
    reproduced: bool = True,
    computed: str = "2026-11-21",
    system: str = "Linux x86_64",
) -> Results:
    """Values by name and figures by name with the hash of their data, all from the cell c1, which prints `stdout`."""
    picture = Image(Path("curve.png"), "0" * 40, 1120, 716)
    return Results(
        slug="topic",
        key="0" * 64,
        glued={name: Glued(name, value, "c1") for name, value in (values or {}).items()},
        figures={name: Figure(name, name, "c1", {"en": picture}, digest) for name, digest in (figures or {}).items()},
        outputs={"c1": CellOutput("c1", stdout, "", (), 0.1)},
        checks=checks,
        environment=Environment("3.11.7", "2.4.0", "2.13.0", "3.11.0", "cpu", system),
        seconds=0.1,
        peak_bytes=10**8,
        computed=computed,
        reproduced=reproduced,
    )
