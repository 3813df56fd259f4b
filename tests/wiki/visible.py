"""What a reader sees of a parsed page: its words, and its elements without what is different every time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests

from pipeline.wiki import LocalWiki

EMPTY = frozenset(("br", "hr", "img", "link", "meta", "wbr"))


@dataclass
class Seen:
    """One marked part of a page: the elements in it, in order, and the text."""

    elements: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""

    @property
    def words(self) -> str:
        return collapsed(self.text)


def ask(wiki: LocalWiki, **parameters: str) -> dict[str, Any]:
    """One call of the wiki's API by nobody in particular."""
    data = {"format": "json", "formatversion": "2"} | parameters
    response = requests.post(f"{wiki.url}api.php", data=data, timeout=120)
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    assert "error" not in answer, answer["error"]
    return answer


def parse(wiki: LocalWiki, text: str, title: str = "Rendering test", prop: str = "text") -> dict[str, Any]:
    """The page as MediaWiki parses it."""
    answer = ask(
        wiki,
        action="parse",
        title=title,
        text=text,
        contentmodel="wikitext",
        prop=prop,
        disablelimitreport="1",
        disableeditsection="1",
        disabletoc="1",
    )
    result: dict[str, Any] = answer["parse"]
    return result


def parts(html: str) -> dict[str, Seen]:
    """The parts of a page that stand in `<div class="part" id="…">`, by their id."""
    reader = _Parts()
    reader.feed(html)
    reader.close()
    return reader.found


def collapsed(text: str) -> str:
    """White space as browsers show it; MediaWiki makes spaces before `!` and the like unbreakable."""
    return re.sub("[ \t\r\n\u00a0]+", " ", text).strip(" ")


class _Parts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, Seen] = {}
        self.current: Seen | None = None
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "div" and given.get("class") == "part":
            assert self.current is None, f"{given['id']} stands inside another part"
            self.current = self.found[given["id"]] = Seen()
            self.depth = 0
        elif self.current is not None:
            self.depth += tag not in EMPTY
            detail = given.get("class", "") or (given.get("href", "") if "//" in given.get("href", "") else "")
            self.current.elements.append((tag, detail))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.current is None or tag in EMPTY:
            return
        if self.depth == 0:
            self.current = None
        else:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.current is not None:
            self.current.text += data
