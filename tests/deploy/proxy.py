"""A proxy on loopback before a real wiki: it counts, and can cut, refuse, repeat, change and answer itself."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


@dataclass(frozen=True)
class Request:
    """One request as the wiki would see it."""

    method: str
    path: str
    parameters: dict[str, str]
    agent: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What comes back: of the wiki, or instead of it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    missing: int = 0  # bytes that the header promises and that never come


Cut = type("Cut", (), {})
CUT = Cut()  # the connection ends without an answer
RESET = Cut()  # the same, with a reset
Before = Callable[[Request], "Answer | Cut | None"]  # None lets the request pass
After = Callable[[Request, Answer], "Answer | Cut"]


@dataclass
class Proxy:
    """`before` sees each request, `after` each answer of the wiki; both may decide what the client gets."""

    wiki: str
    url: str = ""
    folder: str = "/"  # where the client finds the wiki's root
    before: Before = lambda request: None
    after: After = lambda request, answer: answer
    requests: list[Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    listener: Listener = field(init=False)

    def __post_init__(self) -> None:
        self.listener = Listener(self)

    def actions(self) -> list[str]:
        return [request.parameters.get("action", "") for request in self.requests]

    def forward(self, request: Request) -> Answer:
        """Let the wiki answer; called twice, the request is delivered twice."""
        connection = http.client.HTTPConnection(urlsplit(self.wiki).netloc, timeout=60)
        with contextlib.closing(connection):
            path = "/" + request.path.removeprefix(self.folder)
            connection.request(request.method, path, request.body, {**request.headers, "Connection": "close"})
            answer = connection.getresponse()
            content = answer.read()
            cookies = answer.headers.get_all("Set-Cookie") or []
            headers = {k: v for k, v in answer.getheaders() if k.lower() not in HOP_BY_HOP | {"set-cookie"}}
            return Answer(answer.status, content, headers | {"Set-Cookie": "\n".join(cookies)})

    def refuse(self, seconds: float) -> None:
        """Take no connection for so long: who asks meanwhile is refused."""
        self.listener.stop()
        again = threading.Timer(seconds, self.listener.start)
        again.daemon = True
        again.start()


@contextlib.contextmanager
def proxy_before(wiki_url: str, folder: str = "/") -> Iterator[Proxy]:
    """Serve a proxy for as long as the block runs."""
    proxy = Proxy(wiki_url, folder=folder)
    proxy.listener.start()
    try:
        yield proxy
    finally:
        proxy.listener.end()


class Listener:
    """What takes the connections, always on the same port."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._port = 0
        self._ended = False

    def start(self) -> None:
        with self._lock:
            if self._server is not None or self._ended:
                return
            self._server = ThreadingHTTPServer(("127.0.0.1", self._port), _handler(self._proxy))
            self._server.daemon_threads = True
            self._port = self._server.server_port
            self._proxy.url = f"http://127.0.0.1:{self._port}{self._proxy.folder}"
            self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
            self._thread.start()

    def stop(self) -> None:
        with self._lock:
            if self._server is None or self._thread is None:
                return
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    def end(self) -> None:
        with self._lock:
            self._ended = True
            self.stop()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parameters, agent = _parameters(self, body), self.headers.get("User-Agent", "")
            request = Request(self.command, self.path, parameters, agent, dict(self.headers.items()), body)
            with proxy.lock:
                proxy.requests.append(request)
            if not self.path.startswith(proxy.folder):
                self._send(Answer(404, b"<html>no such page</html>"))
                return
            verdict = proxy.before(request)
            self._send(verdict if verdict is not None else proxy.after(request, proxy.forward(request)))

        def _send(self, answer: Answer | Cut) -> None:
            self.close_connection = True
            if not isinstance(answer, Answer):
                if answer is RESET:
                    # To linger for no time at all is how a socket is told to end with a reset.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    os.close(self.connection.detach())
                return
            with contextlib.suppress(OSError):
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    for line in value.split("\n"):
                        if line:
                            self.send_header(name, line)
                self.send_header("Content-Length", str(len(answer.body) + answer.missing))
                self.end_headers()
                self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _parameters(handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, str]:
    if handler.headers.get_content_type() == "multipart/form-data":
        parts = re.findall(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', body, re.DOTALL)
        return {name.decode(): value.decode(errors="replace") for name, value in parts}
    query = urlsplit(handler.path).query + "&" + (body.decode(errors="replace") if body else "")
    return {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
