"""Files of a wiki's pages, fetched by the preview: styles, pictures and fonts, only from the wiki's own origin.

Only addresses that stand in a page or a style sheet of the wiki can be asked for, each by a name made up here: nobody
can make this fetch anything else, and no browser is ever given the wiki's cookies.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import requests

from pipeline.deploy.answers import fault_of
from pipeline.deploy.target import Target
from pipeline.errors import WikiError
from pipeline.preview.wiki_html import Kind, styled

PLACE = "/_live/wiki-file/"
TIMEOUT = (5.0, 30.0)  # seconds to connect, to read
LARGEST = 16 * 2**20  # bytes of a file
KEPT = 96 * 2**20  # bytes of all files that are kept
AGE = 60.0  # seconds for which a file is not asked for again
NAMES = 20_000  # addresses that are remembered
PROGRAMS = frozenset({"load.php", "thumb.php", "img_auth.php", "thumb_handler.php"})
TYPES: Mapping[Kind, frozenset[str]] = {
    "style": frozenset({"text/css"}),
    "picture": frozenset(
        {
            "image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/x-icon", "image/avif",
            "font/woff2", "font/woff", "font/ttf", "font/otf", "application/font-woff", "application/font-woff2",
        }
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WikiFile:
    """A file as it may be handed on."""

    content: bytes
    type: str  # with its charset, for a style sheet


class _Known(NamedTuple):
    url: str
    kind: Kind


class WikiFiles:
    """The files of one wiki. May be asked by several threads at once."""

    def __init__(
        self, target: Target, login: Callable[[], Mapping[str, Any]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._target, self._login, self._clock = target, login, clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._kept: OrderedDict[str, tuple[float, WikiFile]] = OrderedDict()
        self._lock = threading.Lock()

    def place(self, url: str, kind: Kind) -> str | None:
        """The preview's address of a file of the wiki; None for what is elsewhere, or is no file."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        if (parts.scheme, parts.netloc) != (self._target.scheme, self._target.host):
            return None
        if not _is_file(parts.path, parts.query):
            return None
        url = parts._replace(fragment="").geturl()
        name = hashlib.sha256(f"{kind} {url}".encode()).hexdigest()[:32]
        with self._lock:
            self._known[name] = _Known(url, kind)
            self._known.move_to_end(name)
            while len(self._known) > NAMES:
                self._known.popitem(last=False)
        return PLACE + name

    def file(self, name: str) -> WikiFile | None:
        """The file behind a name that `place` gave, None for any other.

        Raises WikiError when the wiki does not give it, or gives something else than was looked for.
        """
        now = self._clock()
        with self._lock:
            known = self._known.get(name)
            held = self._kept.get(name)
            if held is not None and now - held[0] < AGE:
                self._kept.move_to_end(name)
                return held[1]
        if known is None:
            return None
        found = self._fetched(known)
        with self._lock:
            self._kept[name] = now, found
            self._kept.move_to_end(name)
            while sum(len(one.content) for _, one in self._kept.values()) > KEPT and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return found

    def _fetched(self, known: _Known) -> WikiFile:
        address = urlsplit(known.url).path
        with requests.Session() as connection:
            # What the wiki would like to be remembered by is forgotten at once.
            connection.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            connection.trust_env = not self._target.loopback
            connection.headers["User-Agent"] = f"Marovi/{version('marovi')} (preview)"
            login = self._login()
            try:
                response = connection.get(
                    known.url,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                    headers={**login.get("headers", {})},
                    cookies=dict(login.get("cookies", {})),
                )
                with response:
                    return self._judged(known, response, address)
            except requests.exceptions.RequestException as error:
                fault = fault_of(error, self._target, True)
        raise fault

    def _judged(self, known: _Known, response: requests.Response, address: str) -> WikiFile:
        if response.status_code != 200:
            raise WikiError(f"{self._target.host} answered {address} with status {response.status_code}")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in TYPES[known.kind]:
            raise WikiError(f"{self._target.host} gave {address} as {kind or 'something'}, which is not shown")
        content = bytearray()
        for chunk in response.iter_content(1 << 16):
            content += chunk
            if len(content) > LARGEST:
                raise WikiError(f"{address} on {self._target.host} is larger than {LARGEST:,} bytes")
        if known.kind == "picture":
            return WikiFile(bytes(content), kind)
        css = re.sub(r'\A@charset "[^"]*";', "", bytes(content).decode(errors="replace"))
        return WikiFile(styled(css, self.place, known.url).encode(), "text/css; charset=utf-8")


def _is_file(path: str, query: str) -> bool:
    """Whether an address is a file's: a page of a wiki may name any of its programs, and some do more than answer."""
    # as the wiki's server reads it, which may have names for one program that differ in case or in what follows
    read, asked = unquote(path), parse_qs(query)
    if any("\0" in text for text in (read, *asked)):
        return False
    programs = {part for part in re.split(r"[/\\]", read) if ".php" in part.lower()}
    return not programs - PROGRAMS or (programs == {"index.php"} and asked.get("action") == ["raw"])
