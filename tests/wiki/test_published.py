"""The repository's own articles, deployed by the bot to a real MediaWiki: every page whole, and nothing to do again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
import requests

from pipeline.deploy import deploy
from pipeline.deploy.live import Live
from pipeline.deploy.read_wiki import read_live
from pipeline.deploy.session import Session
from pipeline.deploy.target import parse
from pipeline.render import render
from pipeline.render.page import Page, Rendered
from pipeline.render.templates.newest import listing
from pipeline.wiki import LocalWiki, down, run_jobs, up
from tests.deploy.proxy import proxy_before
from tests.published import Published, repository
from tests.wiki.people import log_in
from tests.wiki.test_parity import held_against

__all__ = ["repository"]

pytestmark = [pytest.mark.wiki, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def rendered(repository: Published) -> Rendered:
    return render(repository.sources, repository.results, repository.commits, repository.pictures)[0]


@pytest.fixture(scope="module")
def deployed(
    installed_wiki: Path, rendered: Rendered, tmp_path_factory: pytest.TempPathFactory, guard
) -> Iterator[LocalWiki]:
    """A wiki on which the bot has published everything."""
    folder = tmp_path_factory.mktemp("deployed") / "wiki"
    shutil.copytree(installed_wiki, folder)
    guard(folder)
    try:
        wiki = up(folder)
        target = parse(wiki.url, wiki.bot_user, wiki.bot_password, local=True)
        done = deploy(target, rendered, commit="abc1234", interface=True)
        outcomes = {one.title: one.outcome for one in done.done}
        assert outcomes.pop("Main Page") == "updated"  # the one that the installer made
        assert set(outcomes.values()) == {"created", "uploaded"}
        run_jobs(wiki)
        yield wiki
    finally:
        down(folder)
        shutil.rmtree(folder)


def read_pages(rendered: Rendered) -> list[Page]:
    """The pages that readers open."""
    kinds = ("topic", "summary", "glossary", "category", "list")
    return [page for page in rendered.pages if page.kind in kinds and not page.title.startswith("Module:")]


def newest_on(live: Live, rendered: Rendered) -> Page:
    """The list of the newest articles as it is to be: in the order in which the wiki made their pages, and its dates.

    Only of what the bot made: it would list a page that a person made first without a date.
    """
    assert rendered.newest is not None
    ordered = sorted(rendered.newest.articles, key=lambda one: live.pages[one.title].page_id, reverse=True)
    return listing(rendered.newest, [(one, live.created[one.title][:10]) for one in ordered])


def test_what_stands_on_the_wiki_is_to_the_byte_what_was_reviewed(deployed: LocalWiki, rendered: Rendered) -> None:
    session = Session(parse(deployed.url, deployed.bot_user, deployed.bot_password))
    titles, files = [page.title for page in rendered.pages], [file.title for file in rendered.files]
    live = read_live(session, titles, files, {*titles, *files})
    wanted = {page.title: page.sha1 for page in rendered.pages}
    # This one is not what was built, but what the bot made of it: reviewed are the names, not the dates.
    newest = newest_on(live, rendered)
    assert newest.title in wanted
    assert {title: live.pages[title].sha1 for title in titles} == wanted | {newest.title: newest.sha1}
    assert {file.title: live.files[file.title].sha1 for file in rendered.files} == {
        file.title: file.sha1 for file in rendered.files
    }
    assert {
        page.title for page in rendered.pages if page.language and live.pages[page.title].language != page.language
    } == set()


def test_a_second_deploy_makes_no_edit_and_at_most_three_requests_for_each_fifty_pages(
    deployed: LocalWiki, rendered: Rendered
) -> None:
    with proxy_before(deployed.url) as proxy:
        target = parse(proxy.url, deployed.bot_user, deployed.bot_password, local=True)
        again = deploy(target, rendered, commit="abc1234", interface=True)
        assert {one.outcome for one in again.done} == {"unchanged"}
        assert set(proxy.actions()) <= {"query", "login"}
        assert len(proxy.actions()) <= 3 * -(-(len(rendered.pages) + len(rendered.files)) // 50)


def test_mediawiki_s_own_linter_finds_nothing(deployed: LocalWiki, rendered: Rendered) -> None:
    found = {}
    # Of the glossary each tenth page: two templates make them all, and the linter takes longer than anything here.
    glossary = [page for page in rendered.pages if page.kind == "glossary"]
    others = [page for page in rendered.pages if page.kind not in ("glossary", "module", "interface")]
    with requests.Session() as http:
        for page in [*others, *glossary[::10]]:
            address = f"{deployed.url}rest.php/127.0.0.1/v3/transform/wikitext/to/lint/{quote(page.title, safe='')}"
            answer = http.post(address, json={"wikitext": page.text})
            answer.raise_for_status()
            if answer.json():
                found[page.title] = answer.json()
        broken = http.post(address, json={"wikitext": "<b>never closed"}).json()
    assert [error["type"] for error in broken] == ["missing-end-tag"], "the linter does not look"
    assert found == {}


@pytest.fixture(scope="module")
def parsed_pages(deployed: LocalWiki, rendered: Rendered) -> Mapping[str, dict[str, Any]]:
    """What the wiki makes of each page."""
    site = log_in(deployed, deployed.bot_user)
    wanted = {"prop": "links|templates|images|parsewarnings|text", "formatversion": 2, "disablelimitreport": 1}
    return {page.title: site.api("parse", page=page.title, **wanted)["parse"] for page in read_pages(rendered)}


def test_no_page_has_a_template_or_script_error_a_red_link_or_a_missing_file(
    parsed_pages: Mapping[str, dict[str, Any]],
) -> None:
    wrong = {}
    for title, parsed in parsed_pages.items():
        missing = [link["title"] for link in (*parsed["links"], *parsed["templates"]) if not link["exists"]]
        problems = [*missing, *parsed["parsewarnings"]]
        problems += [
            sign for sign in ('class="error', "scribunto-error", "mw-ext-cite-error") if sign in parsed["text"]
        ]
        if 'class="new"' in parsed["text"]:
            problems.append("a red link")
        if problems:
            wrong[title] = problems
    assert wrong == {}


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_every_page_can_be_reached_from_the_main_page_by_links_in_its_language(
    language: str, deployed: LocalWiki, rendered: Rendered, parsed_pages: Mapping[str, dict[str, Any]]
) -> None:
    languages = {page.title: page.language for page in rendered.pages}
    own = {page.title for page in read_pages(rendered) if languages[page.title] == language}
    members = {
        page.title: requests.get(f"{deployed.url}index.php", params={"title": page.title}, timeout=60).text
        for page in rendered.pages
        if page.kind == "category" and page.title in own
    }
    start = "Main Page" if language == "en" else f"Main Page/{language}"
    reached, pending = {start}, [start]
    while pending:
        title = pending.pop()
        html = members.get(title) or parsed_pages[title]["text"]
        for link in re.findall(r'<a(?:rea)? [^>]*href="/wiki/([^"#?]+)', html):
            found = unquote(link).replace("_", " ")
            if found in own and found not in reached:
                reached.add(found)
                pending.append(found)
    assert own - reached == set()


def test_the_preview_shows_the_same_on_every_page(
    repository: Published, deployed: LocalWiki, parsed_pages: Mapping[str, dict[str, Any]]
) -> None:
    assert held_against(repository, deployed, lambda title: str(parsed_pages[title]["text"])) >= 400


def test_each_box_of_the_learning_path_is_a_link(
    rendered: Rendered, parsed_pages: Mapping[str, dict[str, Any]]
) -> None:
    topics = {page.title for page in rendered.pages if page.kind == "topic" and page.language == "zh"}
    areas = re.findall(r'<area href="/wiki/([^"]+)"', parsed_pages["Learning Path/zh"]["text"])
    assert {unquote(link).replace("_", " ") for link in areas} == topics


def test_every_category_is_one_of_ours_so_no_tracking_category_is_in_use(
    deployed: LocalWiki, rendered: Rendered
) -> None:
    site = log_in(deployed, deployed.bot_user)
    answer = site.api("query", list="allcategories", aclimit="max", acprop="size", formatversion=2)
    used = {one["category"] for one in answer["query"]["allcategories"] if one["size"]}
    ours = {page.title.partition(":")[2] for page in rendered.pages if page.kind == "category"}
    assert used - ours == set()


def test_every_figure_has_a_caption_and_alternative_text_in_its_page_s_language(
    repository: Published, rendered: Rendered
) -> None:
    from pipeline.read.document import FigureBox, walk

    boxes = [node for model in repository.models for node in walk(model.blocks) if isinstance(node, FigureBox)]
    assert len(boxes) >= 3 * 3 * 3
    assert [box.name for box in boxes if not box.alt or not box.caption] == []
    files = {file.title for file in rendered.files}
    assert {box.file for box in boxes} <= files
