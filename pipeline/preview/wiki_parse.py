"""A page as the wiki itself would render it now: its parse API is given the text and asked what comes out; no edit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from pipeline.deploy.answers import Refused
from pipeline.deploy.live import Live
from pipeline.deploy.read_wiki import read_live
from pipeline.deploy.session import Session
from pipeline.deploy.target import Target
from pipeline.errors import WikiError
from pipeline.render.page import Page

ATTEMPTS = 2  # of a request: somebody is waiting for the page
TIMEOUT = (5.0, 60.0)  # seconds to connect, to read
PROPERTIES = "text|headhtml|displaytitle|parsewarnings|templates|images|limitreportdata"
PRIVATE = frozenset({"readapidenied", "permissiondenied"})
# What namespaces are called in English, whatever the wiki calls them.
NAMESPACES = {0: "", 8: "MediaWiki:", 10: "Template:", 14: "Category:", 828: "Module:"}

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the parser, and how much of it a page takes."""

    name: str
    used: float
    most: float


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the wiki made of a text."""

    html: str
    head: str  # everything before the page's content: <html>, <head> and the start of <body>
    title: str  # HTML
    warnings: tuple[str, ...]
    templates: Mapping[str, bool]  # pages that took part, in English namespaces -> whether the wiki has them
    images: tuple[str, ...]  # "File:Softmax Function - share (es).png"
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Nature:
    """What is to be known of a wiki before its pages can be shown."""

    server: str  # "https://wiki.example.org"
    script: str  # "/w"
    article: str  # "/wiki/$1"
    skin: str
    language: str
    largest: int  # bytes of a page
    gadgets: tuple[str, ...]  # modules of styles that every reader gets
    gadget_pages: frozenset[str]  # "MediaWiki:Gadget-marovi.css"

    def styles(self, modules: Iterable[str], language: str) -> str:
        """The address of the styles of some modules."""
        asked = {"lang": language, "modules": "|".join(modules), "only": "styles", "skin": self.skin}
        return f"{self.script}/load.php?{urlencode(asked)}"


class Wiki:
    """One wiki, read by nobody in particular; where it shows its pages to members only, by the bot."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._member = False
        self._session: Session | None = None
        self._nature: Nature | None = None
        self._one_at_a_time = threading.RLock()

    @property
    def login(self) -> Mapping[str, Any]:
        """Headers and cookies of the bot, where its login is needed to read."""
        with self._one_at_a_time:
            if self._session is None or not self._member:
                return {}
            return self._session.credentials

    def parse(self, page: Page) -> Parsed:
        """Render a text as the page of that title. Raises WikiError."""
        nature, text = self.nature(), page.text
        size = len(text.encode())
        if nature.largest and size > nature.largest:
            raise WikiError(
                f"{page.title} takes {size:,} bytes, and {self.target.host} takes pages of {nature.largest:,}",
                "make two pages of it",
            )
        parameters: dict[str, object] = {
            "action": "parse",
            "title": page.title,
            "text": text,
            "contentmodel": "wikitext",
            "prop": PROPERTIES,
            "pst": 1,
            "preview": 1,
            "uselang": page.language or nature.language,
            "useskin": nature.skin,
            "disablelimitreport": 1,
            "disableeditsection": 1,
        }
        return self._understood(_parsed, self._asked(lambda session: session.read(**parameters))["parse"])

    def standing(self, pages: Iterable[str], files: Iterable[str]) -> Live:
        """The versions of pages and files that stand there, in one query for each fifty of them. Raises WikiError."""
        titles, names = list(pages), list(files)
        return self._asked(lambda session: read_live(session, titles, names))

    def nature(self) -> Nature:
        """Raises WikiError."""
        with self._one_at_a_time:
            if self._nature is None:
                asked = {"meta": "siteinfo", "siprop": "general|skins", "list": "gadgets", "gaprop": "id|metadata"}
                answer = self._asked(lambda session: session.read(action="query", **asked))["query"]
                self._nature = self._understood(_nature, answer)
            return self._nature

    def _understood(self, take: Callable[[Mapping[str, Any]], Answer], answer: Mapping[str, Any]) -> Answer:
        try:
            return take(answer)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise WikiError(f"{self.target.host} answered something else than was asked", "try again later") from None

    def _asked(self, question: Callable[[Session], Answer]) -> Answer:
        with self._one_at_a_time:
            try:
                return question(self._opened())
            except Refused as error:
                if error.code not in PRIVATE or self._member:
                    raise
                if not (self.target.user or self.target.token):
                    raise WikiError(
                        f"{self.target.host} shows its pages to members only",
                        "give the bot's login in the environment, see docs/publishing.md",
                    ) from None
                self._member, self._session = True, None
                return question(self._opened())

    def _opened(self) -> Session:
        if self._session is None:
            target = self.target if self._member else replace(self.target, user="", password="", token="")
            session = Session(target, timeout=TIMEOUT, attempts=ATTEMPTS)
            session.read(action="query")  # the first one learns what this wiki is
            self._session = session
        return self._session


def _parsed(answer: Mapping[str, Any]) -> Parsed:
    templates = {_english(one["ns"], one["title"]): bool(one.get("exists")) for one in answer.get("templates", ())}
    images = tuple(f"File:{name.replace('_', ' ')}" for name in answer.get("images", ()))
    return Parsed(
        answer["text"],
        answer.get("headhtml", ""),
        answer.get("displaytitle", ""),
        tuple(answer.get("parsewarnings", ())),
        templates,
        images,
        tuple(_limits(answer.get("limitreportdata", ()))),
    )


def _limits(report: Iterable[Mapping[str, Any]]) -> Iterable[Limit]:
    for one in report:
        try:
            used, most = float(one["0"]), float(one["1"])
        except (KeyError, TypeError, ValueError):
            continue  # not every entry is a use of something limited
        yield Limit(str(one.get("name", "")).removeprefix("limitreport-"), used, most)


def _english(namespace: int, title: str) -> str:
    prefix = NAMESPACES.get(namespace)
    return prefix + title.partition(":")[2] if prefix else title


def _nature(query: Mapping[str, Any]) -> Nature:
    general = query["general"]
    skin = next((one["code"] for one in query.get("skins", ()) if one.get("default")), "vector")
    modules, pages = [], set()
    for gadget in query.get("gadgets", ()):
        settings, parts = gadget["metadata"]["settings"], gadget["metadata"]["module"]
        styles = parts.get("styles", ())
        wanted = settings.get("default") and not settings.get("rights") and not settings.get("actions")
        if wanted and styles and (not settings.get("skins") or skin in settings["skins"]):
            modules.append(f"ext.gadget.{gadget['id']}")
            pages.update(styles)
    return Nature(
        server=str(general["server"]),
        script=str(general.get("scriptpath", "")),
        article=str(general.get("articlepath", "/wiki/$1")),
        skin=skin,
        language=str(general.get("lang", "en")),
        largest=int(general.get("maxarticlesize", 0)),
        gadgets=tuple(modules),
        gadget_pages=frozenset(pages),
    )
