"""A proxy on loopback before a real wiki: it counts what passes, and can cut, answer itself or change an answer."""

from __future__ import annotations

import contextlib
import http.client
import re
import threading
from collections.abc import Callable, Iterator
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


@dataclass(frozen=True)
class Answer:
    """What comes back: of the wiki, or instead of it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


Cut = type("Cut", (), {})
CUT = Cut()  # the connection ends without an answer
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

    def actions(self) -> list[str]:
        return [request.parameters.get("action", "") for request in self.requests]


@contextlib.contextmanager
def proxy_before(wiki_url: str, folder: str = "/") -> Iterator[Proxy]:
    """Serve a proxy for as long as the block runs."""
    proxy = Proxy(wiki_url, folder=folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy))
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}{folder}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = Request(self.command, self.path, _parameters(self, body), self.headers.get("User-Agent", ""))
            with proxy.lock:
                proxy.requests.append(request)
            if not self.path.startswith(proxy.folder):
                self._send(Answer(404, b"<html>no such page</html>"))
                return
            verdict = proxy.before(request)
            self._send(verdict if verdict is not None else proxy.after(request, self._forward(body)))

        def _forward(self, body: bytes) -> Answer:
            connection = http.client.HTTPConnection(urlsplit(proxy.wiki).netloc, timeout=60)
            with contextlib.closing(connection):
                path = "/" + self.path.removeprefix(proxy.folder)
                connection.request(self.command, path, body, {**dict(self.headers.items()), "Connection": "close"})
                answer = connection.getresponse()
                content = answer.read()
                cookies = answer.headers.get_all("Set-Cookie") or []
                headers = {k: v for k, v in answer.getheaders() if k.lower() not in HOP_BY_HOP | {"set-cookie"}}
                return Answer(answer.status, content, headers | {"Set-Cookie": "\n".join(cookies)})

        def _send(self, answer: Answer | Cut) -> None:
            self.close_connection = True
            if not isinstance(answer, Answer):
                return
            with contextlib.suppress(OSError):
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    for line in value.split("\n"):
                        if line:
                            self.send_header(name, line)
                self.send_header("Content-Length", str(len(answer.body)))
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
