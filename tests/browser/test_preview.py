"""The preview in a real browser: every page in every language, wide and narrow, by mouse, keyboard and touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from pipeline.read.document import FigureBox, InlineMath, MathBlock, TermUse, walk
from pipeline.render.model import PageModel
from pipeline.tongues import names_of
from tests.browser.looks import (
    HEIGHT,
    NARROW,
    PREVIEW,
    WIDE,
    a_popup_opens_and_closes,
    comes_right,
    figures_are_visible,
    formulas_are_visible,
    inside_the_window,
    languages_lead_there_and_back,
    nothing_sticks_out,
    tab_to,
    versions,
)
from tests.published import Previews, Published, preview, repository, sample

__all__ = ["preview", "repository", "sample"]

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def model_of(project: Published, slug: str, language: str) -> PageModel:
    return next(model for model in project.models if (model.article.slug, model.language) == (slug, language))


def formulas_of(model: PageModel) -> int:
    """How many formulas the text shows; those in popups and folded code are not seen."""
    entries = tuple(entry.text for entry in model.references)
    shown = (model.summary, model.key_points, model.blocks, model.footnotes, entries)
    hidden = sum(formulas_in(node.definition) for node in walk(shown) if isinstance(node, TermUse))
    return formulas_in(shown) - hidden


def formulas_in(tree: object) -> int:
    return sum(isinstance(node, (InlineMath, MathBlock)) for node in walk(tree))


def figures_of(model: PageModel) -> int:
    return sum(isinstance(node, FigureBox) for node in walk(model.blocks))


@pytest.mark.parametrize(("slug", "language"), versions())
def test_a_page_can_be_read(slug: str, language: str, repository: Published, preview: Previews, window: Open) -> None:
    model = model_of(repository, slug, language)
    view = window(WIDE)
    page = view.page
    page.goto(f"{preview.repository}{language}/{slug}/")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").inner_text() == model.version.metadata.title
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        formulas_are_visible(page, PREVIEW, formulas_of(model))
        figures_are_visible(page, PREVIEW, figures_of(model))
        nothing_sticks_out(page)
        a_popup_opens_and_closes(page, PREVIEW)
    if language == bar_of(slug):
        others = [entry.code for entry in model.languages if entry.exists and not entry.current]
        languages_lead_there_and_back(page, PREVIEW, others, {entry.code: entry.name for entry in model.languages})
    assert view.errors == []


def bar_of(slug: str) -> str:
    """The language from which a topic's other languages are gone to: one in turn, as loading pages takes long."""
    slugs = sorted({name for name, _ in versions()})
    return ("en", "es", "zh")[slugs.index(slug) % 3]


