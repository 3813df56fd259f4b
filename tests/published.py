"""Projects run for real once a session, for tests that look at their pages: the sample and the repository itself."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.preview import built, open_server
from pipeline.read import read
from pipeline.read.article import Sources
from pipeline.render import page_models, render
from pipeline.render.hubs.drawing import drawn
from pipeline.render.model import PageModel
from pipeline.render.site import render_site
from pipeline.run import RunSettings, run
from pipeline.run.results import Results
from pipeline.wiki import LocalWiki, down, up
from tests.wiki.publishing import publish

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
    pictures: Mapping[str, bytes]  # of the learning path


@dataclass(frozen=True, slots=True)
class Previews:
    """Where the preview of each project is served."""

    repository: str
    sample: str


def published(root: Path) -> Published:
    """Run the project at `root`; results of runs before are taken where nothing has changed."""
    config = load(root)
    sources = read(config)
    settings = RunSettings(cache=REPOSITORY / ".marovi" / "cache", languages=config.languages)
    report = run(tuple(sources.articles.values()), settings)
    assert report.problems == ()
    commits = dict.fromkeys(sources.articles, COMMIT)
    pictures = drawn(sources, REPOSITORY / ".marovi" / "pictures")
    return Published(sources, report.results, page_models(sources, report.results, commits), commits, pictures)


@pytest.fixture(scope="session")
def sample() -> Published:
    """tests/sample: two small topics that hold every kind of node."""
    return published(SAMPLE)


@pytest.fixture(scope="session")
def repository() -> Published:
    """The articles of this repository."""
    return published(REPOSITORY)


@pytest.fixture(scope="session")
def preview(repository: Published, sample: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previews]:
    """The sites of both projects, served; their addresses end in a slash."""
    folder = tmp_path_factory.mktemp("sites")
    with ExitStack() as stack:
        addresses = []
        for name, project in (("repository", repository), ("sample", sample)):
            render_site(project.sources, project.models, folder / name, project.pictures)
            addresses.append(stack.enter_context(_served(folder / name)))
        yield Previews(*addresses)


@pytest.fixture(scope="session")
def published_wiki(
    installed_wiki: Path, repository: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalWiki]:
    """A running wiki with everything that the repository's articles make; for reading only."""
    folder = tmp_path_factory.mktemp("published") / "wiki"
    shutil.copytree(installed_wiki, folder)
    try:
        wiki = up(folder)
        publish(wiki, render(repository.sources, repository.results, repository.commits, repository.pictures)[0])
        yield wiki
    finally:
        down(folder)
        shutil.rmtree(folder)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with open_server(built(folder), 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.address
        finally:
            server.shutdown()
            thread.join()
