"""The preview's page for a page as the wiki renders it: what the wiki lacks is said above, the page is in a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote

from markupsafe import Markup

from pipeline.errors import MaroviError
from pipeline.memo import reading
from pipeline.memo.engine import Memo
from pipeline.memo.site import names_by_path
from pipeline.preview.answers import HTML, TEXT, Answer
from pipeline.preview.frame import framed
from pipeline.preview.on_wiki import INSIDE_POLICY, SANDBOX, OnWiki, View, said
from pipeline.preview.wiki_pages import folders, has, ours, placed
from pipeline.render.html.policy import POLICY
from pipeline.render.html.words import filled
from pipeline.render.numbers import direction

INSIDE = "/_live/wiki-inside/"  # and the folder of the site's page
NAMED = 12  # titles in one notice; the rest is counted
FRAME_POLICY = POLICY + "; frame-src 'self'; frame-ancestors 'none'"

Choice = Callable[[], OnWiki]


class Asked(Protocol):
    """What of the live preview is needed."""

    def asking(self) -> AbstractContextManager[Memo]: ...


def wiki_page(live: Asked, choose: Choice, path: str, say: Callable[[str], None]) -> bytes | None:
    """The page at /_live/wiki/`path`, None where the site has no page at `path`.

    `choose` gives the wiki, or raises; what goes wrong is said on the page and to `say`.
    """
    parts: dict[str, Any] = {
        "site_path": path,
        "view_switch": True,
        "policy": _spoken(FRAME_POLICY),
        "sandbox": SANDBOX,
        "error": "",
        "nowhere": False,
    }
    language = path.partition("/")[0]
    with live.asking() as memo:
        if not has(memo, path) or language not in memo.given.config.languages:
            return None
        words = reading.messages(memo)[0][language]
        kind, _, key, _ = names_by_path(memo)[f"{path}index.html"]
    title: str = words["live-as-wiki"]
    try:
        with live.asking() as memo:
            place = placed(memo, path)
            known, places = (ours(memo, place), folders(memo)) if place else (None, {})
        if place is None or known is None:
            parts["nowhere"] = True
        else:
            wiki = choose()
            title = filled(words["live-wiki-title"], place.page.title, wiki.target.host)
            view = wiki.view(place.page, known)
            parts |= {
                "notices": list(notices(wiki, view, wiki.content(place, view, places).body.without, words)),
                "state": words[f"live-wiki-state-{view.state}"],
                "wiki_address": wiki.address(place.page.title),
                "wiki_words": filled(words["live-wiki-open"], wiki.target.host),
                "inside": f"{INSIDE}{quote(path)}?v={view.mark}",
            }
            say("")
    except MaroviError as error:
        say(said(error))
        parts["error"] = said(error)
    with live.asking() as memo:
        return framed(memo, language, "live-wiki.html.j2", title, slug=key if kind == "topic" else "", **parts)


def wiki_inside(live: Asked, choose: Choice, path: str) -> bytes | None:
    """What stands in the frame of that page, None where there is nothing to show. Send it with `INSIDE_POLICY`."""
    with live.asking() as memo:
        place = placed(memo, path)
        if place is None:
            return None
        known, places = ours(memo, place), folders(memo)
    try:
        wiki = choose()
        view = wiki.view(place.page, known)
        content = wiki.content(place, view, places)
    except MaroviError:
        return None  # the page around says it
    language = place.page.language or view.nature.language
    with live.asking() as memo:
        made = memo.given.site.fragment(
            "live-wiki-inside.html.j2",
            title=place.page.title,
            language=language,
            direction=direction(language),
            content=content,
            policy=_spoken(INSIDE_POLICY),
        )
    return str(made).encode()


def wiki_answer(live: Asked, choose: Choice, name: str, rest: str, say: Callable[[str], None]) -> Answer | None:
    """What lies at /_live/`name`/`rest`; `name` is wiki, wiki-inside or wiki-file."""
    if name == "wiki":
        page = wiki_page(live, choose, rest, say)
        return Answer(page, HTML, headers={"Content-Security-Policy": FRAME_POLICY}) if page is not None else None
    if name == "wiki-inside":
        inside = wiki_inside(live, choose, rest)
        if inside is None:
            return None
        return Answer(inside, HTML, headers={"Content-Security-Policy": INSIDE_POLICY, "X-Frame-Options": "SAMEORIGIN"})
    try:
        file = choose().file(rest)
    except MaroviError as error:
        say(said(error))
        return Answer(said(error).encode(), TEXT, HTTPStatus.BAD_GATEWAY)
    if file is None:
        return None
    return Answer(file.content, file.type)


def notices(wiki: OnWiki, view: View, without: int, words: Mapping[str, str]) -> Iterator[Markup]:
    """What a reader has to know to take the page for what it will be; `without` counts pictures that are not shown."""
    for lack in view.lacks:
        named = Markup(words["site-comma"]).join(Markup("<bdi>{}</bdi>").format(title) for title in lack.titles[:NAMED])
        if len(lack.titles) > NAMED:
            named += Markup(" … (+{})").format(len(lack.titles) - NAMED)
        yield filled(
            words[f"live-wiki-lack-{lack.how}"], named, Markup("<code>{}</code>").format(wiki.remedy(lack.titles))
        )
    if without:
        yield filled(words["live-wiki-without"], str(without))
    for warning in view.parsed.warnings:
        yield filled(words["live-wiki-warning"], warning)
    for limit in view.near:
        yield filled(words["live-wiki-near"], limit.name, f"{limit.used:g}", f"{limit.most:g}")


def _spoken(policy: str) -> str:
    """A policy as a document may speak it of itself: without who may frame it, which only a header can say."""
    return policy.partition("; frame-ancestors")[0]
