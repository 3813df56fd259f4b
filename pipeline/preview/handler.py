"""One request to the preview: only reading, only from this machine's own pages, only what lies in the site."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, unquote, urlsplit

from pipeline.render.html.policy import POLICY

if TYPE_CHECKING:
    from pipeline.preview.server import PreviewServer

# What the site's pages are made of; anything else is sent as bytes to save.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
HEADERS = {
    "Content-Security-Policy": POLICY + "; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
OWN_NAMES = ("127.0.0.1", "localhost")


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with files below the server's folder."""

    protocol_version = "HTTP/1.1"
    server_version = "marovi"
    sys_version = ""
    timeout = 30  # seconds a silent connection is kept

    def do_GET(self) -> None:
        if not self._is_for_us():
            self._refuse(HTTPStatus.FORBIDDEN, "This preview answers on 127.0.0.1 and localhost only.")
            return
        path = requested(self.path)
        found = located(self._folder, path) if path is not None else None
        if found is None:
            self._not_found()
        elif found.is_dir():
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", {"Location": quote(f"/{path}/")})
        else:
            self._send_file(HTTPStatus.OK, found)

    do_HEAD = do_GET

    def _refuse_method(self) -> None:
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, "This preview can only be read.", {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method

    @property
    def _folder(self) -> Path:
        return cast("PreviewServer", self.server).folder

    def _is_for_us(self) -> bool:
        """A page of another site whose name was pointed at this machine still sends that name."""
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1:
            return False
        name, _, port = hosts[0].strip().lower().partition(":")
        own = str(cast("PreviewServer", self.server).server_port)
        return name in OWN_NAMES and port in ("", own)

    def _send_file(self, status: HTTPStatus, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError:  # the site was replaced between finding the file and reading it
            self._not_found()
            return
        tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
        kind = TYPES.get(path.suffix.lower(), "application/octet-stream")
        if status == HTTPStatus.OK and self.headers.get("If-None-Match") == tag:
            self._send(HTTPStatus.NOT_MODIFIED, b"", kind, {"ETag": tag})
        else:
            self._send(status, content, kind, {"ETag": tag})

    def _not_found(self) -> None:
        page = self._folder / "404.html"
        content = page.read_bytes() if page.is_file() else b"There is no such page."
        kind = TYPES[".html"] if page.is_file() else TYPES[".txt"]
        self._send(HTTPStatus.NOT_FOUND, content, kind)

    def _refuse(self, status: HTTPStatus, reason: str, headers: dict[str, str] | None = None) -> None:
        # What the request may still carry is not read, so nothing after it on this connection can be trusted.
        self.close_connection = True
        self._send(status, reason.encode(), TYPES[".txt"], {"Connection": "close", **(headers or {})})

    def _send(self, status: HTTPStatus, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, **(headers or {})}.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the command line has said where the preview is."""


def requested(target: str) -> str | None:
    """The path asked for, decoded, without its leading slash; None when it could mean a place outside the site."""
    try:
        path = unquote(urlsplit(target).path, errors="strict")
    except ValueError:
        return None
    parts = path.split("/")
    if not path.startswith("/") or any(part in (".", "..") for part in parts) or "" in parts[1:-1]:
        return None
    if any(sign in path for sign in "\\\0\r\n") or ":" in parts[1]:
        return None
    return path[1:]


def located(folder: Path, path: str) -> Path | None:
    """The file that answers for `path`; a folder of pages when its slash is missing; None when there is none."""
    root = folder.resolve()
    wanted = root / path
    try:
        inside = wanted.resolve().is_relative_to(root)
        if inside and wanted.is_dir() and (wanted / "index.html").is_file():
            return wanted / "index.html" if path.endswith("/") or path == "" else wanted
        return wanted if inside and wanted.is_file() and not path.endswith("/") else None
    except OSError:  # a name that no file system takes
        return None
