"""A project that uses every kind of node, in three languages, with results as a run would give them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.read import read
from pipeline.read.article import Sources
from pipeline.run.results import CellOutput, Check, Environment, Figure, Glued, Image, Results

REPOSITORY = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "sample"
ENVIRONMENT = Environment("3.11.2", "2.3.1", "2.13.0", "3.10.0", "cpu", "Linux x86_64")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The sample's sources, with this repository's templates."""
    root = tmp_path_factory.mktemp("sample") / "project"
    shutil.copytree(SAMPLE, root)
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    return read(load(root))


@pytest.fixture(scope="session")
def sample_results(sample: Sources, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Results]:
    """What running the sample's cells gives."""
    picture = (SAMPLE / "articles" / "sample-topic" / "picture.png").read_bytes()
    folder = tmp_path_factory.mktemp("images")

    def image(name: str) -> Image:
        path = folder / f"{name}.png"
        path.write_bytes(picture + name.encode())  # what follows a PNG's last chunk is not looked at
        return Image(path, hashlib.sha1(path.read_bytes()).hexdigest(), 40, 20)

    def figure(name: str, cell: str) -> Figure:
        images = {language: image(f"{name}-{language}") for language in sample.languages}
        return Figure(name, name, cell, images, "0" * 64)

    glued = {
        "rate": 0.05,
        "share": 0.976,
        "vector": [0.976, 0.018, -0.007],
        "small": 1.2e-05,
        "big": 1234567,
        "word": "1.5 as a word",
        "steps": [{"name": "plain", "loss": 0.09994, "steps": 120}, {"name": "momentum", "loss": 0.0991, "steps": 31}],
    }
    topic = Results(
        slug="sample-topic",
        key="0" * 64,
        glued={name: Glued(name, value, "shown") for name, value in glued.items()},
        figures={"curve": figure("curve", "folded"), "placed": figure("placed", "hidden")},
        outputs={
            "shown": CellOutput("shown", "{{braces}} [[links]] ~~~~\n", "</pre> & <b>", (), 0.1),
            "folded": CellOutput("folded", "", "", (), 0.1),
            "hidden": CellOutput("hidden", "", "", (), 0.1),
        },
        checks=(Check("close", "two ways", "shown", 40, 1e-6, 0.0),),
        environment=ENVIRONMENT,
        seconds=0.3,
        peak_bytes=1000,
        computed="2026-11-21",
        reproduced=True,
    )
    other = Results("other-topic", "1" * 64, {}, {}, {}, (), ENVIRONMENT, 0.0, 0, "2026-11-21", True)
    return {"sample-topic": topic, "other-topic": other}
