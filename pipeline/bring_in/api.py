"""Pages from a MediaWiki through its API, read without a login and without changing anything."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from pipeline.bring_in.model import Left, Wiki, WikiPage, canonical
from pipeline.bring_in.seen import seen_in_html
from pipeline.errors import ConfigurationError, WikiError
from pipeline.loopback import is_loopback

TIMEOUT = (10.0, 60.0)  # seconds to connect, to read
ATTEMPTS = 5
TITLES = 50  # a query
LARGEST = 20_000_000  # bytes of a picture
PNG = b"\x89PNG\r\n\x1a\n"
ADDRESS = "give the address of the folder that holds api.php, such as https://wiki.example.org/w/"


class Reader:
    """Asks one wiki. Every question is one that may be repeated."""

    def __init__(self, url: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self.url = api_address(url)
        self._sleep = sleep
        self._connection = requests.Session()
        self._connection.trust_env = not is_loopback(urlsplit(self.url).hostname or "")
        self._connection.headers["User-Agent"] = f"Marovi/{version('marovi')} (import)"

    def ask(self, **parameters: object) -> dict[str, Any]:
        """One call. Raises WikiError when the wiki refuses, or is no MediaWiki."""
        data = {name: str(value) for name, value in parameters.items()}
        data |= {"format": "json", "formatversion": "2", "errorformat": "plaintext", "maxlag": "5"}
        for attempt in range(ATTEMPTS):
            response = self._send("POST", self.url, data)
            try:
                body = response.json()
            except ValueError:
                body = None
            if response.status_code >= 500 or response.status_code == 429:
                self._rest(attempt, response, f"status {response.status_code}")
                continue
            if not isinstance(body, dict) or response.status_code != 200:
                raise WikiError(f"{self.url} is not where a MediaWiki answers", ADDRESS)
            errors = body.get("errors", ())
            if errors and errors[0].get("code") in ("maxlag", "ratelimited"):
                self._rest(attempt, response, str(errors[0].get("code")))
                continue
            if errors:
                raise WikiError(f"the wiki refuses: {errors[0].get('text', '')} ({errors[0].get('code')})")
            return body
        raise AssertionError("the last attempt returns or raises")

    def query(self, **parameters: object) -> Iterator[dict[str, Any]]:
        """The answers to a query, one after the other until there are no more."""
        more: dict[str, object] = {}
        while True:
            body = self.ask(action="query", **{**parameters, **more})
            if "query" in body:
                yield body["query"]
            if "continue" not in body:
                return
            more = body["continue"]

    def file(self, url: str) -> bytes:
        """A file of the wiki. Raises WikiError when it cannot be had, or is too large."""
        require_safe(url, "the address of a picture")
        response = self._send("GET", url, None, stream=True)
        content = bytearray()
        for chunk in response.iter_content(1 << 16):
            content += chunk
            if len(content) > LARGEST:
                raise WikiError(f"{url} is larger than {LARGEST} bytes", "put it into the topic's folder by hand")
        if response.status_code != 200:
            raise WikiError(f"{url} was answered with status {response.status_code}")
        return bytes(content)

    def _send(self, method: str, url: str, data: dict[str, str] | None, stream: bool = False) -> requests.Response:
        for attempt in range(ATTEMPTS):
            try:
                response = self._connection.request(
                    method, url, data=data, timeout=TIMEOUT, allow_redirects=False, stream=stream
                )
            except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
                if attempt == ATTEMPTS - 1 or isinstance(error, requests.exceptions.SSLError):
                    host = urlsplit(url).netloc
                    raise WikiError(f"{host} cannot be reached", "is the address right, and the wiki up?") from None
                self._sleep(min(2.0**attempt, 30.0))
                continue
            if response.is_redirect:
                place = response.headers["Location"].partition("?")[0].removesuffix("api.php")
                raise WikiError(f"{url.removesuffix('api.php')} has moved to {place}", "give that address")
            return response
        raise AssertionError("the last attempt returns or raises")

    def _rest(self, attempt: int, response: requests.Response, why: str) -> None:
        if attempt == ATTEMPTS - 1:
            raise WikiError(f"{urlsplit(self.url).netloc} does not answer now ({why})", "try again later")
        asked = response.headers.get("Retry-After", "")
        self._sleep(max(min(float(asked), 120.0) if asked.isdigit() else 0.0, 2.0**attempt))


def read_wiki(url: str, titles: Sequence[str], languages: Sequence[str], all_there: bool = True) -> Wiki:
    """The pages of these titles with their translations and summaries, or all pages when none is named.

    With `all_there` a title without a page is an error, else it is only said.

    Raises ConfigurationError for an address that is none, and WikiError when the wiki cannot be read.
    """
    reader = Reader(url)
    left: list[Left] = []
    names = _namespaces(reader)
    pages: dict[str, WikiPage] = {}
    if titles:
        wanted = list(dict.fromkeys(canonical(title) for title in titles))
        found = _by_title(reader, _family(wanted, languages), names)
        missing = [title for title in wanted if title not in {page.title for page in found}]
        left += [Left(title, 1, "left out", title, "the wiki has no such page any more") for title in missing]
        if missing and all_there:
            raise WikiError(f"the wiki has no page {missing[0]!r}", "give the titles as the wiki writes them")
        targets = [page.redirect.partition("#")[0] for page in found if page.redirect]
        found += _by_title(reader, _family(targets, languages), names) if targets else []
        pages = {page.title: page for page in found}
    else:
        glossary = [number for number, name in names.items() if name == "Glossary"]
        for number in (0, *glossary, 14):
            for answer in reader.query(generator="allpages", gapnamespace=number, gaplimit=TITLES, **_CONTENT):
                pages |= {page.title: page for page in _pages(answer, names)}
    return Wiki(
        reader.url.removesuffix("api.php"), tuple(pages.values()), _pictures(reader), _shown(reader), tuple(left)
    )


_CONTENT: dict[str, object] = {"prop": "revisions", "rvprop": "content", "rvslots": "main"}


def _namespaces(reader: Reader) -> dict[int, str]:
    for answer in reader.query(meta="siteinfo", siprop="namespaces"):
        return {
            int(number): str(space.get("canonical") or space.get("name", ""))
            for number, space in answer["namespaces"].items()
        }
    raise WikiError(f"{reader.url} is not where a MediaWiki answers", ADDRESS)


def _family(titles: Iterable[str], languages: Sequence[str]) -> list[str]:
    """Each title with the pages that belong to it: a translation leads to its source as well."""
    found: dict[str, None] = {}
    for title in titles:
        base = title
        head, slash, last = base.rpartition("/")
        if slash and last in languages:
            base = head
        base = base.removesuffix("/summary")
        for name in (base, *([] if ":" in base else [f"{base}/summary"])):
            found |= dict.fromkeys((name, *(f"{name}/{language}" for language in languages[1:])))
    return list(found)


def _by_title(reader: Reader, titles: Sequence[str], names: dict[int, str]) -> list[WikiPage]:
    found: list[WikiPage] = []
    for start in range(0, len(titles), TITLES):
        for answer in reader.query(titles="|".join(titles[start : start + TITLES]), **_CONTENT):
            found += _pages(answer, names)
    return found


def _pages(answer: dict[str, Any], names: dict[int, str]) -> Iterator[WikiPage]:
    for page in answer.get("pages", ()):
        slot = (page.get("revisions") or [{}])[0].get("slots", {}).get("main", {})
        if page.get("missing") or "content" not in slot:
            continue
        namespace = names.get(int(page["ns"]), "") if page["ns"] else ""
        title = f"{namespace}:{page['title'].partition(':')[2]}" if namespace else page["title"]
        yield WikiPage(title, namespace, slot["content"], _redirect(slot["content"]))


def _redirect(text: str) -> str:
    found = re.match(r"\s*#[^\s\[]{3,}\s*:?\s*\[\[\s*:?([^\]|]+)", text)
    return canonical(found[1]) if found else ""


def _pictures(reader: Reader) -> Callable[[str], bytes | None]:
    def picture(title: str) -> bytes | None:
        for answer in reader.query(titles=title, prop="imageinfo", iiprop="url|mime|size", redirects=1):
            for page in answer.get("pages", ()):
                for info in page.get("imageinfo", ()):
                    content = reader.file(urljoin(reader.url, info["url"]))
                    return content if content.startswith(PNG) else None
        return None

    return picture


def _shown(reader: Reader) -> Callable[[str, str], str]:
    def shown(title: str, text: str) -> str:
        answer = reader.ask(
            action="parse", title=title, text=text, contentmodel="wikitext", prop="text", disablelimitreport=1,
            disableeditsection=1, disabletoc=1,
        )  # fmt: skip
        return seen_in_html(answer["parse"]["text"])

    return shown


def api_address(url: str) -> str:
    """The address of api.php. Raises ConfigurationError for one that is none, or not safe."""
    require_safe(url, "the address of the wiki")
    parts = urlsplit(url)
    path = parts.path.removesuffix("api.php").removesuffix("index.php").rstrip("/") + "/"
    return f"{parts.scheme}://{parts.netloc}{path}api.php"


def require_safe(url: str, what: str) -> None:
    """Raise ConfigurationError, which never repeats the address, unless it is https:// or on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise ConfigurationError(f"{what} is none", ADDRESS) from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise ConfigurationError(f"{what} is none", ADDRESS)
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(f"{host} would be asked over an open connection", "use https://")
