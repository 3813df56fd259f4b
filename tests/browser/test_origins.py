"""Two languages side by side and where numbers come from, in a real browser: by mouse, by keyboard, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from pipeline.preview.live import Live
from tests.browser.looks import NARROW, WIDE, inside_the_window, nothing_sticks_out
from tests.preview.remembering import commit
from tests.previewing import NEWTON, previewing, restored, sample, settled

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PAGE, OTHERS = "en/newton-iteration/", "_live/beside/newton-iteration/en/es"
PANEL = ".origin-panel:not([hidden])"
TOLD = f"{PANEL} .origin h2"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, committed, with a Spanish paragraph that is not translated yet."""
    root = sample(tmp_path_factory.mktemp("origins") / "project")
    spanish = root / "articles" / "newton-iteration" / "es.md"
    text = spanish.read_text()
    start, end = text.index("> Si la estimación"), text.index("Estimación\n:")
    spanish.write_text(text[:start] + text[end:])
    commit(root, "The sample")
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[tuple[str, Live]]:
    """The live preview of it."""
    with previewing(root) as (address, live):
        settled(live)
        yield address, live


@pytest.fixture
def preview(served: tuple[str, Live]) -> str:
    """Its address."""
    return served[0]


def shown(window: Open, preview: str, path: str = PAGE, width: int = WIDE, **options: Any) -> Any:
    """A window with a page whose cells have run."""
    view = window(width, reduced_motion="reduce", **options)
    view.page.goto(preview + path)
    view.page.locator(".value[data-value]").first.wait_for(timeout=60_000)
    return view


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.className + '|' + document.activeElement.textContent"))


def test_a_click_on_a_number_tells_where_it_comes_from_and_escape_goes_back(window: Open, preview: str) -> None:
    view = shown(window, preview)
    page = view.page
    number = page.locator('#_text > p .value[data-value="steps root"], #_text .value[data-value="steps"]').first
    before = number.bounding_box()["y"]
    number.click()
    page.locator(TOLD).wait_for()
    assert page.locator(TOLD).inner_text() == "steps"
    assert abs(number.bounding_box()["y"] - before) < 2, "what was looked at stays where it was"
    assert page.locator(f"{PANEL} .cell .k, {PANEL} .cell .kn").count() > 3, "the code is in color"
    assert "newton-iteration/en.md:" in page.locator(PANEL).inner_text()
    inside_the_window(page, page.locator(PANEL))
    page.keyboard.press("Escape")
    page.locator(PANEL).wait_for(state="detached")
    assert page.evaluate("document.activeElement.dataset.value").split()[0] == "steps"
    assert view.errors == []


def test_numbers_are_stops_of_the_tab_key_where_somebody_wants_it(window: Open, preview: str) -> None:
    page = shown(window, preview).page
    stops = page.locator('.value[role="button"]')
    toggle = page.locator(".live-numbers")
    assert (stops.count(), toggle.get_attribute("aria-pressed")) == (0, "false")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert stops.count() > 5
    first = stops.first
    for _ in range(60):
        page.keyboard.press("Tab")
        if first.evaluate("stop => stop === document.activeElement"):
            break
    else:
        raise AssertionError("the Tab key does not reach the first number")
    page.keyboard.press("Enter")
    page.locator(TOLD).wait_for()
    page.locator(f"{TOLD}:focus").wait_for()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.reload()
    page.locator('.value[role="button"]').first.wait_for()
    page.locator(".live-numbers").click()
    expect(page.locator('.value[role="button"], .value[tabindex]')).to_have_count(0)


def test_figures_and_cells_have_a_button_and_the_panel_leads_to_the_cell(window: Open, preview: str) -> None:
    view = shown(window, preview)
    page = view.page
    figure = page.locator('figure[data-figure="errors"]')
    figure.hover()
    figure.locator(".origin-open").click()
    page.locator(TOLD, has_text="errors").wait_for()
    page.locator(f"{PANEL} .to-cell").click()
    cell = page.locator('.cell[data-cell="draw"]')
    expect(cell).to_contain_class("origin-shown")
    expect(cell.locator("pre.code"), "folded code is opened").to_be_visible()
    assert page.url.endswith(PAGE), "on the page itself nothing is loaded"
    cell.hover()
    cell.locator(".origin-open").click()
    page.locator(TOLD, has_text="draw").wait_for()
    page.locator(f"{PANEL} .others a", has_text="errors").click()
    page.locator(TOLD, has_text="errors").wait_for()
    page.locator(f"{PANEL} .close").click()
    expect(page.locator(PANEL)).to_have_count(0)
    assert view.errors == []


def test_a_formula_with_two_numbers_tells_of_both(window: Open, preview: str) -> None:
    page = shown(window, preview).page
    page.locator('.value[data-value="steps root"]').first.click()
    page.locator(TOLD).nth(1).wait_for()
    assert page.locator(TOLD).all_inner_texts() == ["steps", "root"]


