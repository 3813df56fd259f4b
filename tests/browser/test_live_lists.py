"""Searching and the list of topics in a real browser: by keyboard, without scripts, and while the sources change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.looks import NARROW, WIDE, inside_the_window, nothing_sticks_out
from tests.memo.conftest import prose
from tests.previewing import exchange, previewing
from tests.project import Project

__all__ = ["prose"]

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
ES = "articles/alpha/es.md"
BOX = "form.live-search input[type=search]"
LIST = ".live-found:not([hidden])"


@pytest.fixture
def address(prose: Project) -> Iterator[str]:
    with previewing(prose.root) as (address, _):
        yield address


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_results_come_while_one_types_and_are_chosen_by_keyboard(address: str, width: int, window: Open) -> None:
    view = window(width, color_scheme="dark")
    page = view.page
    page.goto(f"{address}_live/topics?in=es")
    page.keyboard.press("/")
    box = page.locator(BOX)
    assert box.evaluate("box => box === document.activeElement")
    page.keyboard.type("tasa")
    # not those of the letters typed until then, which come where somebody types slowly
    page.locator(f"{LIST} mark", has_text=re.compile("^tasa$", re.I)).first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert page.locator("form.live-search [role=status]").inner_text() == "Páginas encontradas: 3"
    nothing_sticks_out(page)
    inside_the_window(page, page.locator(LIST))
    options = page.locator(f"{LIST} [role=option]")
    assert options.count() == 4
    for key, chosen in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None), ("ArrowUp", 3)):
        page.keyboard.press(key)
        now = box.get_attribute("aria-activedescendant")
        assert now == (None if chosen is None else options.nth(chosen).get_attribute("id"))
        assert page.locator('[aria-selected="true"]').count() == (0 if chosen is None else 1)
    page.keyboard.press("Escape")
    assert (box.get_attribute("aria-expanded"), box.input_value()) == ("false", "tasa")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(LIST)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/es/glossary/learning-rate/")
    assert view.errors == []


def test_enter_without_a_choice_opens_the_page_of_results(address: str, window: Open) -> None:
    page = window(WIDE).page
    page.goto(f"{address}en/alpha/")
    page.keyboard.press("/")
    page.keyboard.type('"learning rate"')
    page.keyboard.press("Enter")
    page.wait_for_url("**/_live/search?**")
    assert page.locator(".counted").inner_text() == "Pages found: 3"
    page.locator(".hits a").first.click()
    page.wait_for_url("**/en/glossary/learning-rate/")


def test_both_work_without_scripts(address: str, window: Open) -> None:
    page = window(NARROW, java_script_enabled=False).page
    page.goto(f"{address}es/alpha/")
    page.fill(BOX, "CUADRADO")
    page.keyboard.press("Enter")
    page.wait_for_url("**/_live/search?**")
    assert page.locator(".hits > li").count() == 2
    page.locator(".passage a").first.click()
    page.wait_for_url("**#una-parte")
    page.goto(f"{address}_live/topics?in=es")
    page.fill(".sifting input[type=search]", "alfa")
    page.locator(".sifting button").click()
    page.wait_for_url("**q=alfa**")
    assert page.locator(".topic h2").all_inner_texts() == ["Alfa"]


def test_rows_follow_the_sources_and_focus_and_place_stay(address: str, prose: Project, window: Open) -> None:
    view = window(WIDE, reduced_motion="reduce")
    page = view.page
    page.set_viewport_size({"width": WIDE, "height": 260})
    page.goto(f"{address}_live/topics?in=en")
    link = page.locator("#_topic-beta a.name").last
    link.focus()
    link.scroll_into_view_if_needed()
    top = link.bounding_box()["y"]
    exchange(prose, ES, "{cite}`", "{cites}`")
    page.locator('#_topic-alpha[data-state="failing"] .troubles', has_text="unknown role 'cites'").wait_for()
    assert abs(link.bounding_box()["y"] - top) < 2, "what is above grew, and the row stays where it is"
    exchange(prose, "articles/beta/es.md", "{cite}`", "{cites}`")
    page.locator('#_topic-beta[data-state="failing"] .troubles', has_text="unknown role 'cites'").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/es/beta/"
    prose.change("articles/beta/es.md", "{cites}`", "{cite}`")
    prose.change(ES, "{cites}`", "{cite}`")
    page.wait_for_selector('.topic:not([data-state="failing"]) ~ .topic:not([data-state="failing"])')
    expect(page.locator(".troubles .error")).to_have_count(0)
    assert view.errors == []


def test_topics_that_come_and_go_have_rows_that_come_and_go(address: str, prose: Project, window: Open) -> None:
    page = window(WIDE).page
    page.goto(f"{address}_live/topics?in=en")
    text = (prose.root / "articles/alpha/en.md").read_text()
    prose.write("articles/later/square.png", (prose.root / "articles/alpha/square.png").read_bytes())
    prose.write("articles/later/en.md", text.replace("Alpha", "Gamma").replace("prerequisites: [later]", ""))
    page.wait_for_selector("#_topic-later")
    (prose.root / "articles/later/en.md").unlink()
    (prose.root / "articles/later/square.png").unlink()
    (prose.root / "articles/later").rmdir()
    page.wait_for_selector("#_topic-later", state="detached")
