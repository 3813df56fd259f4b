"""Settings for runs in tests: a cache of their own, short limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.run import RunSettings


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    """One run of each topic, limits that are reached within seconds."""
    return RunSettings(
        cache=tmp_path / "cache",
        languages=("en", "es", "zh"),
        time_limit=20.0,
        memory_limit=300 * 2**20,
        output_limit=10_000,
        workers=2,
        reproduce=False,
    )