def test_on_a_narrow_screen_the_panel_is_a_sheet_and_what_was_touched_stays_in_sight(
    window: Open, preview: str
) -> None:
    view = shown(window, preview, "es/newton-iteration/", NARROW, color_scheme="dark")
    page = view.page
    number = page.locator(".summary .value[data-value]").last
    number.click()
    page.locator(TOLD).wait_for()
    panel = page.locator(PANEL).bounding_box()
    assert panel["width"] == NARROW and panel["y"] > 300
    assert page.locator(f"{PANEL} .panel-bar > span").inner_text() == "De dónde viene"
    assert number.bounding_box()["y"] < panel["y"]
    nothing_sticks_out(page)
    assert view.errors == []


def test_what_the_panel_tells_follows_a_saved_file(window: Open, served: tuple[str, Live]) -> None:
    address, live = served
    page = shown(window, address).page
    page.locator('.value[data-value="steps root"]').first.click()
    page.locator(TOLD).first.wait_for()
    with restored(live) as files:
        text = (files.root / NEWTON).read_text()
        line = text[: text.index("## The step")].count("\n") + 1
        files.change(NEWTON, "## The step\n", "A line more, with {glue}`steps:d`.\n\n## The step\n")
        page.locator("#_text p", has_text="A line more").wait_for()
        page.locator(f"{PANEL} .places li", has_text=f"en.md:{line}").first.wait_for()
        expect(page.locator("#_text p", has_text="A line more").locator(".value")).to_have_count(1)
        things = page.locator("figure[data-figure], .cell[data-cell]").count()
        expect(page.locator(".origin-open")).to_have_count(things)


@pytest.mark.parametrize("kind", ["value/rows", "figure/errors", "cell/newton", "figure/square.png"])
@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_page_of_an_origin_can_be_read_without_scripts(
    kind: str, language: str, window: Open, preview: str
) -> None:
    shown(window, preview)
    for width in (WIDE, NARROW):
        view = window(width, java_script_enabled=False)
        view.page.goto(f"{preview}_live/origin/newton-iteration/{kind}?in={language}")
        assert view.page.locator("html").get_attribute("lang") == language
        assert view.page.locator(".origin h2").inner_text() == kind.partition("/")[2]
        assert view.page.locator(".places a").count() >= 3
        inside_the_window(view.page, view.page.locator(".origin"))
        assert view.errors == []


def test_matching_paragraphs_start_at_the_same_height(window: Open, preview: str) -> None:
    view = shown(window, preview, OTHERS)
    page = view.page
    tops = page.evaluate(
        """[...document.querySelectorAll('.pair.block')].filter(pair => pair.querySelectorAll('.words').length === 2)
        .map(pair => [...pair.querySelectorAll('.side')].map(side => side.getBoundingClientRect())
        .map(box => [Math.round(box.top), Math.round(box.left)]))"""
    )
    assert len(tops) > 20
    assert all(one[0] == other[0] and one[1] < other[1] for one, other in tops)
    assert page.locator(".side[lang=es]").count() == page.locator(".side[lang=en]").count() - 1
    gap = page.locator(".gap")
    assert gap.inner_text() == "Not in Español"
    nothing_sticks_out(page)
    assert view.errors == []


def test_below_each_other_where_there_is_no_room(window: Open, preview: str) -> None:
    view = shown(window, preview, OTHERS, NARROW)
    pair = view.page.locator(".pair.block").first.locator(".side")
    first, second = pair.evaluate_all("sides => sides.map(side => side.getBoundingClientRect().toJSON())")
    assert second["y"] >= first["y"] + first["height"] and second["x"] == first["x"]
    nothing_sticks_out(view.page)
    assert view.errors == []


def test_languages_are_chosen_and_what_waits_is_found_by_keyboard(window: Open, preview: str) -> None:
    page = shown(window, preview, OTHERS).page
    page.get_by_role("link", name="Go to the first").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#_waiting-1")
    page.get_by_role("link", name="Last place to look at; back to the top").focus()
    page.get_by_role("navigation", name="Right column").get_by_role("link", name="中文").click()
    page.wait_for_url("**/en/zh")
    page.get_by_role("link", name="Swap the columns").click()
    page.wait_for_url("**/zh/en")
    assert page.locator("html").get_attribute("lang") == "zh"
    page.locator(".to-page").last.click()
    page.wait_for_url(f"**/{PAGE}")


def test_numbers_tell_where_they_come_from_in_the_two_columns_too(window: Open, preview: str) -> None:
    view = shown(window, preview, OTHERS)
    page = view.page
    page.locator('.side[lang=es] .value[data-value="steps root"]').click()
    page.locator(TOLD).nth(1).wait_for()
    page.keyboard.press("Escape")
    page.locator(PANEL).wait_for(state="detached")
    nothing_sticks_out(page)
    assert view.errors == []