@pytest.mark.parametrize("language", ["en", "es", "zh"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_kind_of_node_can_be_read(
    language: str, width: int, sample: Published, preview: Previews, window: Open
) -> None:
    model = model_of(sample, "newton-iteration", language)
    view = window(width)
    view.page.goto(f"{preview.sample}{language}/newton-iteration/")
    formulas_are_visible(view.page, PREVIEW, formulas_of(model))
    figures_are_visible(view.page, PREVIEW, figures_of(model))
    nothing_sticks_out(view.page)
    assert view.errors == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(
    "path",
    ["", "es/", "zh/glossary/", "es/glossary/residual/", "zh/category/articles/", "en/how-the-numbers-were-made/"],
)
def test_the_pages_around_the_topics_can_be_read(path: str, width: int, preview: Previews, window: Open) -> None:
    view = window(width)
    view.page.goto(preview.sample + path)
    assert view.page.locator("h1").inner_text().strip()
    nothing_sticks_out(view.page)
    assert view.errors == []


def test_the_overview_leads_to_each_topic_in_each_language(preview: Previews, window: Open, sample: Published) -> None:
    page = window().page
    for language in ("en", "es", "zh"):
        page.goto(f"{preview.sample}{language}/")
        entry = page.locator(".topics li", has=page.locator('[lang="es"]', has_text="Español")).last
        assert entry.locator(".level").inner_text()
        entry.get_by_role("link", name=names_of(["es"])["es"], exact=True).click()
        page.wait_for_url(re.compile("/es/[^/]+/$"))
        expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_topic_without_a_translation_is_offered_in_the_source_language(preview: Previews, window: Open) -> None:
    page = window().page
    page.goto(f"{preview.sample}zh/")
    entry = page.locator(".topics li", has_text="Fixed Points")
    assert entry.locator("h2").get_attribute("lang") == "en"
    page.goto(f"{preview.sample}en/fixed-points/")
    missing = page.locator(".language-bar .missing")
    assert missing.inner_text() == "中文"
    assert page.locator(".language-bar").get_by_role("link", name="中文").count() == 0


def test_a_tap_explains_and_a_second_tap_follows(preview: Previews, window: Open) -> None:
    page = window(NARROW, 780, has_touch=True, is_mobile=True).page
    page.goto(f"{preview.sample}es/newton-iteration/")
    term = page.locator(".term").first
    term.scroll_into_view_if_needed()
    term.tap()
    popup = page.locator(PREVIEW.popup)
    popup.wait_for(state="visible")
    inside_the_window(page, popup)
    assert page.url.endswith("/newton-iteration/")
    page.locator("h1").tap()
    popup.wait_for(state="hidden")
    term.tap()
    popup.wait_for(state="visible")
    term.tap()
    page.wait_for_url("**/es/glossary/residual/")


def test_the_mouse_can_cross_into_a_popup_and_follow_its_link(preview: Previews, window: Open) -> None:
    page = window().page
    page.goto(f"{preview.sample}en/newton-iteration/")
    page.locator(".term").first.hover()
    popup = page.locator(PREVIEW.popup)
    popup.wait_for(state="visible")
    popup.hover()
    page.wait_for_timeout(500)
    assert popup.is_visible()
    popup.get_by_role("link").click()
    page.wait_for_url("**/en/glossary/residual/")


def test_a_screen_reader_is_told_the_definition(preview: Previews, window: Open) -> None:
    page = window().page
    page.goto(f"{preview.sample}en/newton-iteration/")
    term = page.locator(".term").first
    described = term.get_attribute("aria-describedby")
    assert "left over" in page.locator(f"#{described}").text_content()
    expect(term).to_have_attribute("aria-expanded", "false")
    tab_to(page, term)
    expect(term).to_have_attribute("aria-expanded", "true")


def test_a_page_can_be_read_without_script(preview: Previews, window: Open, sample: Published) -> None:
    model = model_of(sample, "newton-iteration", "en")
    view = window(java_script_enabled=False)
    view.page.goto(f"{preview.sample}en/newton-iteration/")
    assert view.page.locator("#_text math").count() == formulas_of(model)
    view.page.locator(".term").first.click()
    view.page.wait_for_url("**/en/glossary/residual/")
    assert view.errors == []


def test_folded_code_unfolds(preview: Previews, window: Open) -> None:
    page = window().page
    page.goto(f"{preview.sample}en/newton-iteration/")
    code = page.locator("details pre")
    assert not code.is_visible()
    page.locator("details summary", has_text="Code").click()
    expect(code).to_be_visible()


def test_notes_lead_down_and_back_up(preview: Previews, window: Open) -> None:
    page = window().page
    page.goto(f"{preview.sample}en/newton-iteration/")
    page.locator("sup.reference a", has_text="[note 1]").click()
    note = page.locator(".references li:target")
    expect(note).to_contain_text("Raphson")
    note.locator(".back a").first.click()
    expect(page.locator("sup.reference:target")).to_have_text("[note 1]")


def test_wide_tables_and_formulas_can_be_scrolled_by_keyboard(preview: Previews, window: Open) -> None:
    page = window(NARROW).page
    page.goto(f"{preview.sample}en/newton-iteration/")

    def wrong() -> str:
        boxes = page.evaluate(
            "() => [...document.querySelectorAll('.scroll')].filter(box => box.checkVisibility() &&"
            " box.scrollWidth > box.clientWidth).map(box => box.tabIndex)"
        )
        return "" if set(boxes) == {0} else f"not all can be reached, or none scrolls: {boxes}"

    comes_right(page, wrong)


def test_dark_follows_the_readers_wish(preview: Previews, window: Open) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        page = window(color_scheme=scheme).page
        page.goto(f"{preview.sample}en/newton-iteration/")
        colours[scheme] = page.evaluate("() => getComputedStyle(document.querySelector('main')).backgroundColor")
    assert colours == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 29)"}


def test_formulas_are_drawn_in_the_sites_own_math_font(preview: Previews, window: Open) -> None:
    page = window().page
    page.goto(f"{preview.sample}en/newton-iteration/")

    def wrong() -> str:
        loaded = page.evaluate(
            "() => [...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
        )
        return "" if any("Marovi Math" in family for family in loaded) else f"loaded are {loaded}"

    comes_right(page, wrong)


def test_printing_leaves_the_frame_out(preview: Previews, window: Open) -> None:
    page = window().page
    page.goto(f"{preview.sample}en/newton-iteration/")
    page.emulate_media(media="print")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator("#_text")).to_be_visible()
