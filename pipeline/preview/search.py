"""The page that searches all others, and the same as data for who is still typing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from pipeline.memo.texts import PageText, page_texts
from pipeline.preview.frame import framed
from pipeline.preview.ranking import by_topic, ranked
from pipeline.preview.snippets import FULL, Marked, Size, Snippet, marked, snippets
from pipeline.preview.wanted import Term, terms_in
from pipeline.render.html.site import Tongue
from pipeline.render.html.words import filled

if TYPE_CHECKING:
    from pipeline.preview.live import Live

ADDRESS = "/_live/search"
MOST_WORDS = 400  # signs that are read of a question
ON_A_PAGE, PASSAGES = 20, 3
WHILE_TYPING, SHORT = 8, Size(signs=90, lines=1)


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that has all that was asked for, and where on it."""

    kind: str  # topic | summary | concept
    language: str
    address: str
    title: Marked
    passages: tuple[Snippet, ...]
    also: tuple[tuple[str, str], ...]  # language and address of the same page in others, which have it too

    def link(self, passage: Snippet) -> str:
        """The address of one of its passages."""
        return self.address + (f"#{quote(passage.anchor)}" if passage.anchor else "")


def search_page(live: Live, language: str, words: str, start: int = 0) -> bytes:
    """A page with the results from `start` on, counted from 0; without words only the form."""
    words = words[:MOST_WORDS]
    terms, found = _matching(live, language, words)
    start = start if 0 <= start < len(found) else 0
    end = min(start + ON_A_PAGE, len(found))
    hits = [_hit(pages, terms, PASSAGES, FULL) for pages in found[start:end]]

    def at(place: int, reader: str = language) -> str:
        return _address(words, reader, place)

    with live.asking() as memo:
        names = memo.given.sources.tongues
        said = memo.given.sources.messages[language]
        return framed(
            memo,
            language,
            "live-search.html.j2",
            said["live-search"],
            tongues=[Tongue(code, names[code], at(0, code) if code != language else None) for code in names],
            fill=filled,
            asked=words,
            names=names,
            hits=hits,
            total=len(found),
            is_asked=bool(terms),
            first=start + 1,
            last=end,
            before=at(max(0, start - ON_A_PAGE)) if start else "",
            after=at(end) if end < len(found) else "",
        )


def search_json(live: Live, language: str, words: str) -> bytes:
    """The best results, for a list below the words that are being typed.

    `hits` have `title`, `heading` and `snippet` as lists of [text, whether it is marked], and `name` of the language
    where it is another; `said` is for who only hears.
    """
    words = words[:MOST_WORDS]
    terms, found = _matching(live, language, words)
    with live.asking() as memo:
        names = memo.given.sources.tongues
        said = memo.given.sources.messages[language]
    hits = [_hit(pages, terms, 1, SHORT) for pages in found[:WHILE_TYPING]]
    spoken = filled(said["live-search-count"], str(len(found))) if found else said["live-search-nothing"]
    answer = {
        "total": len(found),
        "said": str(spoken) if terms else "",
        "hits": [_as_json(hit, "" if hit.language == language else names[hit.language], said) for hit in hits],
        "every": {"words": said["live-search-every"], "link": _address(words, language)},
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def _matching(live: Live, language: str, words: str) -> tuple[tuple[Term, ...], Sequence[Sequence[PageText]]]:
    """What is looked for, and the pages that have it; the memo is free again while they are looked through."""
    terms = terms_in(words)
    if not terms:
        return (), ()
    with live.asking() as memo:
        texts = tuple(page_texts(memo))
    return terms, by_topic(ranked(texts, terms, language))


def _hit(pages: Sequence[PageText], terms: Sequence[Term], most: int, size: Size) -> Hit:
    page, *others = pages
    also = tuple((other.language, _at(other)) for other in others)
    shown = snippets(page, terms, most, size)
    return Hit(page.kind, page.language, _at(page), marked(page.title, terms), shown, also)


def _at(page: PageText) -> str:
    return f"/{quote(page.folder)}"


def _as_json(hit: Hit, name: str, said: Mapping[str, str]) -> dict[str, object]:
    passage = hit.passages[0]
    return {
        "title": hit.title,
        "language": hit.language,
        "name": name,
        "kind": {"summary": said["summary"], "concept": said["glossary"]}.get(hit.kind, ""),
        "heading": passage.heading,
        "snippet": passage.words,
        "is_code": passage.is_code,
        "link": hit.link(passage),
    }


def _address(words: str, language: str, start: int = 0) -> str:
    asked: dict[str, str | int] = {"q": words, "in": language}
    return f"{ADDRESS}?{urlencode(asked | ({'from': start} if start else {}))}"
