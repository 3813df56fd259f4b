"""What a reader must be able to see and do on a page, whichever site it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def formulas_are_visible(page: Any, site: Site, count: int) -> None:
    """Each of the `count` formulas of the text takes room and has ink."""
    found = page.evaluate(FORMULAS, site.formulas)
    wrong = [formula for formula in found if formula["width"] < 2 or formula["height"] < 4 or not formula["inked"]]
    assert not wrong, f"formulas without ink: {wrong}"
    assert len(found) == count, f"{len(found)} formulas can be seen, the page has {count}"


def figures_are_visible(page: Any, site: Site, count: int) -> None:
    """Each of the `count` figures has loaded, is drawn, and says what it shows to those who cannot see it."""
    script = FIGURES.replace("SELECTOR", f"{site.text} img")
    page.evaluate(script)
    page.wait_for_function(
        "selector => [...document.querySelectorAll(selector)].every(image => image.complete)", arg=f"{site.text} img"
    )
    found = page.evaluate(script)
    wrong = [figure for figure in found if figure["natural"] < 100 or figure["width"] < 100 or not figure["alt"]]
    assert not wrong, f"figures that cannot be seen: {wrong}"
    assert len(found) == count, f"{len(found)} figures can be seen, the page has {count}"


def nothing_sticks_out(page: Any, least: int = 0) -> None:
    """The page does not scroll sideways; wide tables, formulas and code scroll in boxes of their own.

    `least` is the width in pixels that the skin itself takes, even around an empty page.
    """
    found = page.evaluate(OVERFLOW, least)
    assert not found, "\n".join(found)


def a_popup_opens_and_closes(page: Any, site: Site) -> None:
    """By pointing, and by keyboard; Escape closes it both times."""
    term = page.locator(site.term).first
    popup = page.locator(site.popup)
    assert popup.count() == 0
    term.scroll_into_view_if_needed()
    term.hover()
    popup.wait_for(state="visible", timeout=5000)
    inside_the_window(page, popup)
    assert len(popup.inner_text().split("\n")) >= 2
    page.keyboard.press("Escape")
    popup.wait_for(state="hidden", timeout=5000)
    page.mouse.move(0, 0)
    tab_to(page, term)
    popup.wait_for(state="visible", timeout=5000)
    page.keyboard.press("Escape")
    popup.wait_for(state="hidden", timeout=5000)


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
    box = element.bounding_box()
    assert box["width"] > 80
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"] + 1


def languages_lead_there_and_back(page: Any, site: Site, languages: list[str], names: dict[str, str]) -> None:
    """Each other language in the bar leads to a page in that language, whose bar leads back."""
    here = page.url
    own = page.locator(site.languages).locator("strong, b").first.inner_text()
    text = page.locator(site.text).first.inner_text()
    for language in languages:
        page.locator(site.languages).get_by_role("link", name=names[language], exact=True).click()
        page.wait_for_load_state()
        assert page.url != here
        assert page.locator(site.languages).locator("strong, b").first.inner_text() == names[language]
        assert page.locator(site.text).first.inner_text() != text
        page.locator(site.languages).get_by_role("link", name=own, exact=True).click()
        page.wait_for_load_state()
        assert page.url == here
