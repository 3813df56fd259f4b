"""One request to the preview: only reading, only from this machine's own pages, only what the preview has to show."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.preview.answers import HTML, PICTURE_POLICY, TEXT, Answer, Events
from pipeline.render.html.policy import POLICY

if TYPE_CHECKING:
    from pipeline.preview.server import PreviewServer

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
    """Answers GET and HEAD with what the server's source has."""

    protocol_version = "HTTP/1.1"
    server_version = "marovi"
    sys_version = ""
    timeout = 30  # seconds a silent connection is kept

    def do_GET(self) -> None:
        if not self._is_for_us():
            self._refuse(HTTPStatus.FORBIDDEN, "This preview answers on 127.0.0.1 and localhost only.")
            return
        if not self._is_from_us():
            self._refuse(HTTPStatus.FORBIDDEN, "This preview answers its own pages only.")
            return
        path = requested(self.path)
        found = self._preview.source.answer(path, self._query()) if path is not None else None
        if found is None:
            self._not_found()
        elif isinstance(found, AbstractContextManager):
            self._send_events(found)
        elif found.place is not None:
            status = HTTPStatus.FOUND if found.is_changing else HTTPStatus.MOVED_PERMANENTLY
            self._send(status, b"", TEXT, {"Location": found.place})
        else:
            self._send_found(found)

    do_HEAD = do_GET

    def _refuse_method(self) -> None:
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, "This preview can only be read.", {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method

    @property
    def _preview(self) -> PreviewServer:
        return cast("PreviewServer", self.server)

    def _query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    def _is_for_us(self) -> bool:
        """A page of another site whose name was pointed at this machine still sends that name."""
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1:
            return False
        name, _, port = hosts[0].strip().lower().partition(":")
        return name in OWN_NAMES and port in ("", str(self._preview.server_port))

    def _is_from_us(self) -> bool:
        """A page of another site may lead here, and may neither read nor show what is here."""
        origins = self.headers.get_all("Origin") or []
        own = {f"http://{name}:{self._preview.server_port}" for name in OWN_NAMES}
        if any(origin.strip().lower() not in own for origin in origins):
            return False
        is_foreign = self.headers.get("Sec-Fetch-Site", "").strip().lower() in ("cross-site", "same-site")
        mode, place = (self.headers.get(f"Sec-Fetch-{name}", "").strip().lower() for name in ("Mode", "Dest"))
        # what a frame would show of us its browser refuses, but only after we have done the work
        return not is_foreign or (mode == "navigate" and place in ("document", ""))

    def _send_found(self, found: Answer) -> None:
        tag = f'"{hashlib.sha256(found.content).hexdigest()[:20]}"'
        headers = {"ETag": tag, **found.headers}
        if found.status == HTTPStatus.OK and self.headers.get("If-None-Match") == tag:
            self._send(HTTPStatus.NOT_MODIFIED, b"", found.kind, headers)
        else:
            self._send(found.status, found.content, found.kind, headers)

    def _send_events(self, events: Events) -> None:
        """Send what is told for as long as the browser listens; the connection ends with it."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        kind = {"Content-Type": "text/event-stream; charset=utf-8", "Connection": "close"}
        for name, value in {**HEADERS, **kind}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        with events as told:
            for event in told:
                self.wfile.write(event)

    def _not_found(self) -> None:
        page = self._preview.source.missing()
        self._send(HTTPStatus.NOT_FOUND, page or b"There is no such page.", HTML if page else TEXT)

    def _refuse(self, status: HTTPStatus, reason: str, headers: dict[str, str] | None = None) -> None:
        # What the request may still carry is not read, so nothing after it on this connection can be trusted.
        self.close_connection = True
        self._send(status, reason.encode(), TEXT, {"Connection": "close", **(headers or {})})

    def _send(self, status: HTTPStatus, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        own = {"Content-Security-Policy": PICTURE_POLICY} if kind.startswith("image/") else {}
        for name, value in {**HEADERS, **own, **(headers or {})}.items():
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
