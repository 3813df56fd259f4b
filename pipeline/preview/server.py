"""The preview's server: bound to loopback, until Ctrl-C."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from socket import socket

from pipeline.errors import ConfigurationError
from pipeline.preview.answers import Folder, Source
from pipeline.preview.handler import Handler

DEFAULT_PORT = 8000
LOOPBACK = "127.0.0.1"
PORTS_TRIED = 50
BUSY = (errno.EADDRINUSE, errno.EACCES)


def serve(source: Source, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve `source` until Ctrl-C; `ready` is told the address once the server answers there.

    `port` 0 takes any free port, None 8000 or the next free one. Raises ConfigurationError when the port is busy.
    """
    with open_server(source, port) as server:
        ready(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def built(folder: Path) -> Folder:
    """The site in `folder`. Raises ConfigurationError when it holds none."""
    if not (folder / "index.html").is_file():
        raise ConfigurationError(f"there is no site in {folder}", "run `marovi build` first")
    return Folder(folder)


def open_server(source: Source, port: int | None = None) -> PreviewServer:
    """Bind the server; it answers while its `serve_forever` runs."""
    wanted = DEFAULT_PORT if port is None else port
    if not 0 <= wanted <= 65535:
        raise ConfigurationError(f"{wanted} is no port", "choose one from 1 to 65535, or 0 for any that is free")
    last = wanted + PORTS_TRIED if port is None else wanted + 1
    for candidate in range(wanted, last):
        try:
            return PreviewServer(source, candidate)
        except OSError as error:
            if error.errno not in BUSY:
                raise
    busy = f"the ports {wanted} to {last - 1} are busy" if port is None else f"port {wanted} is busy"
    raise ConfigurationError(busy, "choose another with --port, or 0 for any")


class PreviewServer(ThreadingHTTPServer):
    """Answers from one source."""

    daemon_threads = True
    # Two previews on one port would answer in turns.
    allow_reuse_port = False

    def __init__(self, source: Source, port: int) -> None:
        self.source = source
        super().__init__((LOOPBACK, port), Handler)

    @property
    def address(self) -> str:
        """Where a browser finds it: `http://127.0.0.1:8000/`."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no error; all else is shown."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)
