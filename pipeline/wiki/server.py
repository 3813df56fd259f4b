"""The web server of one wiki: PHP's own, with four workers, on loopback only, detached from whoever started it."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import time
from pathlib import Path

from pipeline.errors import ConfigurationError, WikiError
from pipeline.wiki.php import OPTIONS, environment
from pipeline.wiki.tools import MEDIAWIKI

LOOPBACK = "127.0.0.1"
WORKERS = 4
SECONDS_TO_START = 30
SECONDS_TO_END = 5


def serve(folder: Path, port: int) -> None:
    """Start serving the wiki in `folder` and return once it answers.

    Raises ConfigurationError when the port is taken and WikiError when the wiki does not answer.
    """
    require_free(port)
    log = folder / "server.log"
    start = log.stat().st_size if log.exists() else 0
    child = _spawn(folder, port, log)
    patience = time.monotonic() + SECONDS_TO_START
    pause = 0.01
    while time.monotonic() < patience:
        if os.waitpid(child, os.WNOHANG)[0]:
            said = _tail(log, start)
            if "Address already in use" in said:
                raise ConfigurationError(f"port {port} is taken", "choose another with --port, or none for a free one")
            raise WikiError(f"PHP's web server ended at once: {said or 'it said nothing'}", f"see {log}")
        if answers(folder, port, seconds=SECONDS_TO_START):
            return
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
    stop(folder)
    raise WikiError(f"the wiki did not answer within {SECONDS_TO_START} seconds: {_tail(log, start)}", f"see {log}")


def stop(folder: Path) -> bool:
    """End every process that serves `folder`; return whether there was one."""
    found = processes(folder)
    for number in (signal.SIGTERM, signal.SIGKILL):
        patience = time.monotonic() + SECONDS_TO_END
        for pid in processes(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while (left := not all(map(_ended, found))) and time.monotonic() < patience:
            time.sleep(0.01)
        if not left:
            break
    for pid in found:
        # Only those that this very process started can and must be reaped.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
    return bool(found)


def processes(folder: Path) -> list[int]:
    """Return the processes of this user that serve `folder`.

    Found by their command line, so that no number written down long ago is ever taken for somebody else's process.
    """
    router = os.fsencode(folder / "router.php")
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if words[1:2] == [b"-S"] and router in words and entry.stat().st_uid == os.getuid():
                found.append(int(entry.name))
    return sorted(found)


def _ended(pid: int) -> bool:
    # A process loses its command line first and its sockets later: only now is its port free.
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def answers(folder: Path, port: int, seconds: float = 10) -> bool:
    """Tell whether it is the wiki of this very folder that answers on `port`."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=seconds)
    try:
        connection.request("GET", "/api.php?action=query&meta=siteinfo&format=json")
        answer = connection.getresponse()
        body = answer.read()
        if answer.getheader("X-Marovi-Wiki") != hashlib.md5(os.fsencode(folder)).hexdigest():
            return False
        return answer.status == 200 and "query" in json.loads(body)
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


def require_free(port: int) -> None:
    """Raise ConfigurationError unless `port` can be listened on."""
    if not 0 < port <= 65535:
        raise ConfigurationError(f"{port} is no port", "choose one from 1 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise ConfigurationError(
                f"port {port} cannot be used: {error.strerror}", "choose another with --port, or none for a free one"
            ) from error


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        number: int = probe.getsockname()[1]
        return number


def _spawn(folder: Path, port: int, log: Path) -> int:
    php = shutil.which("php")
    if php is None:
        raise WikiError("PHP is gone", "install it again")
    words = [php, "-S", f"{LOOPBACK}:{port}", "-t", str(MEDIAWIKI), *OPTIONS, str(folder / "router.php")]
    variables = {**environment(folder / "LocalSettings.php"), "PHP_CLI_SERVER_WORKERS": str(WORKERS)}
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    # A session of its own: neither Ctrl-C nor a closed terminal ends it.
    return os.posix_spawn(php, words, variables, file_actions=files, setsid=True)


def _tail(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().decode(errors="replace").strip().splitlines()
    return " / ".join(lines[-3:])
