"""Pages as the wiki itself renders them now, from the text as it is here: in a frame in which nothing of it can run.

What comes is kept by the text and by the versions of what took part in it on the wiki: a page that is looked at again
costs one question about versions, a page that was changed one more.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from pipeline.deploy.live import Live
from pipeline.deploy.target import Target
from pipeline.errors import MaroviError, SourceError, Where
from pipeline.preview.wiki_files import WikiFile, WikiFiles
from pipeline.preview.wiki_html import Head, Kind, Shown, Ways, head, shown
from pipeline.preview.wiki_lacks import Lack, Needs, Ours, Presence, lacks, near, needs, state_of
from pipeline.preview.wiki_pages import Place
from pipeline.preview.wiki_parse import Limit, Nature, Parsed, Wiki
from pipeline.render.html.formulas import Formulas, stylesheet
from pipeline.render.page import Page

PAGE = "/_live/wiki/"  # and the folder of the site's page
KEPT = 64  # answers
LASTS = 60.0  # seconds: links to other pages may have changed their color by then
ASKED = 1.0  # seconds for which versions are not asked for again: a page and what is in its frame are one look
# What a frame may load: from our origin only, from where the wiki's files come too; no script runs.
INSIDE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Without allow-scripts. allow-same-origin: else styles, fonts and pictures of the preview would count as those of a
# stranger, and the page around could not ask how tall it is. The others let links be followed.
SANDBOX = "allow-same-origin allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox"
TEXT_STYLE = "\\textstyle"
STYLES = ("\\displaystyle", TEXT_STYLE)  # that the wiki puts around formulas


@dataclass(frozen=True, slots=True)
class View:
    """A page as the wiki renders it, and what the wiki lacks for it."""

    parsed: Parsed
    nature: Nature
    lacks: tuple[Lack, ...]
    state: Presence
    near: tuple[Limit, ...]

    @property
    def mark(self) -> str:
        """Another one when something else is to be seen."""
        return hashlib.sha1(f"{self.parsed.html}\0{self.parsed.head}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Kept:
    parsed: Parsed
    needs: Needs
    live: Live
    since: float
    looked: float


class OnWiki:
    """One wiki's way to show pages. May be asked by several threads at once."""

    def __init__(self, target: Target, name: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        """`name` is what [tool.marovi.targets] calls the wiki, "" where it is not named there."""
        self.target, self._name = target, name
        self.wiki = Wiki(target)
        self.files = WikiFiles(target, lambda: self.wiki.login, clock)
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def view(self, page: Page, ours: Ours) -> View:
        """Render a page. Raises MaroviError, in one sentence."""
        key = (page.title, page.language, page.sha1)
        with self._lock:
            kept = self._kept.get(key)
        nature, now = self.wiki.nature(), self._clock()
        if kept is None or now - kept.since > LASTS:
            kept = self._asked(page, nature, ours, now)
        elif now - kept.looked > ASKED:
            live = self.wiki.standing(kept.needs.pages, kept.needs.files)
            same = _versions(live) == _versions(kept.live)
            kept = (
                _Kept(kept.parsed, kept.needs, live, kept.since, now) if same else self._asked(page, nature, ours, now)
            )
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        found = lacks(page, kept.parsed, kept.live, ours, nature.language)
        return View(kept.parsed, nature, found, state_of(page, kept.live), near(kept.parsed.limits))

    def remedy(self, titles: Iterable[str]) -> str:
        """The command that brings these pages and files to the wiki."""
        named = f" --target {self._name}" if self._name else ""
        shared = any(title.startswith("MediaWiki:") for title in titles) and not self.target.local
        return f"marovi deploy{' --interface' if shared else ''}{named}"

    def file(self, name: str) -> WikiFile | None:
        """A file that a page of the wiki shows, by the name under which the page asks for it. Raises WikiError."""
        return self.files.file(name)

    def address(self, title: str) -> str:
        """Where the wiki shows a page. Raises WikiError."""
        path = self.wiki.nature().article.replace("$1", quote(title.replace(" ", "_"), safe="/:"))
        return f"{self.target.scheme}://{self.target.host}{path}"

    def content(self, place: Place, view: View, folders: Mapping[tuple[str, str], str]) -> Content:
        """What stands in the frame."""
        nature, formulas = view.nature, Formulas()

        def led(address: str, kind: Kind) -> str | None:
            return self.files.place(address, kind)

        def drawn(tex: str, block: bool) -> Markup:
            return _formula(formulas, tex, block)

        ways = Ways(nature, self.address(place.page.title), leading(place.page, folders), led)
        body, title, top = shown(view.parsed.html, ways, drawn), shown(view.parsed.title, ways), head(view.parsed.head)
        addresses = [*top.styles, *([nature.styles(nature.gadgets, place.page.language)] if nature.gadgets else ())]
        origin = f"{self.target.scheme}://{self.target.host}"
        places = (led(one if "//" in one else origin + one, "style") for one in addresses)
        return Content(body, title.html, top, tuple(filter(None, places)), Markup(stylesheet([formulas.styles])))

    def _asked(self, page: Page, nature: Nature, ours: Ours, now: float) -> _Kept:
        parsed = self.wiki.parse(page)
        wanted = needs(page, parsed, nature.gadget_pages, ours)
        return _Kept(parsed, wanted, self.wiki.standing(wanted.pages, wanted.files), now, now)


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in the frame: the page's content, its title, its head, its style sheets and those of formulas."""

    body: Shown
    title: Markup
    head: Head
    styles: tuple[str, ...]
    formula_styles: Markup


def _versions(live: Live) -> tuple[object, ...]:
    pages = tuple((title, page.revision) for title, page in sorted(live.pages.items()))
    return pages, tuple((title, file.exists, file.sha1, file.timestamp) for title, file in sorted(live.files.items()))


def _formula(formulas: Formulas, source: str, block: bool) -> Markup:
    """A formula that the wiki leaves to scripts of its readers: a wiki sets one in a line large, too, unless told."""
    tex = " ".join(source.split()).removeprefix("$").removesuffix("$").strip()
    style = next((style for style in STYLES if tex.startswith(f"{{{style} ") and _is_one_group(tex)), "")
    tex = tex[len(style) + 2 : -1] if style else tex
    if block:
        return Markup('<div class="formula">{}</div>').format(formulas.mathml(tex, Where("the wiki"), block=True))
    large = "" if style == TEXT_STYLE else "\\displaystyle "
    return formulas.mathml(large + tex, Where("the wiki"), block=False)


def _is_one_group(tex: str) -> bool:
    """Whether the brace that begins a formula ends with it."""
    depth = 0
    for number, sign in enumerate(re.sub(r"\\.", "..", tex)):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return number == len(tex) - 1 > 0
    return False


def leading(page: Page, folders: Mapping[tuple[str, str], str]) -> Callable[[str], str | None]:
    """Where links from a page to others lead, by their titles: to the preview's pages of the wiki."""

    def leads(title: str) -> str | None:
        folder = folders.get((title, page.language)) or folders.get((title, ""))
        return PAGE + quote(folder) if folder is not None else None

    return leads


def said(error: MaroviError) -> str:
    """An error as a sentence for the page and the terminal; of many problems the first, with its place."""
    if isinstance(error, SourceError) and error.problems:
        return f"{error.problems[0]}."
    return f"{str(error)[:1].upper()}{str(error)[1:]}."
