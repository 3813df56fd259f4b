"""The preview answers for its own folder, on loopback, for reading only, and for nobody else's pages."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError
from pipeline.preview import built, open_server
from pipeline.preview.handler import requested
from pipeline.preview.server import PreviewServer
from tests.processes import started


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "build" / "site"
    for name, content in {
        "index.html": "<h1>home</h1>",
        "404.html": "<h1>nothing here</h1>",
        "es/softmax-function/index.html": "<h1>softmax</h1>",
        "assets/site.css": "body {}",
        "assets/site.js": "'use strict'",
        "assets/mark.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "figures/Ñandú (en).png": "\x89PNG",
        "assets/fonts/a.woff2": "wOF2",
        "empty/.keep": "",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("do not show")
    (tmp_path / "build" / "manifest.json").write_text("do not show")
    (folder / "escape.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def server(site: Path) -> Iterator[PreviewServer]:
    with open_server(built(site), 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server: PreviewServer, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send exactly this path and these headers, as no browser would tidy them."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/es/softmax-function/", "text/html; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/site.js", "text/javascript; charset=utf-8"),
        ("/assets/site.js?v=2", "text/javascript; charset=utf-8"),
        ("/assets/mark.svg", "image/svg+xml"),
        ("/assets/fonts/a.woff2", "font/woff2"),
        ("/figures/%C3%91and%C3%BA%20(en).png", "image/png"),
    ],
)
def test_files_are_sent_with_their_type(server: PreviewServer, path: str, kind: str) -> None:
    status, headers, body = ask(server, path)
    assert (status, headers["content-type"]) == (200, kind)
    assert len(body) == int(headers["content-length"]) > 0


def test_a_folder_without_its_slash_is_redirected(server: PreviewServer) -> None:
    status, headers, _ = ask(server, "/es/softmax-function")
    assert (status, headers["location"]) == (301, "/es/softmax-function/")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/../../secret.txt",
        "/../manifest.json",
        "/%2e%2e/manifest.json",
        "/..%2fmanifest.json",
        "/assets/../../manifest.json",
        "/assets/..%5c..%5cmanifest.json",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/escape.txt",
        "/index.html%00.png",
        "/index.html/",
        "/%ff",
        "/empty/",
        "/assets/",
        "/file:///etc/passwd",
        "/" + "a" * 5000,
    ],
)
def test_nothing_outside_the_site_is_ever_sent(server: PreviewServer, path: str) -> None:
    status, _, body = ask(server, path)
    assert status == 404
    assert b"do not show" not in body
    assert b"root:" not in body


def test_a_redirect_never_leads_to_another_site(server: PreviewServer) -> None:
    for path in ("//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "/es//softmax-function"):
        status, headers, _ = ask(server, path)
        assert status == 404
        assert "location" not in headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1:1", "localhost.evil.example:{port}", "", "10.0.0.1:{port}"],
)
def test_a_name_pointed_at_this_machine_is_refused(server: PreviewServer, host: str) -> None:
    status, _, body = ask(server, "/", Host=host.format(port=server.server_port))
    assert status == 403
    assert b"home" not in body


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}"])
def test_this_machines_own_names_are_answered(server: PreviewServer, host: str) -> None:
    assert ask(server, "/", Host=host.format(port=server.server_port))[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_only_reading_is_allowed(server: PreviewServer, method: str) -> None:
    status, headers, _ = ask(server, "/", method)
    assert (status, headers["allow"], headers["connection"]) == (405, "GET, HEAD", "close")


def test_head_tells_the_length_and_sends_nothing(server: PreviewServer) -> None:
    status, headers, body = ask(server, "/", "HEAD")
    assert (status, headers["content-length"], body) == (200, "13", b"")


def test_every_answer_carries_the_security_headers(server: PreviewServer) -> None:
    for path, method in (("/", "GET"), ("/nowhere", "GET"), ("/", "POST"), ("/es/softmax-function", "GET")):
        headers = ask(server, path, method)[1]
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "python" not in headers.get("server", "").lower()


def test_an_unchanged_page_is_not_sent_twice(server: PreviewServer, site: Path) -> None:
    tag = ask(server, "/")[1]["etag"]
    assert ask(server, "/", If_None_Match=tag)[0] == 304
    (site / "index.html").write_text("<h1>new</h1>")
    assert ask(server, "/", If_None_Match=tag)[0] == 200


def test_a_missing_page_shows_the_sites_own_words(server: PreviewServer) -> None:
    status, headers, body = ask(server, "/nowhere/")
    assert (status, body) == (404, b"<h1>nothing here</h1>")
    assert headers["content-type"].startswith("text/html")


def test_a_site_replaced_while_serving_is_served(server: PreviewServer, site: Path) -> None:
    assert b"home" in ask(server, "/")[2]
    site.rename(site.with_name("old"))
    site.mkdir()
    (site / "index.html").write_text("rebuilt")
    assert ask(server, "/")[2] == b"rebuilt"


def test_it_listens_on_loopback_only(server: PreviewServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_a_busy_port_gives_the_next_free_one(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        monkeypatch.setattr("pipeline.preview.server.DEFAULT_PORT", port)
        with open_server(built(site)) as server:
            assert port < server.server_port <= port + 50


def test_a_port_that_was_asked_for_is_taken_or_none(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy, pytest.raises(ConfigurationError, match="is busy"):
        open_server(built(site), busy.getsockname()[1])


def test_a_folder_without_a_site_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no site"):
        built(tmp_path)


def test_a_port_that_is_none_is_a_clear_error(site: Path) -> None:
    with pytest.raises(ConfigurationError, match="no port"):
        open_server(built(site), 70000)


def test_ctrl_c_ends_it_quietly(site: Path) -> None:
    code = (
        "import sys, pathlib; from pipeline.preview import built, serve;"
        "serve(built(pathlib.Path(sys.argv[1])), 0, lambda address: print(address, flush=True))"
    )
    command = [sys.executable, "-c", code, str(site)]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        port = int(address.rstrip("/").rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")


FOREIGN = "http://example.org"


@pytest.mark.parametrize(
    "origin", [FOREIGN, "null", "http://127.0.0.1:1", "https://127.0.0.1", "http://localhost.example.org"]
)
def test_a_page_of_another_site_is_refused(server: PreviewServer, origin: str) -> None:
    assert ask(server, "/", Origin=origin)[0] == 403


def test_its_own_pages_are_answered(server: PreviewServer) -> None:
    assert ask(server, "/", Origin=f"http://127.0.0.1:{server.server_port}")[0] == 200
    assert ask(server, "/", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors")[0] == 200


def test_another_site_may_lead_here_and_show_nothing_of_it(server: PreviewServer) -> None:
    assert ask(server, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")[0] == 200
    for mode in ("cors", "no-cors", "websocket"):
        assert ask(server, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode=mode)[0] == 403


@pytest.mark.parametrize("from_", ["cross-site", "same-site"])
@pytest.mark.parametrize("place", ["iframe", "frame", "object", "embed"])
def test_another_site_makes_nothing_here_in_a_frame_of_its_own(server: PreviewServer, from_: str, place: str) -> None:
    """The browser would not show it, but a wiki would have been asked, or a listener been counted."""
    sent = {"Sec_Fetch_Site": from_, "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": place}
    assert ask(server, "/", **sent)[0] == 403
    assert ask(server, "/", **{**sent, "Sec_Fetch_Dest": "document"})[0] == 200


def test_a_drawing_that_is_opened_by_itself_runs_no_script_at_all(server: PreviewServer) -> None:
    for path in ("/assets/mark.svg", "/figures/%C3%91and%C3%BA%20(en).png"):
        policy = ask(server, path)[1]["content-security-policy"]
        assert "sandbox" in policy
        assert "script-src" not in policy and "default-src 'none'" in policy
    assert "sandbox" not in ask(server, "/")[1]["content-security-policy"]


@pytest.mark.parametrize(("target", "path"), [("/", ""), ("/a/b", "a/b"), ("/a%20b/", "a b/"), ("/a?b=/../c", "a")])
def test_a_path_is_decoded_once(target: str, path: str) -> None:
    assert requested(target) == path


def test_a_path_encoded_twice_stays_encoded() -> None:
    assert requested("/%252e%252e/x") == "%2e%2e/x"
