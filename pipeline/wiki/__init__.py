"""A real MediaWiki on this machine: made in seconds, served on loopback only, with accounts for a bot and people."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.errors import ConfigurationError
from pipeline.wiki import install, server
from pipeline.wiki import state as states
from pipeline.wiki.php import run_script
from pipeline.wiki.state import State
from pipeline.wiki.tools import KATEX, MEDIAWIKI, require_tools

PORTS_TRIED = 5


@dataclass(frozen=True, slots=True)
class LocalWiki:
    """A wiki that answers now, and how to log in."""

    url: str  # where api.php is, ending in a slash
    folder: Path
    bot_user: str  # Name@app, with a bot password
    bot_password: str = field(repr=False)
    admin_user: str
    admin_password: str = field(repr=False)
    reader_user: str  # somebody with no rights beyond everybody's
    reader_password: str = field(repr=False)
    notes: tuple[str, ...] = ()  # what falls short on this machine


def up(folder: Path, port: int | None = None) -> LocalWiki:
    """Serve the wiki in `folder`, made first when it is missing; one that is served already is returned as it is.

    `port` None takes the port of last time, else a free one. Raises MissingToolError when packages are missing,
    ConfigurationError when the port is taken or the folder holds something else, and WikiError when MediaWiki fails.
    """
    folder = folder.resolve()
    with _alone(folder):
        running = find(folder)
        if running is not None:
            _require_same_port(running, port)
            return running
        server.stop(folder)
        state = _prepare(folder)
        return _describe(folder, _serve(folder, state, port))


def prepare(folder: Path) -> None:
    """Make the wiki in `folder` when it is missing, without serving it; raises what `up` raises.

    While it is not served its folder may be copied and moved, and each copy is a wiki of its own.
    """
    folder = folder.resolve()
    with _alone(folder):
        _prepare(folder)


def down(folder: Path) -> bool:
    """End the wiki in `folder`, keeping what is in it; return whether it was served."""
    folder = folder.resolve()
    with _alone(folder):
        return server.stop(folder)


def find(folder: Path) -> LocalWiki | None:
    """Return the wiki in `folder` when it is served and answers, else None."""
    folder = folder.resolve()
    state = states.read(folder)
    if state is None or state.port is None or not server.processes(folder):
        return None
    return _describe(folder, state) if server.answers(folder, state.port) else None


def run_jobs(wiki: LocalWiki) -> None:
    """Do all that waits in the wiki's job queue, such as refreshing pages after a template changed."""
    run_script(wiki.folder / "LocalSettings.php", MEDIAWIKI / "maintenance/runJobs.php", "--nothrottle")


def _prepare(folder: Path) -> State:
    require_tools()
    state = states.read(folder) or install.install(folder)
    install.write_entry_points(folder)
    return state


def _serve(folder: Path, state: State, port: int | None) -> State:
    candidates = [port] if port is not None else [state.port or server.free_port()]
    while True:
        served = replace(state, port=candidates[-1])
        states.write(folder, served)
        try:
            server.serve(folder, candidates[-1])
            return served
        except ConfigurationError:
            # Somebody else took it, perhaps between our look and our start.
            if port is not None or len(candidates) == PORTS_TRIED:
                raise
            candidates.append(server.free_port())


def _describe(folder: Path, state: State) -> LocalWiki:
    notes = () if KATEX.is_file() else ("formulas stay as source: apt-get install libjs-katex fonts-katex draws them",)
    return LocalWiki(
        url=f"http://{server.LOOPBACK}:{state.port}/",
        folder=folder,
        bot_user=f"{install.BOT}@{install.APP}",
        bot_password=state.bot_password,
        admin_user=install.ADMIN,
        admin_password=state.admin_password,
        reader_user=install.READER,
        reader_password=state.reader_password,
        notes=notes,
    )


def _require_same_port(running: LocalWiki, port: int | None) -> None:
    if port is not None and running.url != f"http://{server.LOOPBACK}:{port}/":
        raise ConfigurationError(f"the wiki is served at {running.url} already", "end it with `marovi wiki down` first")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one command at a time start or end the wiki in `folder`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
