"""Pages from an XML dump (Special:Export, dumpBackup.php), read as a stream; a document type is refused."""

from __future__ import annotations

import bz2
import gzip
import lzma
import xml.parsers.expat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from pipeline.bring_in.model import Left, Wiki, WikiPage
from pipeline.errors import MaroviError

CHUNK = 1 << 16
LARGEST = 20_000_000  # characters of one page; MediaWiki takes 2 MiB
OPENERS: dict[str, Callable[[Path, Literal["rb"]], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
# Numbers of namespaces that every MediaWiki has, so that a dump in any language is understood.
CANONICAL = {
    -2: "Media", -1: "Special", 1: "Talk", 2: "User", 3: "User talk", 4: "Project", 5: "Project talk", 6: "File",
    7: "File talk", 8: "MediaWiki", 9: "MediaWiki talk", 10: "Template", 11: "Template talk", 12: "Help",
    13: "Help talk", 14: "Category", 15: "Category talk", 828: "Module", 829: "Module talk",
}  # fmt: skip


def read_dump(path: Path) -> Wiki:
    """The newest revision of each page of a dump.

    Raises MaroviError when the file is no dump, is broken, or brings a document type (in which entities could hide).
    """
    stream = _Stream()
    pages: list[WikiPage] = []
    try:
        with OPENERS[path.suffix](path, "rb") if path.suffix in OPENERS else path.open("rb") as file:
            pages += stream.pages(file)
    except xml.parsers.expat.ExpatError as error:
        message = f"{path}:{error.lineno}: is not well-formed: {xml.parsers.expat.ErrorString(error.code)}"
        raise MaroviError(message, "export the pages again") from error
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise MaroviError(f"{path} cannot be unpacked: {error}", "copy it again") from error
    if not stream.is_dump:
        raise MaroviError(f"{path} is not an export of a MediaWiki", "make one with Special:Export or dumpBackup.php")
    return Wiki(str(path), tuple(pages), left=tuple(stream.left))


@dataclass
class _Revision:
    timestamp: str = ""
    text: str = ""
    hidden: bool = False
    model: str = "wikitext"


@dataclass
class _Stream:
    is_dump: bool = False
    left: list[Left] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._path: list[str] = []
        self._words: list[str] = []
        self._size = 0
        self._namespaces = dict(CANONICAL)
        self._space = 0
        self._done: list[WikiPage] = []
        self._start_page()

    def pages(self, file: IO[Any]) -> Iterator[WikiPage]:
        parser = xml.parsers.expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._refuse
        while chunk := file.read(CHUNK):
            parser.Parse(chunk, False)
            yield from self._done
            self._done.clear()
        parser.Parse(b"", True)
        yield from self._done

    def _start_page(self) -> None:
        self._title = self._number = self._redirect = ""
        self._newest = self._revision = _Revision()

    def _refuse(self, *_: object) -> None:
        raise MaroviError("the dump brings a document type, which no export has", "do not trust where it comes from")

    def _start(self, name: str, given: dict[str, str]) -> None:
        self._path.append(name)
        self._words.clear()
        self._size = 0
        if len(self._path) == 1:
            self.is_dump = name == "mediawiki"
        elif name == "page":
            self._start_page()
        elif name == "redirect":
            self._redirect = given.get("title", "")
        elif name == "revision":
            self._revision = _Revision()
        elif name == "namespace":
            self._space = int(given.get("key", "0"))
        elif name == "text":
            self._revision.hidden = "deleted" in given

    def _data(self, data: str) -> None:
        self._size += len(data)
        if self._size > LARGEST:
            raise MaroviError(f"a page of the dump is larger than {LARGEST} characters", "export the pages you want")
        self._words.append(data)

    def _end(self, name: str) -> None:
        text = "".join(self._words)
        self._words.clear()
        parent = self._path[-2] if len(self._path) > 1 else ""
        self._path.pop()
        if name == "namespace" and self._space not in CANONICAL and text:
            self._namespaces[self._space] = text
        elif parent == "page" and name == "title":
            self._title = text
        elif parent == "page" and name == "ns":
            self._number = text
        elif parent == "revision" and name == "timestamp":
            self._revision.timestamp = text
        elif parent == "revision" and name == "model":
            self._revision.model = text
        elif name == "text" and parent in ("revision", "content"):
            self._revision.text = self._revision.text or text
        elif name == "revision" and self._revision.timestamp >= self._newest.timestamp:
            self._newest = self._revision
        elif name == "page":
            self._page()

    def _page(self) -> None:
        number = int(self._number) if self._number.lstrip("-").isdigit() else 0
        namespace = self._namespaces.get(number, "") if number else ""
        title = self._title
        if number:
            # Foreign names of namespaces are told in English, as everything here knows them.
            title = f"{namespace}:{title.partition(':')[2]}"
        if self._newest.hidden or (self._newest.model != "wikitext" and not number):
            why = "its text is hidden" if self._newest.hidden else f"it holds no wikitext but {self._newest.model}"
            self.left.append(Left(title, 1, "left out", self._newest.text, why))
            return
        self._done.append(WikiPage(title, namespace, self._newest.text, self._redirect))
