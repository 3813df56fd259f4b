"""Serve a wiki with PHP's own server, detached from the terminal, and stop it again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

from pipeline.errors import WikiError
from pipeline.wiki.local import LocalWiki, read_state, write_state
from pipeline.wiki.tools import MEDIAWIKI, environment, require_mediawiki

WORKERS = 4
PATIENCE = 30.0  # seconds


def start(wiki: LocalWiki, port: int | None) -> LocalWiki:
    """Serve the wiki and return it once its API answers."""
    require_mediawiki()
    stop(wiki.folder)
    port = port or (wiki.port if wiki.port and _free(wiki.port) else _free_port())
    if not _free(port):
        raise WikiError(f"port {port} is taken", "name another one with --port, or none")
    with (wiki.folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [
                "php",
                "-d", "display_errors=stderr",
                "-d", "memory_limit=512M",
                "-d", "upload_max_filesize=100M",
                "-d", "post_max_size=110M",
                "-d", "opcache.enable_cli=1",
                "-S", f"127.0.0.1:{port}",
                "-t", str(MEDIAWIKI),
                str(Path(__file__).with_name("router.php")),
            ],
            env={**environment(wiki.folder), "PHP_CLI_SERVER_WORKERS": str(WORKERS)},
            cwd=MEDIAWIKI,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )  # fmt: skip
    served = replace(wiki, port=port, pid=process.pid)
    write_state(served)
    deadline = time.monotonic() + PATIENCE
    while not answers(served):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(wiki.folder)
            raise WikiError("the local wiki does not come up", f"see {wiki.folder / 'server.log'}")
        time.sleep(0.05)
    return served


def stop(folder: Path) -> bool:
    """End the server's whole process group; True when there was one."""
    wiki = read_state(folder)
    if wiki is None or not wiki.pid:
        return False
    ours = _is_ours(wiki)
    if ours:
        _end(wiki.pid)
    write_state(replace(wiki, pid=0))
    return ours


def answers(wiki: LocalWiki) -> bool:
    """True when the API at the wiki's address is that of this very wiki's process."""
    if not _is_ours(wiki):
        return False
    try:
        with urllib.request.urlopen(f"{wiki.url}api.php?action=query&meta=siteinfo&format=json", timeout=10) as answer:
            return "query" in json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _is_ours(wiki: LocalWiki) -> bool:
    """A process number is used again by others in time: only one that was started for this port counts."""
    try:
        command = Path(f"/proc/{wiki.pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"127.0.0.1:{wiki.port}".encode() in command and any(word.endswith(b"router.php") for word in command)


def _end(group: int) -> None:
    for number, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
        try:
            os.killpg(group, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(group, os.WNOHANG)  # ours to reap when this process started it
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
