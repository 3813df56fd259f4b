"""Hold pages of the site against what the wiki makes of them: words, headings, links, figures and tables, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from pipeline.errors import MaroviError, suggest
from pipeline.memo import site
from pipeline.memo.engine import Memo
from pipeline.preview.as_seen import Seen, seen
from pipeline.preview.on_wiki import PAGE, OnWiki, leading
from pipeline.preview.parity import Difference, differences
from pipeline.preview.wiki_html import Ways
from pipeline.preview.wiki_lacks import Lack
from pipeline.preview.wiki_pages import Place, folders, ours, placed
from pipeline.preview.wiki_parse import Nature
from pipeline.render.html.addresses import slugged

KINDS = ("topic", "concept", "category", "path")  # the site makes its other pages in its own way
CONTENT = "_text"  # the element of the site's pages that the wiki has as well


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one page."""

    place: Place
    differences: tuple[Difference, ...]
    lacks: tuple[Lack, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.place.page.title,
            "path": self.place.folder,
            "differences": [one.to_json() for one in self.differences],
            "lacks": [one.to_json() for one in self.lacks],
        }


def compared(memo: Memo, wiki: OnWiki, slugs: Sequence[str]) -> Iterator[Compared]:
    """Compare the pages of topics, terms and categories with these slugs, or all pages when none is named.

    Raises MaroviError for a slug that is none, and when the wiki does not answer.
    """
    places = folders(memo)
    for name in _chosen(memo, slugs):
        folder = site.path_of(*name).removesuffix("index.html")
        place = placed(memo, folder)
        if place is None:
            continue
        view = wiki.view(place.page, ours(memo, place))
        mine = on_site(site.page(memo, *name).content.decode(), folder)
        theirs = on_wiki(view.parsed.html, place, view.nature, wiki.address(place.page.title), places)
        yield Compared(place, tuple(differences(mine, theirs)), view.lacks)


def on_site(html: str, folder: str) -> Seen:
    """What a reader sees of the site's page in `folder`."""

    def link(address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme:
            return address
        target = unquote(urljoin(f"/{folder}", parts.path)).removeprefix("/") if parts.path else folder
        return target if target != folder else ""

    return seen(html, CONTENT, link, lambda address: basename(unquote(address)))


def on_wiki(html: str, place: Place, nature: Nature, url: str, places: Mapping[tuple[str, str], str]) -> Seen:
    """What a reader sees of what the wiki made; `url` is the page's address there."""
    origin = urljoin(url, "/")
    ways = Ways(nature, url, leading(place.page, places), lambda address, kind: None)

    def link(address: str) -> str:
        target = ways.link(address)[0]
        if target.startswith(PAGE):
            folder = unquote(target.removeprefix(PAGE).partition("#")[0])
            return folder if folder != place.folder else ""
        return "" if target.startswith(("#", origin)) else target

    return seen(html, link=link, picture=_picture)


def _picture(address: str) -> str:
    """A picture's file: .../thumb/a/ab/Name.png/600px-Name.png and .../a/ab/Name.png are one."""
    parts = unquote(urlsplit(address).path).split("/")
    return parts[-2] if "thumb" in parts[:-3] and len(parts) > 3 else parts[-1]


def _chosen(memo: Memo, slugs: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    names = [name for name in site.all_names(memo) if name[0] in KINDS]
    known = {slugged(name[2]) for name in names if name[2]}
    for slug in slugs:
        if slug not in known:
            raise MaroviError(f"there is no topic {slug!r}", suggest(slug, known))
    return (name for name in names if not slugs or slugged(name[2]) in slugs)
