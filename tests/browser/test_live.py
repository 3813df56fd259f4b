"""The live preview in a real browser: what is saved is on the screen, by mouse and by keyboard, wide and narrow."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pipeline.preview import built, open_server
from pipeline.preview.live import Live
from tests.browser.looks import NARROW, WIDE, nothing_sticks_out
from tests.previewing import NEWTON, exchange, previewing, restored, sample, settled, until
from tests.project import Project

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PAGE = "en/newton-iteration/"
# What is on the screen, and the lines it is from, beside those of the page as the server has it.
AS_WRITTEN = """(html) => { const parsed = new DOMParser().parseFromString(html, 'text/html');
    const texts = [document, parsed].map((one) => one.querySelector('#_text'));
    const said = (one) => one.textContent.replace(/\\s+/g, ' ').trim();
    const words = (text) => [...text.querySelectorAll('h2, h3, p, li, code')].map(said);
    const lines = (text) => [...text.querySelectorAll('[data-line]')].map((one) => Number(one.dataset.line));
    return [texts.map(words), texts.map(lines)]; }"""
# Marks what stands there, and counts pages that are parsed from now on.
NOTE = """() => { for (const one of document.querySelectorAll('#_text > *')) one.mine = true;
    window.parsed = 0; const parse = DOMParser.prototype.parseFromString;
    DOMParser.prototype.parseFromString = function (...all) {
        window.parsed += 1; return parse.apply(this, all); }; }"""
KINDS = {
    "topic": PAGE,
    "translation": "zh/newton-iteration/",
    "summary": "en/newton-iteration/summary/",
    "overview": "es/",
    "glossary": "en/glossary/",
    "concept": "es/glossary/residual/",
    "category": "en/category/numerical-methods/",
    "learning path": "zh/learning-path/",
    "levels": "en/how-the-numbers-were-made/",
    "topics": "_live/topics?in=es",
    "search": "_live/search?q=root&in=en",
    "side by side": "_live/beside/newton-iteration/en/es",
    "origin": "_live/origin/newton-iteration/value/steps?in=en",
    "explanation": "_live/explain/M042?in=en",
}


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Live]]:
    root = sample(tmp_path_factory.mktemp("live") / "project")
    with previewing(root, keep=True) as (address, live):
        settled(live)
        yield address, live


@pytest.fixture
def files(preview: tuple[str, Live]) -> Iterator[Project]:
    """The project, as it was before at the end."""
    with restored(preview[1]) as project:
        yield project


def opened(window: Open, preview: tuple[str, Live], path: str = PAGE, width: int = WIDE, **options: Any) -> Any:
    """A window with a page that listens."""
    view = window(width, reduced_motion="reduce", **options)
    view.page.goto(preview[0] + path)
    view.page.locator(".live-bar[data-state]").wait_for(timeout=60_000)
    return view


def place(page: Any, selector: str) -> float:
    return float(page.locator(selector).first.bounding_box()["y"])


def make_a_mistake(files: Project) -> str:
    """Save one, and return its place as it is told."""
    files.change(NEWTON, "## The step\n", "## The step\n\nSee {term}`nothing`.\n")
    return f"{NEWTON}:{(files.root / NEWTON).read_text().splitlines().index('See {term}`nothing`.') + 1}:"


# --- following the sources ----------------------------------------------------------------------------


def test_a_saved_paragraph_is_on_the_screen_and_the_reader_stays_where_they_are(
    window: Open, preview: tuple[str, Live], files: Project
) -> None:
    view = opened(window, preview)
    page = view.page
    page.evaluate("window.stayed = true; document.querySelector('#in-numbers').scrollIntoView()")
    before = place(page, "#in-numbers")
    assert page.evaluate("scrollY") > 100
    files.change(
        NEWTON, "What remains after a step", "A sentence more, and one more still.\n\nWhat remains after a step"
    )
    page.locator("#_text p", has_text="A sentence more, and one more still.").wait_for()
    assert abs(place(page, "#in-numbers") - before) < 2, "what was looked at did not move"
    assert page.evaluate("window.stayed") is True, "nothing was loaded again"
    line = (files.root / NEWTON).read_text().splitlines().index("### In numbers") + 1
    expect(page.locator("#in-numbers")).to_have_attribute("data-line", str(line))
    assert view.errors == []


def test_only_what_changed_is_touched(window: Open, preview: tuple[str, Live], files: Project) -> None:
    page = opened(window, preview).page
    page.evaluate("for (const one of document.querySelectorAll('#_text > *')) one.mine = true")
    count = page.locator("#_text > *").count()
    exchange(files, NEWTON, "## The step\n", "## The step\n\nBetween two others.\n")
    page.locator("#_text p", has_text="Between two others.").wait_for()
    expect(page.locator("#_text > *")).to_have_count(count + 1)
    mine = page.evaluate("[...document.querySelectorAll('#_text > *')].map((one) => Boolean(one.mine))")
    assert (len(mine), mine.count(False)) == (count + 1, 1)
    term = page.locator("#_text .term").first
    term.hover()
    page.locator(".definition:not([hidden])").wait_for()


def test_a_changed_paragraph_is_filled_anew_and_what_is_in_it_works(
    window: Open, preview: tuple[str, Live], files: Project
) -> None:
    view = opened(window, preview)
    page = view.page
    page.evaluate(NOTE)
    before = "What remains after a step"
    for words in ("All that remains after a step", "Whatever remains after a step"):
        exchange(files, NEWTON, before, words)
        page.locator("#_text p", has_text=words).locator(".term[aria-expanded]").first.wait_for()
        before = words
    assert page.evaluate("window.parsed") == 0, "the rest of the page was not even read"
    assert page.evaluate("[...document.querySelectorAll('#_text > *')].every((one) => one.mine)")
    shown = preview[1].page(PAGE)
    assert shown is not None
    expect(page.locator("body")).to_have_attribute("data-digest", shown.digest)
    page.locator("#_text p", has_text=before).locator(".term").first.hover()
    page.locator(".definition:not([hidden])").wait_for()
    assert view.errors == []


def test_blocks_come_and_go_without_the_rest_of_the_page(
    window: Open, preview: tuple[str, Live], files: Project
) -> None:
    view = opened(window, preview)
    page = view.page
    page.evaluate(NOTE)
    step = before = "## The step\n"
    for above, below, words in (
        ("A new one, with a {term}`residual`.\n\nAnother.\n\n", "\n- First\n- Second\n", "A new one"),
        ("Another.\n\n", "\n- Second\n", "Another."),
        ("", "\n```python\nnew = True\n```\n", "new = True"),
    ):
        exchange(files, NEWTON, before, above + step + below)
        before = above + step + below
        page.locator("#_text").get_by_text(words).first.wait_for()
        shown = preview[1].page(PAGE)
        assert shown is not None
        page.locator(f"body[data-digest='{shown.digest}']").wait_for()
        said, lines = page.evaluate(AS_WRITTEN, shown.content.decode())
        assert said[0] == said[1] and lines[0] == lines[1]
    assert page.evaluate("window.parsed") == 3, "only by this test"
    others = page.evaluate("[...document.querySelectorAll('#_text > *')].filter((one) => !one.mine).length")
    assert others == 1, "of all that was there before nothing was made anew"
    assert view.errors == []


def test_a_page_that_is_another_than_the_preview_takes_it_for_is_shown_as_a_whole(
    window: Open, preview: tuple[str, Live], files: Project
) -> None:
    view = opened(window, preview)
    view.page.evaluate("document.querySelector('#_text').append('Somebody else wrote this.')")
    files.change(NEWTON, "What remains after a step", "All that remains after a step")
    view.page.locator("#_text p", has_text="All that remains after a step").wait_for()
    assert "Somebody else" not in view.page.locator("#_text").inner_text()
    files.change(NEWTON, "All that remains after a step", "Whatever remains after a step")
    view.page.locator("#_text p", has_text="Whatever remains after a step").wait_for()
    expect(view.page.locator("#_text p", has_text="remains after a step")).to_have_count(1)
    assert view.errors == []


def test_contents_come_and_go_without_loading_the_page_again(
    window: Open, preview: tuple[str, Live], files: Project
) -> None:
    view = opened(window, preview)
    page = view.page
    page.evaluate("window.stayed = true")
    whole = (files.root / NEWTON).read_text()
    heads = [line for line in whole.splitlines() if line.startswith("##")]
    files.write(NEWTON, "\n".join(line for line in whole.splitlines() if line not in heads) + "\n")
    page.locator(".contents").wait_for(state="detached")
    expect(page.locator(".with-contents")).to_have_count(0)
    files.write(NEWTON, whole)
    page.locator(".with-contents > .contents a", has_text="The step").wait_for()
    assert page.evaluate("document.querySelector('.contents').nextElementSibling.tagName") == "MAIN"
    assert page.evaluate("window.stayed") is True
    assert view.errors == []


def test_a_page_whose_file_is_gone_says_so(window: Open, preview: tuple[str, Live], files: Project) -> None:
    view = opened(window, preview, "es/newton-iteration/")
    file = files.root / NEWTON.replace("en.md", "es.md")
    before = file.read_bytes()
    file.unlink()
    view.page.locator(".live-state", has_text="ya no tiene fuente").wait_for()
    file.write_bytes(before)
    view.page.locator(".live-state", has_not_text="ya no tiene fuente").wait_for()
    assert view.errors == []


def test_what_is_wrong_stands_on_its_line_until_it_is_mended(
    window: Open, preview: tuple[str, Live], files: Project
) -> None:
    view = opened(window, preview)
    page = view.page
    problem = page.locator(".live-problem", has_text=make_a_mistake(files))
    problem.wait_for()
    expect(page.locator(".live-problem")).to_have_count(1)
    assert place(page, "#the-step") < place(page, ".live-problem") < place(page, "#_text .formula")
    problem.locator("a").click()
    page.locator("h1", has_text="M0").wait_for()
    page.go_back()
    problem.wait_for()
    files.change(NEWTON, "\nSee {term}`nothing`.\n", "")
    expect(page.locator(".live-problem")).to_have_count(0)
    expect(page.locator(".live-bar")).not_to_have_attribute("data-state", "failing")
    assert view.errors == []


def test_a_cell_that_is_edited_runs_and_its_number_changes(
    window: Open, preview: tuple[str, Live], files: Project
) -> None:
    view = opened(window, preview)
    page = view.page
    files.change(NEWTON, 'glue("digits", 12)', 'glue("digits", 14)')
    page.locator('.value[data-value="digits"]', has_text="14").first.wait_for(timeout=120_000)
    files.change(NEWTON, 'glue("digits", 14)', 'glue("digits", 14 / 0)')
    page.locator(".live-problem", has_text="ZeroDivisionError").wait_for(timeout=120_000)
    assert page.locator('.value[data-value="digits"]', has_text="14").count() > 0, "the last numbers stay"
    assert view.errors == []


def test_a_drawn_figure_is_the_new_one(window: Open, preview: tuple[str, Live], files: Project) -> None:
    page = opened(window, preview).page
    picture = page.locator('figure[data-figure="errors"] img')
    before = picture.get_attribute("src")
    files.change(NEWTON, 'ax.set_ylabel("error")', 'ax.set_ylabel("error", fontsize=20)')
    expect(picture).not_to_have_attribute("src", before, timeout=120_000)
    until(lambda: picture.evaluate("image => image.complete && image.naturalWidth > 100"))


def test_two_languages_side_by_side_follow_the_sources(window: Open, preview: tuple[str, Live], files: Project) -> None:
    view = opened(window, preview, "_live/beside/newton-iteration/en/es")
    page = view.page
    page.evaluate("window.stayed = true")
    files.change(NEWTON, "What remains after a step", "Whatever remains after a step")
    page.locator(".pair", has_text="Whatever remains after a step").first.wait_for()
    assert page.evaluate("window.stayed") is True
    assert view.errors == []


def test_a_preview_that_ended_says_so_and_one_that_began_again_goes_on(window: Open, tmp_path: Path) -> None:
    root = sample(tmp_path / "project")
    view = None
    with previewing(root, reproduce=False) as one:
        view = opened(window, one)
        port = int(one[0].rstrip("/").rpartition(":")[2])
    view.page.locator(".live-bar.lost .live-state", has_text="started again").wait_for()
    Project(root).change(NEWTON, "What remains after a step", "What still remains after a step")
    with previewing(root, reproduce=False, port=port):
        view.page.locator("#_text p", has_text="What still remains after a step").wait_for(timeout=60_000)
        expect(view.page.locator(".live-bar.lost")).to_have_count(0)


# --- going from page to page ----------------------------------------------------------------------------


def test_languages_are_one_click_apart_and_the_bar_speaks_each(window: Open, preview: tuple[str, Live]) -> None:
    page = opened(window, preview).page
    for name, word in (("Español", "Temas"), ("中文", "主题"), ("English", "Topics")):
        page.locator(".language-bar a", has_text=name).click()
        page.locator(".live-topics", has_text=word).wait_for()


def test_everything_can_be_reached_by_the_keyboard_alone(window: Open, preview: tuple[str, Live]) -> None:
    view = opened(window, preview)
    page = view.page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("residual")
    # not those of the letters typed until then, which come where somebody types slowly
    page.locator('[role="option"] mark', has_text=re.compile("^residual$", re.I)).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/residual/**")
    page.locator(".live-bar[data-state]").wait_for()
    page.evaluate("document.activeElement?.blur()")
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert seen[0] == "Skip to the content"
    assert {"Topics", "Articles", "Glossary"} <= set(seen)
    page.locator(".live-topics").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/_live/topics**")
    assert view.errors == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_keeps_anybody_out(kind: str, window: Open, preview: tuple[str, Live]) -> None:
    for width, options in ((WIDE, {}), (NARROW, {"color_scheme": "dark"})):
        view = opened(window, preview, KINDS[kind], width, **options)
        found = Axe().run(view.page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [
            f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], f"{width} px"
        nothing_sticks_out(view.page)
        assert view.errors == []


def test_the_page_with_a_problem_keeps_nobody_out(window: Open, preview: tuple[str, Live], files: Project) -> None:
    page = opened(window, preview).page
    page.locator(".live-problem", has_text=make_a_mistake(files)).wait_for()
    expect(page.locator(".live-problem")).to_have_count(1)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


# --- what must not be possible ----------------------------------------------------------------------------


def test_an_article_smuggles_no_script_in(window: Open, preview: tuple[str, Live], files: Project) -> None:
    view = opened(window, preview)
    page = view.page
    files.change(
        NEWTON,
        "## The step\n",
        "## The step\n\n<script>window.owned = 1</script> <img src=x onerror=window.owned=1>"
        ' [click](javascript:window.owned=1) `<script>window.owned = 1</script>` "onmouseover="window.owned=1\n',
    )
    words = page.locator("#_text p", has_text="<script>window.owned = 1</script> <img src=x")
    words.wait_for()  # put into the page that was there
    assert page.evaluate("window.owned") is None
    page.reload()
    words.wait_for()
    page.locator(".live-bar[data-state]").wait_for()
    assert page.evaluate("window.owned") is None
    assert page.locator("main script, main [onerror], main [onmouseover], main a[href^=javascript]").count() == 0


def test_a_page_of_another_site_reads_nothing(window: Open, preview: tuple[str, Live], tmp_path: Path) -> None:
    """The other site is another port of this machine: to a browser that is another origin."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>other</title>")

    with open_server(built(folder), 0) as other:
        thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            view = window(WIDE, bypass_csp=True)
            view.page.goto(other.address.replace("127.0.0.1", "localhost"))
            for path in (PAGE, "_live/events?page=en/", "_live/topics", "figures/x.png"):
                got = view.page.evaluate(
                    "address => fetch(address).then(() => 'read', () => 'kept out')", preview[0] + path
                )
                assert got == "kept out"
        finally:
            other.shutdown()
            thread.join()
