"""A live preview of a project for tests, in this process."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.config import load
from pipeline.preview import open_server
from pipeline.preview.live import Live
from pipeline.preview.routes import LiveSource
from pipeline.preview.wiki_choice import WikiChoice
from pipeline.run import RunSettings
from pipeline.run.keeper import stop_kept
from tests.published import REPOSITORY, SAMPLE

NEWTON = "articles/newton-iteration/en.md"


def sample(root: Path) -> Path:
    """A copy of the sample with the templates of the repository."""
    shutil.copytree(SAMPLE, root)
    shutil.rmtree(root / "templates", ignore_errors=True)
    (root / "templates").unlink(missing_ok=True)
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    return root


@contextmanager
def previewing(root: Path, *, keep: bool = False, reproduce: bool = True, port: int = 0) -> Iterator[tuple[str, Live]]:
    """The address of a live preview, and what it serves."""
    config = load(root)
    settings = RunSettings.of(config, executor="local", keep=keep, reproduce=reproduce)
    live = Live(config, replace(settings, cache=REPOSITORY / ".marovi" / "cache"))
    with open_server(LiveSource(live, WikiChoice(config, "", {})), port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        live.start()
        try:
            yield server.address, live
        finally:
            server.shutdown()
            thread.join()
            live.stop()
            stop_kept(config.state / "keep")


def until(wanted: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What `wanted` gives once that is true."""
    end = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
    return found


def settled(live: Live) -> None:
    """Wait until nothing runs and nothing waits to run."""

    def is_done() -> bool:
        with live.asking():
            return all(topic.state not in ("stale", "running") for topic in live.states().topics)

    until(is_done)
