"""Projects run for real once a session, for tests that look at their pages: the sample and the repository itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.read import read
from pipeline.read.article import Sources
from pipeline.render import page_models
from pipeline.render.model import PageModel
from pipeline.run import RunSettings, run
from pipeline.run.results import Results

REPOSITORY = Path(__file__).parents[1]
SAMPLE = REPOSITORY / "tests" / "sample"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True, slots=True)
class Published:
    """A project with its results and its pages."""

    sources: Sources
    results: Mapping[str, Results]
    models: tuple[PageModel, ...]
    commits: Mapping[str, str]


def published(root: Path) -> Published:
    """Run the project at `root`; results of runs before are taken where nothing has changed."""
    config = load(root)
    sources = read(config)
    settings = RunSettings(cache=REPOSITORY / ".marovi" / "cache", languages=config.languages)
    report = run(tuple(sources.articles.values()), settings)
    assert report.problems == ()
    commits = dict.fromkeys(sources.articles, COMMIT)
    return Published(sources, report.results, page_models(sources, report.results, commits), commits)


@pytest.fixture(scope="session")
def sample() -> Published:
    """tests/sample: two small topics that hold every kind of node."""
    return published(SAMPLE)


@pytest.fixture(scope="session")
def repository() -> Published:
    """The articles of this repository."""
    return published(REPOSITORY)
