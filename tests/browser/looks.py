"""What a reader must be able to see and do on a page, whichever site it stands on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

PATIENCE = 60.0  # seconds for what a slow machine may take long to come to
expect.set_options(timeout=PATIENCE * 1000)

ARTICLES = Path(__file__).parents[2] / "articles"
WIDE, NARROW, HEIGHT = 1280, 360, 900
FIGURES = """() => [...document.querySelectorAll('SELECTOR')].filter(image => image.closest('figure, .thumb'))
    .map(image => { image.scrollIntoView(); const box = image.getBoundingClientRect();
        return {source: image.src, alt: image.alt, natural: image.naturalWidth, width: box.width}; })"""
FORMULAS = """selector => [...document.querySelectorAll(selector)].filter(formula => formula.checkVisibility())
    .map(formula => { const box = formula.getBoundingClientRect(); const ink = [...formula.querySelectorAll('*')]
        .filter(part => !part.children.length && part.textContent.trim()).map(part => part.getBoundingClientRect());
        return {text: formula.textContent, width: box.width, height: box.height,
            inked: ink.some(part => part.width > 0 && part.height > 0)}; })"""
OVERFLOW = """least => { const page = document.documentElement; const room = Math.max(page.clientWidth, least);
    if (page.scrollWidth <= room) return []; const scrolls = part => part !== page && part !== document.body &&
        (['auto', 'scroll', 'hidden'].includes(getComputedStyle(part).overflowX) || scrolls(part.parentElement));
    const wide = [...document.body.querySelectorAll('*')].filter(part => part.getBoundingClientRect().right > room + 1);
    return [`the page is ${page.scrollWidth} px wide`, ...wide.filter(part => !part.children.length &&
        !scrolls(part.parentElement)).map(part => part.outerHTML.slice(0, 200))]; }"""


@dataclass(frozen=True, slots=True)
class Site:
    """How to find on a site's pages what every page has."""

    text: str
    languages: str
    formulas: str
    term: str
    popup: str  # an open one


PREVIEW = Site("#_text", ".language-bar", "#_text math", ".term", ".definition:not([hidden])")
WIKI = Site(
    ".mw-parser-output",
    ".marovi-languages",
    ".mw-parser-output .marovi-drawn .katex-html",
    ".marovi-term",
    ".marovi-term-popup.marovi-open",
)


def versions() -> list[tuple[str, str]]:
    """Slug and language of every page of the repository's articles."""
    return sorted((path.parent.name, path.stem) for path in ARTICLES.glob("*/*.md"))


def comes_right(page: Any, wrong: Callable[[], str]) -> None:
    """Wait until nothing is wrong any more: fonts, pictures and a new width of the window take effect in their time."""
    end = time.monotonic() + PATIENCE
    while said := wrong():
        assert time.monotonic() < end, said
        page.wait_for_timeout(50)


def formulas_are_visible(page: Any, site: Site, count: int) -> None:
    """Each of the `count` formulas of the text takes room and has ink."""

    def wrong() -> str:
        found = page.evaluate(FORMULAS, site.formulas)
        pale = [formula for formula in found if formula["width"] < 2 or formula["height"] < 4 or not formula["inked"]]
        if pale:
            return f"formulas without ink: {pale}"
        return "" if len(found) == count else f"{len(found)} formulas can be seen, the page has {count}"

    comes_right(page, wrong)


def figures_are_visible(page: Any, site: Site, count: int) -> None:
    """Each of the `count` figures has loaded, is drawn, and says what it shows to those who cannot see it."""
    script = FIGURES.replace("SELECTOR", f"{site.text} img")

    def wrong() -> str:
        found = page.evaluate(script)  # which brings each into sight, so that it is loaded
        lost = [figure for figure in found if figure["natural"] < 100 or figure["width"] < 100 or not figure["alt"]]
        if lost:
            return f"figures that cannot be seen: {lost}"
        return "" if len(found) == count else f"{len(found)} figures can be seen, the page has {count}"

    comes_right(page, wrong)


def nothing_sticks_out(page: Any, least: int = 0) -> None:
    """The page does not scroll sideways; wide tables, formulas and code scroll in boxes of their own.

    `least` is the width in pixels that the skin itself takes, even around an empty page.
    """
    comes_right(page, lambda: "\n".join(page.evaluate(OVERFLOW, least)))


def a_popup_opens_and_closes(page: Any, site: Site) -> None:
    """By pointing, and by keyboard; Escape closes it both times."""
    term = page.locator(site.term).first
    popup = page.locator(site.popup)
    assert popup.count() == 0
    expect(term).to_have_attribute("aria-describedby", re.compile("."))  # the script has come to it
    term.scroll_into_view_if_needed()
    term.hover()
    popup.wait_for(state="visible")
    inside_the_window(page, popup)
    assert len(popup.inner_text().split("\n")) >= 2
    page.keyboard.press("Escape")
    popup.wait_for(state="hidden")
    page.mouse.move(0, 0)
    tab_to(page, term)
    popup.wait_for(state="visible")
    page.keyboard.press("Escape")
    popup.wait_for(state="hidden")


def tab_to(page: Any, element: Any) -> None:
    """Reach an element with the Tab key from the one before it."""
    element.evaluate(
        """term => { const stops = [...document.querySelectorAll('a[href], button, summary, input, [tabindex="0"]')]
            .filter(stop => stop.checkVisibility() && stop.tabIndex >= 0);
            const before = stops[stops.indexOf(term) - 1]; before.focus({preventScroll: true}); }"""
    )
    for _ in range(4):  # what scrolls sideways before it is a stop as well
        page.keyboard.press("Tab")
        if element.evaluate("term => term === document.activeElement"):
            return
    raise AssertionError("the Tab key passes it by")


def inside_the_window(page: Any, element: Any) -> None:
    """All of an element can be seen without scrolling sideways."""
    width = page.viewport_size["width"]

    def wrong() -> str:
        box = element.bounding_box()
        fits = box and box["width"] > 80 and box["x"] >= 0 and box["x"] + box["width"] <= width + 1
        return "" if fits else f"{box} is not inside of {width} px"

    comes_right(page, wrong)


def languages_lead_there_and_back(page: Any, site: Site, languages: list[str], names: dict[str, str]) -> None:
    """Each other language in the bar leads to a page in that language, whose bar leads back."""
    here = page.url
    own = page.locator(site.languages).locator("strong, b").first.inner_text()
    text = page.locator(site.text).first.inner_text()
    for language in languages:
        page.locator(site.languages).get_by_role("link", name=names[language], exact=True).click()
        page.wait_for_url(lambda url: url != here)
        expect(page.locator(site.languages).locator("strong, b").first).to_have_text(
            names[language], use_inner_text=True
        )
        assert page.locator(site.text).first.inner_text() != text
        page.locator(site.languages).get_by_role("link", name=own, exact=True).click()
        page.wait_for_url(lambda url: url == here)
