"""Fixtures for all tests: a small project, real wikis that are thrown away, a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from pipeline.wiki import LocalWiki, down, prepare, up
from tests.project import Project, built, built_once, project, whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Request

__all__ = ["Project", "built", "built_once", "project", "whole"]

# A slow moment of the machine is no fault of the code under test.
settings.register_profile("marovi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("marovi")

# Where GitHub runs the tests, the commands under test are to print what they print anywhere else.
for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(name, None)

# A job that a script runs in the background ignores what Ctrl+C sends, and so would all that tests start and end so.
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MARKS = {"installed_wiki": "wiki", "browser": "browser", "built_once": "slow", "whole": "slow"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it uses, so that none can be forgotten when those are left out."""
    for item in items:
        for fixture in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[fixture])
        if HERE / "wiki" in item.path.parents:
            item.add_marker("wiki")
    # It takes longest by far: begun last, it would run on alone.
    items.sort(key=lambda item: item.path.name != "test_published.py")


@pytest.fixture(scope="session")
def guard() -> Iterator[Callable[[Path], None]]:
    """Promise that what serves a folder ends with the tests, also when they are killed."""
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "tests.wiki.guard"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, text=True, start_new_session=True) as watching:

        def watch(folder: Path) -> None:
            assert watching.stdin is not None
            watching.stdin.write(f"{folder.resolve()}\n")
            watching.stdin.flush()

        yield watch


@pytest.fixture(scope="session")
def installed_wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wiki that is installed and empty, to be copied; never served."""
    folder = tmp_path_factory.mktemp("wiki") / "installed"
    prepare(folder)
    return folder


@pytest.fixture(scope="session")
def wiki(installed_wiki: Path, guard: Callable[[Path], None]) -> Iterator[LocalWiki]:
    """A running wiki that all tests of the session share: use page titles of your own."""
    with _copy(installed_wiki, installed_wiki.with_name("shared"), guard) as copy:
        yield copy


@pytest.fixture
def fresh_wiki(installed_wiki: Path, tmp_path: Path, guard: Callable[[Path], None]) -> Iterator[LocalWiki]:
    """A running wiki that is empty and this test's own."""
    with _copy(installed_wiki, tmp_path / "wiki", guard) as copy:
        yield copy


@contextmanager
def _copy(installed: Path, folder: Path, guard: Callable[[Path], None]) -> Iterator[LocalWiki]:
    shutil.copytree(installed, folder)
    guard(folder)
    try:
        yield up(folder)
    finally:
        down(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "Chromium is needed; on Debian or Ubuntu run, as root: apt-get install chromium"
    options = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    options.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost")
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=options)
        yield launched
        launched.close()


class Window:
    """A browser window that notes what must not happen: errors in the console, requests that leave this machine."""

    def __init__(self, browser: Browser, width: int, height: int, **options: Any) -> None:
        # Scrolling smoothly, a page takes a second and more to come to rest.
        still = {"reduced_motion": "reduce", **options}
        self.context = browser.new_context(viewport={"width": width, "height": height}, **still)
        self.errors: list[str] = []
        self.context.on("request", self._only_loopback)  # not a route: that would keep the browser from its cache
        self.page = self.context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _only_loopback(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.hostname not in ("127.0.0.1", "localhost"):
            self.errors.append(f"asked {address.hostname}")


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Open a window: `window(width, height=900, **options)` gives a Window, closed at the end of the test."""
    opened: list[Window] = []

    def open_window(width: int = 1280, height: int = 900, **options: Any) -> Window:
        opened.append(Window(browser, width, height, **options))
        return opened[-1]

    yield open_window
    for one in opened:
        one.context.close()
