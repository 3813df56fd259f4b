"""Which address of the live preview shows what: the site's own pages, and below /_live/ what the preview adds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from pipeline.memo import site
from pipeline.preview.answers import HTML, JSON, TEXT, Answer, Events, NoSuchPageError, kind_of, located
from pipeline.preview.live import OWN, Live
from pipeline.preview.wiki_choice import WikiChoice
from pipeline.render.site import ASSETS

ON_WIKI = ("wiki", "wiki-inside", "wiki-file")
HEARTBEAT = 10.0  # seconds: a browser that went away is noticed when it is written to
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LiveSource:
    """What the live project answers."""

    live: Live
    choose: WikiChoice  # of the wiki that renders pages
    opens: str = "/_live/topics"

    def answer(self, path: str, query: Query) -> Answer | Events | None:
        try:
            return self._found(path, query)
        except NoSuchPageError:
            return None
        except Exception as error:
            said = "\n".join(map(str, self.live.problems_of(error)))
            # asked for again by itself, since no script of ours is on it
            return Answer(said.encode(), TEXT, HTTPStatus.INTERNAL_SERVER_ERROR, {"Refresh": "2"})

    def _found(self, path: str, query: Query) -> Answer | Events | None:
        if path == "":
            return Answer(place=self.opens, is_changing=True)
        if path.startswith(OWN):
            name, _, rest = path.removeprefix(OWN).partition("/")
            if name in ON_WIKI:
                from pipeline.preview.wiki_page import wiki_answer

                return wiki_answer(self.live, self.choose, name, rest, self.choose.say)
            route = ROUTES.get(name)
            return route(self.live, rest, query) if route else None
        if path.startswith("assets/"):
            return self._asset(path)
        if path.startswith("figures/"):
            content = self.live.picture(path)
            return Answer(content, kind_of(path)) if content is not None else None
        if not path.endswith("/"):
            return Answer(place=quote(f"/{path}/")) if self.live.page(f"{path}/") is not None else None
        shown = self.live.page(path)
        return Answer(shown.served) if shown is not None else None

    def missing(self) -> bytes | None:
        with self.live.asking() as memo:
            source = memo.given.config.source_language
            try:
                return site.page(memo, "missing", source, "", "").content
            except Exception as error:  # with sources that cannot be read there are plain words
                self.live.problems_of(error)  # and a fault of ours is told
                return None

    def _asset(self, path: str) -> Answer | None:
        found = located(self.live.config.root / ASSETS, path.removeprefix("assets/"))
        return Answer(found.read_bytes(), kind_of(found.name)) if found is not None and found.is_file() else None


def _events(live: Live, rest: str, query: Query) -> Events:
    """Everything that changes on one page."""

    @contextmanager
    def told() -> Iterator[Iterator[bytes]]:
        listener = live.listen(query.get("page", ""), query.get("digest", ""))

        def heard() -> Iterator[bytes]:
            yield b": the preview listens\nretry: 1000\n\n"
            while (event := listener.hear(HEARTBEAT)) is not None:
                yield event or b": still here\n\n"

        try:
            yield heard()
        finally:
            live.listeners.remove(listener)

    return told()


def _formulas(live: Live, rest: str, query: Query) -> Answer | None:
    """The style sheet of the formulas of one page."""
    shown = live.page(rest)
    return Answer(shown.formulas.encode(), kind_of("x.css")) if shown is not None else None


def _language(live: Live, query: Query) -> str:
    """The language that somebody reads the preview in."""
    asked = query.get("in", "")
    return asked if asked in live.config.languages else live.config.source_language


def _page(content: bytes | None) -> Answer | None:
    return Answer(content, HTML) if content is not None else None


def _beside(live: Live, rest: str, query: Query) -> Answer | None:
    """Two languages of a topic: SLUG/LEFT/RIGHT, of its summary SLUG/summary/LEFT/RIGHT."""
    from pipeline.preview.beside import beside_page

    slug, *more = rest.strip("/").split("/")
    if len(more) not in (2, 3):
        return None
    return _page(beside_page(live, slug, "/".join(more[:-2]), more[-2], more[-1]))


def _origin(live: Live, rest: str, query: Query) -> Answer | None:
    """Where something comes from: SLUG/KIND/NAME."""
    from pipeline.preview.origins import origin_page

    slug, _, thing = rest.partition("/")
    kind, _, name = thing.partition("/")
    return _page(origin_page(live, _language(live, query), slug, kind, name))


def _topics(live: Live, rest: str, query: Query) -> Answer | None:
    from pipeline.preview.topic_list import topics_page

    return _page(topics_page(live, _language(live, query), query)) if not rest else None


def _states(live: Live, rest: str, query: Query) -> Answer | None:
    """How every topic stands, for scripts."""
    return Answer(json.dumps(live.states().to_json(), ensure_ascii=False).encode(), JSON) if not rest else None


def _search(live: Live, rest: str, query: Query) -> Answer | None:
    """The words `q`, in all languages; results `from` a place on."""
    from pipeline.preview.search import search_page

    start = query.get("from", "0")
    place = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 0
    return _page(search_page(live, _language(live, query), query.get("q", ""), place)) if not rest else None


def _search_json(live: Live, rest: str, query: Query) -> Answer | None:
    from pipeline.preview.search import search_json

    return Answer(search_json(live, _language(live, query), query.get("q", "")), JSON) if not rest else None


def _explain(live: Live, rest: str, query: Query) -> Answer | None:
    """A diagnostic by its code or rule, or all of them."""
    from pipeline.preview.explaining import explain_page

    return _page(explain_page(live, _language(live, query), rest.strip("/")))


ROUTES: dict[str, Callable[[Live, str, Query], Answer | Events | None]] = {
    "beside": _beside,
    "events": _events,
    "explain": _explain,
    "formulas": _formulas,
    "origin": _origin,
    "search": _search,
    "search.json": _search_json,
    "states.json": _states,
    "topics": _topics,
}
