"""`marovi preview --wiki`: pages as a real MediaWiki renders them, without an edit and without anything that runs."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from pipeline.build import build
from pipeline.config import load
from pipeline.deploy import deploy
from pipeline.deploy.target import for_reading, parse
from pipeline.errors import WikiError
from pipeline.preview import on_wiki
from pipeline.preview.live import Live
from pipeline.preview.routes import LiveSource
from pipeline.preview.server import open_server
from pipeline.preview.wiki_choice import WikiChoice
from pipeline.preview.wiki_parse import Wiki
from pipeline.render import manifest
from pipeline.render.page import Page
from pipeline.run import RunSettings
from pipeline.wiki import LocalWiki, down, run_jobs, up
from tests.browser.looks import comes_right
from tests.deploy.proxy import Answer, Proxy, Request, proxy_before
from tests.previewing import NEWTON as NEWTON_FILE
from tests.previewing import exchange, restored, settled, until
from tests.wiki.people import edit_as, log_in, text_of
from tests.wiki.publishing import publish

pytestmark = [pytest.mark.wiki, pytest.mark.slow]
REPOSITORY = Path(__file__).parents[2]
SAMPLE = REPOSITORY / "tests" / "sample"
NEWTON = "en/newton-iteration/"
# The sample has what builds refuse, too.
MENDED = (
    ("en.md", "A **fixed point** is", "**Fixed Points** are"),
    ("es.md", "Un **punto fijo** es también", "Los **Puntos fijos** son también"),
)
READS = {"query", "parse", ""}  # "" is a file


@dataclass
class Shown:
    """A preview of the sample before a wiki on which it was published."""

    root: Path
    wiki: LocalWiki
    proxy: Proxy
    address: str
    live: Live

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
        finally:
            connection.close()

    def page(self, path: str) -> str:
        status, _, body = self.get(f"/_live/wiki/{path}")
        assert status == 200
        return body

    def inside(self, path: str) -> str:
        status, _, body = self.get(f"/_live/wiki-inside/{path}")
        assert status == 200
        return body

    def picture(self, path: str) -> str:
        """The preview's address of the first picture on a page."""
        found = re.search(r'<img[^>]* src="(/_live/wiki-file/\w+)"', self.inside(path))
        assert found
        return found[1]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built; a copy that may be changed."""
    root = tmp_path_factory.mktemp("on-wiki") / "project"
    shutil.copytree(SAMPLE, root)
    (root / ".marovi").mkdir()
    (root / ".marovi" / "cache").symlink_to(load(REPOSITORY).cache)  # its cells run once for all tests
    for name, wrong, right in MENDED:
        path = root / "articles/fixed-points" / name
        path.write_text(path.read_text().replace(wrong, right))
    build(load(root), accept=True)
    return root


@pytest.fixture(scope="module")
def wiki(
    installed_wiki: Path, root: Path, tmp_path_factory: pytest.TempPathFactory, guard: Callable[[Path], None]
) -> Iterator[LocalWiki]:
    """A wiki with everything that the sample makes."""
    folder = tmp_path_factory.mktemp("shown") / "wiki"
    shutil.copytree(installed_wiki, folder)
    guard(folder)
    try:
        wiki = up(folder)
        target = parse(wiki.url, wiki.bot_user, wiki.bot_password, local=True)
        publish(wiki, manifest.read(load(root).build))
        # Adopts the pages, and says in which language each is.
        deploy(target, manifest.read(load(root).build), commit="", interface=True)
        run_jobs(wiki)
        yield wiki
    finally:
        down(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def one_preview(root: Path, wiki: LocalWiki) -> Iterator[Shown]:
    with proxy_before(wiki.url) as proxy, served(root, wiki, proxy, {"MAROVI_WIKI_URL": proxy.url}) as one:
        yield one


@pytest.fixture
def shown(one_preview: Shown) -> Iterator[Shown]:
    """The preview with a proxy that lets everything pass."""
    proxy = one_preview.proxy
    proxy.before, proxy.after = (lambda request: None), (lambda request, answer: answer)
    proxy.requests.clear()
    yield one_preview
    proxy.before, proxy.after = (lambda request: None), (lambda request, answer: answer)


class served:
    """The live preview in this process, with a wiki that it asks through a proxy."""

    def __init__(self, root: Path, wiki: LocalWiki, proxy: Proxy, environment: dict[str, str]) -> None:
        config = load(root)
        self.live = Live(config, RunSettings.of(config, executor="local"))
        self.server = open_server(LiveSource(self.live, WikiChoice(config, "", environment)), 0)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.shown = Shown(root, wiki, proxy, self.server.address, self.live)

    def __enter__(self) -> Shown:
        self.thread.start()
        try:
            self.live.start()
            settled(self.live)
            self.shown.page(NEWTON)  # by then it knows the wiki
        except BaseException:
            self.__exit__()
            raise
        return self.shown

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.live.stop()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (NEWTON, "Newton"),
        ("es/newton-iteration/", "Resumen"),
        ("zh/newton-iteration/", "摘要"),
        ("en/newton-iteration/summary/", "marovi-"),
        ("es/glossary/residual/", "Definición"),
        ("zh/category/numerical-methods/", "mw-parser-output"),
        ("es/", "marovi-languages"),
        ("en/learning-path/", "<area"),
        ("zh/how-the-numbers-were-made/", "mw-parser-output"),
    ],
)
def test_each_kind_of_page_is_what_the_wiki_makes_of_it(path: str, words: str, shown: Shown) -> None:
    page, inside = shown.page(path), shown.inside(path)
    assert "live-wiki-error" not in page and 'class="error"' not in page and '<div class="notices"' not in page
    assert words in inside and '<div class="mw-parser-output">' in inside
    language = path.partition("/")[0]
    assert f'lang="{language}" dir="ltr">' in inside
    assert "<script" not in inside and "mwe-math-fallback-source" not in inside


def test_a_page_that_only_the_preview_has_says_so_and_no_page_is_none(shown: Shown) -> None:
    assert "The wiki has none like it" in shown.page("en/glossary/")
    assert shown.get("/_live/wiki/en/nothing/")[0] == 404
    assert shown.get("/_live/wiki-inside/en/nothing/")[0] == 404


def test_looking_changes_nothing_on_the_wiki_and_asks_for_versions_only_a_second_time(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = log_in(shown.wiki, shown.wiki.bot_user).get("query", list="recentchanges", rclimit=1)["query"]
    path = "es/newton-iteration/summary/"
    monkeypatch.setattr(on_wiki, "LASTS", 3600.0)
    monkeypatch.setattr(on_wiki, "ASKED", 3600.0)  # however slow this machine is, the first look takes less
    for _ in range(2):
        shown.page(path)
        shown.inside(path)
    assert shown.proxy.actions().count("parse") <= 1 and shown.proxy.actions().count("query") == 1
    monkeypatch.setattr(on_wiki, "ASKED", 0.0)
    shown.page(path)
    assert shown.proxy.actions().count("parse") <= 1 and shown.proxy.actions().count("query") == 2
    assert set(shown.proxy.actions()) <= READS
    assert not any(
        "Cookie" in request.headers or "Authorization" in request.headers for request in shown.proxy.requests
    )
    assert log_in(shown.wiki, shown.wiki.bot_user).get("query", list="recentchanges", rclimit=1)["query"] == before


def test_what_was_saved_here_is_shown_as_the_wiki_would_show_it(shown: Shown) -> None:
    assert "El wiki tiene exactamente este texto" in shown.page("es/fixed-points/")
    with restored(shown.live) as files:
        files.add("articles/fixed-points/es.md", "\nUna frase '''recién''' escrita.\n")
        until(lambda: "recién" in shown.inside("es/fixed-points/"))
        assert "El wiki tiene otra versión" in shown.page("es/fixed-points/")
        assert "recién" not in (text_of(shown.wiki, "Fixed Points/es") or "")


def test_a_template_that_is_another_on_the_wiki_is_named(shown: Shown) -> None:
    with restored(shown.live) as files:
        files.add("templates/wiki/Template/Summary.wiki", "<!-- another -->")
        settled(shown.live)
        until(lambda: "<bdi>Template:Summary</bdi>" in shown.page(NEWTON))
        notice = re.search(r'<div class="notices".*?</div>', shown.page(NEWTON), re.DOTALL)
        assert notice and "Another version on the wiki" in notice[0] and "<code>marovi deploy</code>" in notice[0]
        assert notice[0].count("<bdi>") == 1


def test_on_an_empty_wiki_all_that_is_missing_is_named(root: Path, fresh_wiki: LocalWiki) -> None:
    with (
        proxy_before(fresh_wiki.url) as proxy,
        served(root, fresh_wiki, proxy, {"MAROVI_WIKI_URL": proxy.url}) as shown,
    ):
        page = shown.page("es/newton-iteration/")
        assert "Aún no están en el wiki" in page and "<bdi>Template:Article</bdi>" in page
        assert "Imágenes que aún no están en el wiki" in page and "<bdi>File:Newton Iteration" in page
        assert "todavía no sabe en qué idioma" in page and "El wiki aún no tiene esta página" in page
        assert "Template:Article" in shown.inside("es/newton-iteration/")


def test_a_wiki_that_is_down_is_said_on_the_page_and_once_in_the_terminal(
    shown: Shown, capfd: pytest.CaptureFixture[str]
) -> None:
    shown.proxy.listener.stop()
    capfd.readouterr()
    for _ in range(2):
        page = shown.page("es/fixed-points/")
        assert "No se puede mostrar la página del wiki" in page and "cannot be reached: it takes no connection" in page
    assert capfd.readouterr().err.count("cannot be reached") == 1
    assert shown.get("/es/fixed-points/")[0] == 200
    shown.proxy.listener.start()
    until(lambda: "wiki-page" in shown.page("es/fixed-points/"))


@pytest.mark.parametrize(
    ("path", "answer", "words"),  # of pages that no other test looks at: what came once is kept for a while
    [
        (
            "zh/glossary/residual/",
            Answer(200, b'{"errors":[{"code":"contenttoobig","text":"The content is too big."}]}'),
            "too big",
        ),
        ("en/glossary/fixed-point/", Answer(503, b"<html>busy</html>"), "status 503"),
        ("es/glossary/fixed-point/", Answer(200, b"<html>a portal</html>"), "cut short"),
    ],
)
def test_what_the_wiki_answers_instead_of_a_page_is_said_in_a_sentence(
    path: str, answer: Answer, words: str, shown: Shown
) -> None:
    def before(request: Request) -> Answer | None:
        return answer if request.parameters.get("action") == "parse" else None

    shown.proxy.before = before
    page = shown.page(path)
    assert 'class="error"' in page and words in page and "Traceback" not in page
    shown.proxy.before = lambda request: None
    assert "wiki-page" in shown.page(path)


def test_a_page_that_is_too_large_is_refused_before_it_is_sent(wiki: LocalWiki) -> None:
    asked = Wiki(for_reading({"MAROVI_WIKI_URL": wiki.url}, Path("none")))
    with pytest.raises(WikiError, match=r"Long takes 3,000,000 bytes, and 127\.0\.0\.1:\d+ takes pages of 2,097,152"):
        asked.parse(Page("Long", "topic", "x" * 3_000_000, "en", ""))


def test_files_come_by_us_without_cookies_and_only_as_what_they_should_be(shown: Shown) -> None:
    picture = shown.picture(NEWTON)
    status, headers, _ = shown.get(picture)
    assert (status, headers["content-type"]) == (200, "image/png") and "set-cookie" not in headers
    assert "sandbox" in headers["content-security-policy"]
    styles = re.findall(r'<link rel="stylesheet" href="(/_live/wiki-file/\w+)"', shown.inside(NEWTON))
    assert len(styles) == 2  # the skin's, and the gadget's
    for style in styles:
        status, headers, body = shown.get(style)
        assert (status, headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert not re.search(r"url\((?![\"']?(data:|/_live/wiki-file/))", body)
    assert ".marovi-" in body
    assert shown.get("/_live/wiki-file/" + "0" * 32)[0] == 404
    assert shown.get("/_live/wiki-file/api.php?action=query")[0] == 404


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, b"<script>alert(1)</script>", {"Content-Type": "text/html"}), "text/html"),
        (Answer(302, b"", {"Location": "http://127.0.0.1:9/"}), "status 302"),
        (Answer(200, b"x" * (17 * 2**20), {"Content-Type": "image/png"}), "larger than"),
        (Answer(200, b"x", {"Content-Type": "image/png"}, missing=9), "broke off"),
    ],
)
def test_a_file_that_is_something_else_is_not_handed_on(answer: Answer, words: str, shown: Shown) -> None:
    picture = shown.picture("es/newton-iteration/")
    shown.proxy.before = lambda request: answer if "/images/" in request.path else None
    status, _, body = shown.get(picture)
    assert status == 502 and words in body


def test_a_private_wiki_is_read_with_the_bot_s_login_and_says_so_without(
    root: Path, installed_wiki: Path, tmp_path: Path, guard: Callable[[Path], None]
) -> None:
    folder = tmp_path / "private"
    shutil.copytree(installed_wiki, folder)
    guard(folder)
    try:
        wiki = up(folder)
        with (folder / "LocalSettings.php").open("a") as settings:
            settings.write("\n$wgGroupPermissions['*']['read'] = false;\n")
        with proxy_before(wiki.url) as proxy:
            url = {"MAROVI_WIKI_URL": proxy.url}
            with served(root, wiki, proxy, url) as shown:
                assert "shows its pages to members only" in shown.page(NEWTON)
            login = {"MAROVI_WIKI_USER": wiki.bot_user, "MAROVI_WIKI_PASSWORD": wiki.bot_password}
            with served(root, wiki, proxy, url | login) as shown:
                assert "wiki-page" in shown.page(NEWTON) and "Not on the wiki yet" in shown.page(NEWTON)
                assert "Newton" in shown.inside(NEWTON)
                assert wiki.bot_password not in shown.page(NEWTON) + shown.inside(NEWTON)
    finally:
        down(folder)


# In a browser


LOOKS = """() => {
    const frame = document.querySelector('iframe.wiki-page'), inside = frame.contentDocument;
    const sideways = page => page.scrollWidth - page.clientWidth;
    const isThin = formula => formula.checkVisibility() && !formula.getBoundingClientRect().width;
    return {
        tall: frame.clientHeight - inside.documentElement.scrollHeight,
        wide: sideways(document.documentElement),
        inner: sideways(inside.documentElement),
        pictures: [...inside.images].filter(image => !image.naturalWidth).length,
        all: inside.images.length,
        formulas: [...inside.querySelectorAll('math')].filter(isThin).length,
        styled: inside.defaultView.getComputedStyle(inside.querySelector('h1')).fontFamily,
    };
}"""


def open_frame(view: Any, shown: Shown, path: str) -> Any:
    view.page.goto(f"{shown.address}_live/wiki/{path}")
    frame = view.page.frame_locator("iframe.wiki-page")
    frame.locator("#mw-content-text").wait_for()
    view.page.wait_for_function(
        "() => { const frame = document.querySelector('iframe.wiki-page');"
        " return frame.contentDocument.readyState === 'complete' && parseInt(frame.style.height) > 100; }"
    )
    return frame


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 360), ("zh", 1280), ("zh", 360)])
def test_a_page_can_be_read_in_the_browser_wide_and_narrow(
    language: str, width: int, shown: Shown, window: Callable[..., Any]
) -> None:
    view = window(width)
    frame = open_frame(view, shown, f"{language}/newton-iteration/")

    def wrong() -> str:
        found = view.page.evaluate(LOOKS)
        fits = found["tall"] >= 0 and found["wide"] <= 0 and found["inner"] <= 0
        shows = found["all"] >= 1 and found["pictures"] == 0 and found["formulas"] == 0
        return "" if fits and shows else str(found)

    comes_right(view.page, wrong)
    found = view.page.evaluate(LOOKS)
    assert "serif" in found["styled"]
    assert frame.locator("math").count() >= 3
    assert view.errors == []


@pytest.mark.browser
def test_links_stay_with_the_wiki_s_pages_and_the_switch_leads_back(shown: Shown, window: Callable[..., Any]) -> None:
    view = window(1280)
    frame = open_frame(view, shown, "es/newton-iteration/")
    frame.get_by_role("link", name="中文").click()
    view.page.wait_for_url("**/_live/wiki/zh/newton-iteration/")
    view.page.get_by_role("link", name="按站点显示").click()
    view.page.wait_for_url(f"{shown.address}zh/newton-iteration/")
    view.page.get_by_role("link", name="按维基显示").click()
    view.page.wait_for_url("**/_live/wiki/zh/newton-iteration/")


@pytest.mark.browser
def test_an_edit_is_on_the_screen_without_reload_and_the_place_is_kept(
    shown: Shown, window: Callable[..., Any]
) -> None:
    view = window(1280)
    frame = open_frame(view, shown, NEWTON)
    view.page.evaluate("() => { window.same = true; scrollTo(0, 600); }")
    with restored(shown.live) as files:
        exchange(files, NEWTON_FILE, "\nA link out:", "\nA sentence that was just written. A link out:")
        frame.get_by_text("A sentence that was just written.").wait_for(timeout=60_000)
        assert view.page.evaluate("() => window.same && scrollY") == 600
        expect(view.page.locator(".on-wiki .state")).to_contain_text("another version")


@pytest.mark.browser
def test_a_mistake_is_said_in_the_place_of_the_page_and_goes_when_it_is_mended(
    shown: Shown, window: Callable[..., Any]
) -> None:
    view = window(360)
    with restored(shown.live) as files:
        files.add("articles/fixed-points/es.md", "\n{glue}`nothing`\n")
        settled(shown.live)
        assert 'class="error"' in shown.page("es/fixed-points/")
        view.page.goto(f"{shown.address}_live/wiki/es/fixed-points/")
        expect(view.page.get_by_role("alert")).to_contain_text("no cell glues 'nothing'")
        files.change("articles/fixed-points/es.md", "\n{glue}`nothing`\n", "")
        view.page.frame_locator("iframe.wiki-page").get_by_role("heading", name="Por qué funciona").wait_for()


@pytest.mark.browser
def test_nothing_of_the_wiki_runs_and_nothing_is_asked_of_others(shown: Shown, window: Callable[..., Any]) -> None:
    evil = (
        "<script>top.ran = 1; window.ran = 1</script><img src=x onerror='top.ran = 2'>"
        "<svg onload='top.ran = 3'><script>top.ran = 4</script></svg><iframe src='https://x.example/'></iframe>"
        "<img src='https://x.example/a.png'><link rel=stylesheet href='https://x.example/a.css'>"
        "<style>@import 'https://x.example/b.css'; p { background: url(https://x.example/c.png) }</style>"
        "<p style='background: url(https://x.example/d.png)'>still here</p>"
        "<a id=try href='javascript:top.ran = 5'>try</a><meta http-equiv=refresh content='0;url=https://x.example/'>"
    )

    def after(request: Request, answer: Answer) -> Answer:
        if request.parameters.get("action") != "parse":
            return answer
        body = json.loads(answer.body)
        body["parse"]["text"] += evil
        return Answer(answer.status, json.dumps(body).encode(), answer.headers)

    shown.proxy.after = after
    view = window(1280)
    frame = open_frame(view, shown, "zh/glossary/fixed-point/")
    frame.get_by_text("still here").wait_for()
    frame.locator("#try").click()
    view.page.wait_for_timeout(300)
    assert view.page.evaluate("() => [window.ran, document.querySelector('iframe.wiki-page').contentWindow.ran]") == [
        None,
        None,
    ]
    assert [error for error in view.errors if "asked" in error] == []


# On the command line


def compare(shown: Shown, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli", "--root", str(shown.root), "preview", "--compare", *words]
    environment = {**os.environ, "MAROVI_WIKI_URL": shown.proxy.url}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_comparing_says_the_first_difference_of_each_page_and_exits_1(shown: Shown) -> None:
    done = compare(shown, "newton-iteration")
    assert (done.returncode, done.stderr) == (0, "") and done.stdout == "6 pages compared, all the same\n"
    text = text_of(shown.wiki, "Template:Summary")
    assert text is not None
    try:
        edit_as(shown.wiki, shown.wiki.admin_user, "Template:Summary", "Another word. " + text)
        done = compare(shown, "newton-iteration")
        assert done.returncode == 1 and "on the wiki in another version: Template:Summary" in done.stderr
        assert "Newton Iteration/es: words: " in done.stdout and "wiki 'Another word.'" in done.stdout
        found = json.loads(compare(shown, "newton-iteration", "--json").stdout)
        assert found["different"] >= 3 and found["pages"][0]["differences"][0]["kind"] == "words"
    finally:
        edit_as(shown.wiki, shown.wiki.admin_user, "Template:Summary", text)


def test_comparing_what_is_not_there_is_one_sentence(shown: Shown) -> None:
    done = compare(shown, "newton-iterations")
    assert done.returncode == 1
    assert done.stderr == "error: there is no topic 'newton-iterations'; did you mean 'newton-iteration'?\n"
