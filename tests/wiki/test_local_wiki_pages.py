"""A local wiki is as its pages need it: rights, uploads, languages, modules, jobs, and formulas a reader can see."""

from __future__ import annotations

import io
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import unquote

import mwclient
import pytest
from matplotlib import image
from numpy import full

from pipeline.wiki import LocalWiki, run_jobs
from tests.wiki.people import edit_as, get, log_in, look_up


@pytest.fixture(scope="module")
def bot(wiki: LocalWiki) -> mwclient.Site:
    return log_in(wiki, wiki.bot_user)


def save(site: mwclient.Site, title: str, text: str) -> None:
    site.post("edit", title=title, text=text, token=site.get_token("csrf"))


def parsed(site: mwclient.Site, text: str) -> str:
    answer = site.post(
        "parse", text=text, contentmodel="wikitext", prop="text", formatversion="2", disablelimitreport=1
    )
    return str(answer["parse"]["text"])


def test_the_bot_has_the_rights_that_publishing_needs(bot: mwclient.Site) -> None:
    info = bot.get("query", meta="userinfo", uiprop="groups|rights")["query"]["userinfo"]
    assert info["name"] == "MaroviBot"
    assert {"bot", "interface-admin"} <= set(info["groups"])
    wanted = {
        "edit",
        "createpage",
        "upload",
        "reupload",
        "bot",
        "pagelang",
        "editinterface",
        "editsitecss",
        "editsitejs",
    }
    assert wanted <= set(info["rights"])


def test_edits_of_the_bot_are_marked_as_a_bots(bot: mwclient.Site) -> None:
    bot.post("edit", title="Edited by the bot", text="one", bot=1, token=bot.get_token("csrf"))
    changes = bot.get("query", list="recentchanges", rctitle="Edited by the bot", rcprop="user|flags")
    assert [("bot" in change, change["user"]) for change in changes["query"]["recentchanges"]] == [(True, "MaroviBot")]


def test_a_person_edits_and_has_no_rights_beyond_everybodys(wiki: LocalWiki) -> None:
    revision = edit_as(wiki, wiki.reader_user, "Edited by a person", "by hand", "a better word")
    page = look_up(log_in(wiki, wiki.reader_user), "Edited by a person")["revisions"][0]
    assert (page["revid"], page["user"], page["comment"]) == (revision, "Reader", "a better word")
    with pytest.raises(mwclient.errors.APIError, match="protected"):
        edit_as(wiki, wiki.reader_user, "MediaWiki:Common.js", "alert(1)")


def test_a_picture_is_uploaded_and_shown_smaller(wiki: LocalWiki, bot: mwclient.Site) -> None:
    picture = io.BytesIO()
    image.imsave(picture, full((300, 900, 3), 0.5), format="png")
    picture.seek(0)
    answer = bot.upload(picture, "Wiki test - curve (en).png", "A curve.")
    assert answer["result"] == "Success"
    html = parsed(bot, "[[File:Wiki test - curve (en).png|thumb|300px|alt=It rises|A curve]]")
    thumb = html.split('src="')[1].split('"')[0]
    made = wiki.folder / unquote(thumb.lstrip("/"))
    assert not made.exists(), "a page would be saved only when all its pictures are made"
    status, body = get(wiki, thumb)
    assert status == 200
    assert image.imread(io.BytesIO(body)).shape[:2] == (100, 300)
    assert made.read_bytes() == body
    assert get(wiki, thumb) == (200, body)
    assert 'alt="It rises"' in html


@pytest.mark.parametrize(
    "path", ["/images/thumb/a/ab/Nothing.png/300px-Nothing.png", "/images/thumb/../state.png", "/images/thumb/x.png"]
)
def test_no_small_picture_is_made_of_what_is_not_there(path: str, wiki: LocalWiki) -> None:
    assert get(wiki, path)[0] == 404


