"""The preview's server: bound to loopback, on the port asked for or the next free one, until Ctrl-C."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from socket import socket

from pipeline.errors import ConfigurationError
from pipeline.preview.handler import Handler

DEFAULT_PORT = 8000
LOOPBACK = "127.0.0.1"
PORTS_TRIED = 50
BUSY = (errno.EADDRINUSE, errno.EACCES)


def serve(folder: Path, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve `folder` until Ctrl-C; `ready` is told the address once the server answers there.

    `port` 0 takes any free port; a busy port gives the next free one. Raises ConfigurationError when `folder` holds
    no site, or when no port is free.
    """
    with open_server(folder, port) as server:
        ready(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def open_server(folder: Path, port: int | None = None) -> PreviewServer:
    """Bind the server; it answers while its `serve_forever` runs."""
    if not (folder / "index.html").is_file():
        raise ConfigurationError(f"there is no site in {folder}", "run `marovi build` first")
    wanted = DEFAULT_PORT if port is None else port
    if not 0 <= wanted <= 65535:
        raise ConfigurationError(f"{wanted} is no port", "choose one from 1 to 65535, or 0 for any that is free")
    last = min(wanted + PORTS_TRIED, 65536) if wanted else 1
    for candidate in range(wanted, last):
        try:
            return PreviewServer(folder, candidate)
        except OSError as error:
            if error.errno not in BUSY:
                raise
    raise ConfigurationError(f"the ports {wanted} to {last - 1} are busy", "choose another with --port, or 0 for any")


class PreviewServer(ThreadingHTTPServer):
    """Answers for one folder. The folder is looked up at each request, so a rebuild that replaces it shows at once."""

    daemon_threads = True
    # Two previews on one port would answer in turns.
    allow_reuse_port = False

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        super().__init__((LOOPBACK, port), Handler)

    @property
    def address(self) -> str:
        """Where a browser finds it: `http://127.0.0.1:8000/`."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no error; all else is shown."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)
