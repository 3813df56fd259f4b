"""Pages that an Atom feed of contributions names (Special:Contributions, feed=atom); their texts come from the wiki."""

from __future__ import annotations

import re
import xml.parsers.expat
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.bring_in.api import Reader, read_wiki, require_safe
from pipeline.bring_in.model import Wiki, canonical
from pipeline.errors import MaroviError

LARGEST = 20_000_000  # bytes
ATOM = "http://www.w3.org/2005/Atom"


def read_feed(place: str, url: str, languages: tuple[str, ...]) -> Wiki:
    """Read the feed in a file or at an address; `url` is the wiki's, "" where the feed's links tell it.

    Raises MaroviError when it is no feed, names no page, or does not tell where the wiki is.
    """
    links = feed_links(_content(place))
    titles = [title for title in map(_title, links) if title]
    if not titles:
        raise MaroviError(f"{place} names no page of a wiki", "take the feed of Special:Contributions")
    base = url or _base(links)
    if not base:
        raise MaroviError("the feed does not tell where the wiki's api.php is", "name the wiki with --wiki")
    # A page with a namespace of its own, such as a user's, is no article; the reader leaves it out and says so.
    wiki = read_wiki(base, list(dict.fromkeys(titles)), languages, all_there=False)
    return Wiki(f"{place} of {wiki.name}", wiki.pages, wiki.picture, wiki.shown, wiki.left)


def _content(place: str) -> bytes:
    if re.match(r"https?://", place):
        require_safe(place, "the address of the feed")
        parts = urlsplit(place)
        return Reader(f"{parts.scheme}://{parts.netloc}{parts.path}").file(place)
    content = Path(place).read_bytes()
    if len(content) > LARGEST:
        raise MaroviError(f"{place} is larger than {LARGEST} bytes", "take a feed of fewer contributions")
    return content


def feed_links(content: bytes) -> list[str]:
    """The addresses of a feed's entries. Raises MaroviError when it is no feed, or brings a document type."""
    found: list[str] = []
    inside: list[str] = []

    def start(name: str, given: dict[str, str]) -> None:
        inside.append(name)
        is_page = given.get("rel", "alternate") == "alternate"
        if name == f"{ATOM} link" and inside[-2:-1] == [f"{ATOM} entry"] and is_page and "href" in given:
            found.append(given["href"])

    def end(name: str) -> None:
        inside.pop()

    def refuse(*_: object) -> None:
        raise MaroviError("the feed brings a document type, which no feed has", "do not trust where it comes from")

    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, refuse
    try:
        parser.Parse(content, True)
    except xml.parsers.expat.ExpatError as error:
        reason = xml.parsers.expat.ErrorString(error.code)
        raise MaroviError(f"the feed is not well-formed: line {error.lineno}: {reason}", "take it again") from error
    return found


def _title(link: str) -> str:
    """The page that an entry leads to: `…/index.php?title=X&diff=…`, `…/index.php/X` or `…/wiki/X`."""
    parts = urlsplit(link)
    named = parse_qs(parts.query).get("title")
    path = parts.path.partition("index.php/")[2] or parts.path.partition("/wiki/")[2]
    return canonical(named[0] if named else unquote(path))


def _base(links: list[str]) -> str:
    """The folder of index.php, when all links lead to one."""
    found = {link.partition("index.php")[0] for link in links if "index.php" in link}
    return found.pop() if len(found) == 1 else ""