def test_who_reads_does_not_wait_for_who_writes(wiki: LocalWiki) -> None:
    with closing(sqlite3.connect(wiki.folder / "data" / "wiki.sqlite", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        status, body = get(wiki, "/api.php?action=query&prop=info&titles=Main_Page&format=json")
        database.execute("ROLLBACK")
    assert (status, b'"pageid"' in body) == (200, True)


def test_a_page_gets_a_language_of_its_own(bot: mwclient.Site) -> None:
    save(bot, "Lengua/es", "texto")
    bot.post("setpagelanguage", title="Lengua/es", lang="es", token=bot.get_token("csrf"))
    assert look_up(bot, "Lengua/es")["pagelanguage"] == "es"


def test_namespaces_are_those_that_pages_use(bot: mwclient.Site) -> None:
    namespaces = bot.get("query", meta="siteinfo", siprop="namespaces", formatversion="2")["query"]["namespaces"]
    assert namespaces["3000"]["name"] == "Glossary"
    assert namespaces["3001"]["name"] == "Glossary talk"
    for number in ("0", "10", "3000"):
        assert namespaces[number]["subpages"]


def test_modules_templates_notes_code_and_template_data_work(bot: mwclient.Site) -> None:
    save(bot, "Module:Wiki test", "return { hi = function(frame) return frame.args[1] .. ' from ' .. _VERSION end }")
    save(bot, "Template:Wiki test", "{{#invoke:Wiki test|hi|{{{1}}}}}")
    assert "Ana from Lua 5.1" in parsed(bot, "{{Wiki test|Ana}}")
    assert 'class="reference"' in parsed(bot, "A<ref>B</ref><references/>")
    assert '<span class="k">def</span>' in parsed(bot, '<syntaxhighlight lang="python">def f(): pass</syntaxhighlight>')
    assert ">yes" in parsed(bot, "{{#ifeq:1|1|yes|no}}")
    assert "mw-templatedata" in parsed(bot, '<templatedata>{"params": {}}</templatedata>')


def test_jobs_are_done_when_asked(wiki: LocalWiki, bot: mwclient.Site) -> None:
    save(bot, "Template:Wiki test link", "[[First target]]")
    for number in range(12):
        save(bot, f"Uses the template {number}", "{{Wiki test link}}")
    save(bot, "Template:Wiki test link", "[[Second target]]")
    run_jobs(wiki)
    statistics = bot.get("query", meta="siteinfo", siprop="statistics")["query"]["statistics"]
    assert statistics["jobs"] == 0
    linking = bot.get("query", list="backlinks", bltitle="Second target", bllimit="max")["query"]["backlinks"]
    assert len(linking) == 13


def test_four_that_edit_at_once_all_succeed(wiki: LocalWiki) -> None:
    failures: list[Exception] = []

    def edit(name: int) -> None:
        try:
            site = log_in(wiki, wiki.bot_user)
            for number in range(5):
                save(site, f"At once {name} {number}", f"text {name} {number}")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=edit, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_what_would_ask_another_machine_fails_at_once(bot: mwclient.Site) -> None:
    before = time.monotonic()
    assert "Failed to parse" in parsed(bot, "<chem>H2O</chem>"), "the extension asks a remote service for these"
    assert time.monotonic() - before < 3


def test_saving_formulas_waits_for_nobody(bot: mwclient.Site) -> None:
    before = time.monotonic()
    save(bot, "Many formulas", "\n\n".join(rf"<math>\frac{{{n}}}{{n}}</math>" for n in range(50)))
    assert time.monotonic() - before < 3


# What a reader sees

FORMULAS = r"""Inline <math>\sum_i x_i^2</math> and <math display="inline">\sum_{i=1}^n x_i</math>.

<math display="block">\begin{aligned} f(x) &= \frac{1}{1 + e^{-x}} \\ f'(x) &= f(x)\,(1 - f(x))
\end{aligned} \tag{1}</math>

<math display="block">W = \begin{pmatrix} 0.15 & 0.20 \\ 0.25 & 0.30 \end{pmatrix}</math>

<math display="block">\operatorname{ReLU}(x) =
\begin{cases} x & \text{if } x > 0 \\ 0 & \text{否则，为零} \end{cases}</math>

Wrong: <math>\frobnicate{x</math> and a note<ref>With <math>\alpha</math>.</ref>.
<references />
"""


@pytest.fixture
def show(wiki: LocalWiki, bot: mwclient.Site, window: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Open the page of formulas; nothing may have gone wrong in the browser by the end of the test."""
    save(bot, "Formulas", FORMULAS)
    opened = []

    def open_formulas(skin: str = "vector-2022", width: int = 1280) -> Any:
        opened.append(window(width))
        opened[-1].page.goto(f"{wiki.url}wiki/Formulas?useskin={skin}")
        opened[-1].page.wait_for_selector(".marovi-not-drawn")
        return opened[-1].page

    yield open_formulas
    assert [error for one in opened for error in one.errors] == []


@pytest.mark.parametrize(("skin", "width"), [("vector-2022", 1280), ("vector", 1280), ("minerva", 400)])
def test_formulas_are_drawn_with_no_network(show: Callable[..., Any], skin: str, width: int) -> None:
    page = show(skin, width)
    assert page.locator(".katex").count() == 6
    assert page.locator(".katex-display").count() == 3
    for box in page.locator(".katex-html").all():
        assert box.bounding_box()["width"] > 5
    assert "否则，为零" in page.locator(".katex-display .katex-html").nth(2).inner_text()
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"KaTeX_Main", "KaTeX_Math"} <= set(loaded)


def test_an_inline_formula_has_the_size_that_it_has_on_other_wikis(show: Callable[..., Any]) -> None:
    page = show()
    heights = [page.locator(".katex .op-symbol").nth(n).get_attribute("class").split() for n in range(2)]
    assert "large-op" in heights[0], "with no word on its size a sum is large"
    assert "small-op" in heights[1], "display=inline asks for a small one"


def test_a_formula_that_cannot_be_drawn_stays_as_source_with_the_reason(show: Callable[..., Any]) -> None:
    wrong = show().locator(".marovi-not-drawn")
    assert wrong.count() == 1
    assert wrong.inner_text() == r"$ \frobnicate{x $"
    assert "KaTeX parse error" in wrong.get_attribute("title")


def test_a_formula_that_a_script_adds_later_is_drawn(show: Callable[..., Any]) -> None:
    page = show()
    page.evaluate(
        """document.body.insertAdjacentHTML('beforeend',
        '<p id="later"><span class="mwe-math-fallback-source-inline tex">$ x &lt; y $</span></p>')"""
    )
    page.wait_for_selector("#later .katex")


def test_nobody_is_asked_but_this_machine(wiki: LocalWiki, window: Callable[..., Any]) -> None:
    shown = window()
    for path in ("wiki/Main_Page", "wiki/Special:RecentChanges", "index.php?title=Main_Page&action=edit"):
        shown.page.goto(wiki.url + path, wait_until="networkidle")
    assert shown.errors == []
