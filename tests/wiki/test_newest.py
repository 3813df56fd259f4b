"""The list of the newest articles follows what stands on the wiki, not what the sources say of their dates."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.deploy import deploy, exit_code, make_plan, read_plan, show_plan, write_plan
from pipeline.deploy.target import parse
from pipeline.errors import WikiError
from pipeline.render.page import Listed, Newest, Page, Rendered
from pipeline.render.templates.newest import by_their_text
from pipeline.wiki import LocalWiki
from tests.deploy.proxy import Answer, Request, proxy_before
from tests.wiki.people import edit_as, log_in, text_of
from tests.wiki.test_deploy import history, last, outcomes, publish, target

pytestmark = pytest.mark.wiki
LIST = "Module:Marovi/recent/data"


def newest_of(*names: str) -> Newest:
    links = {name: {"en": (name, name), "es": (f"{name} en español", f"{name}/es")} for name in names}
    return Newest(LIST, "articles", tuple(Listed(name, "2001-01-01", links[name]) for name in sorted(names)))


def articles(*names: str, text: str = "words", sources: Sequence[str] = ()) -> Rendered:
    """A site of these articles in two languages, with the list as a build writes it."""
    files = sources or [f"articles/{name.lower().replace(' ', '-')}" for name in names]
    pages = [Page(name, "topic", text, "", f"{file}/en.md") for name, file in zip(names, files, strict=True)]
    pages += [
        Page(f"{name}/es", "topic", "palabras", "es", f"{file}/es.md") for name, file in zip(names, files, strict=True)
    ]
    newest = newest_of(*names)
    return Rendered((*sorted(pages, key=lambda page: page.title), by_their_text(newest)), (), newest=newest)


def listed(wiki: LocalWiki) -> list[str]:
    """The pages that the list names in English, in its order."""
    return re.findall(r'en = \{\s+title = "[^"]*",\s+page = "([^"]*)"', text_of(wiki, LIST) or "")


def dates(wiki: LocalWiki) -> set[str]:
    return set(re.findall(r'date = "([^"]*)"', text_of(wiki, LIST) or ""))


def planned(wiki: LocalWiki, wanted: Rendered) -> tuple[str, list[str]]:
    """What the plan says of the list: what becomes of it, and what it will name."""
    change = next(change for change in make_plan(target(wiki), wanted).changes if change.title == LIST)
    return change.action, list(change.names or ())


def test_the_list_names_articles_in_the_order_in_which_the_wiki_got_them(fresh_wiki) -> None:
    wanted = articles("Beta", "Delta")
    assert planned(fresh_wiki, wanted) == ("create", ["Delta", "Beta"])
    publish(fresh_wiki, wanted)
    assert listed(fresh_wiki) == ["Delta", "Beta"]
    assert planned(fresh_wiki, wanted) == ("unchanged", ["Delta", "Beta"])
    wanted = articles("Alpha", "Beta", "Delta", text="other words")
    assert planned(fresh_wiki, wanted) == ("update", ["Alpha", "Delta", "Beta"])
    assert "will name Alpha, Delta, Beta" in show_plan(make_plan(target(fresh_wiki), wanted))
    publish(fresh_wiki, wanted)
    assert listed(fresh_wiki) == ["Alpha", "Delta", "Beta"]
    created = history(fresh_wiki, "Alpha")[-1]
    (made,) = log_in(fresh_wiki, fresh_wiki.bot_user).api(
        "query", formatversion=2, revids=created["revid"], prop="revisions", rvprop="timestamp"
    )["query"]["pages"]
    assert dates(fresh_wiki) == {made["revisions"][0]["timestamp"][:10]}, "the day on which it was published"


def test_a_second_deployment_leaves_the_list_alone(fresh_wiki) -> None:
    wanted = articles(*(f"Article {number:02}" for number in range(13)))
    publish(fresh_wiki, wanted)
    assert listed(fresh_wiki) == [f"Article {number:02}" for number in range(12, 2, -1)]
    assert exit_code(make_plan(target(fresh_wiki), wanted)) == 0
    assert set(outcomes(publish(fresh_wiki, wanted)).values()) == {"unchanged"}
    assert len(history(fresh_wiki, LIST)) == 1


def test_an_article_that_could_not_be_saved_is_listed_when_it_stands_there(fresh_wiki) -> None:
    wanted = articles("Alpha", "Beta")
    with proxy_before(fresh_wiki.url) as proxy:

        def refuse(request: Request) -> Answer | None:
            body = b'{"errors": [{"code": "protectedpage", "text": "Not here."}]}'
            bad = request.parameters.get("action") == "edit" and request.parameters.get("title") in ("Beta", "Alpha/es")
            return Answer(200, body) if bad else None

        proxy.before = refuse
        there = parse(proxy.url, fresh_wiki.bot_user, fresh_wiki.bot_password, local=True)
        done = deploy(there, wanted, commit="x")
    assert (outcomes(done)["Beta"], outcomes(done)[LIST]) == ("failed", "created")
    assert listed(fresh_wiki) == ["Alpha"]
    text = text_of(fresh_wiki, LIST)
    assert text is not None and '"Alpha/es"' not in text, "its Spanish name leads to the page that there is"
    assert planned(fresh_wiki, wanted) == ("update", ["Beta", "Alpha"])
    publish(fresh_wiki, wanted)
    assert listed(fresh_wiki) == ["Beta", "Alpha"]
    assert exit_code(make_plan(target(fresh_wiki), wanted)) == 0


def test_a_person_s_page_is_not_listed_as_new_and_a_person_s_edit_takes_nothing_off_the_list(fresh_wiki) -> None:
    publish(fresh_wiki, articles("Edited"))
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Edited", "a person's words")
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Theirs", "a person's page")
    wanted = articles("Edited", "Ours", "Theirs", text="new words")
    publish(fresh_wiki, wanted)
    assert listed(fresh_wiki) == ["Ours", "Edited"]
    assert planned(fresh_wiki, wanted) == ("unchanged", ["Ours", "Edited"])


def test_an_article_that_a_person_makes_in_the_same_moment_is_not_listed(fresh_wiki) -> None:
    with proxy_before(fresh_wiki.url) as proxy:

        def first(request: Request) -> None:
            if request.parameters.get("title") == "Beta":
                proxy.before = lambda request: None
                edit_as(fresh_wiki, fresh_wiki.reader_user, "Beta", "a person was first")

        proxy.before = first
        there = parse(proxy.url, fresh_wiki.bot_user, fresh_wiki.bot_password, local=True)
        done = deploy(there, articles("Alpha", "Beta"), commit="x")
    assert outcomes(done)["Beta"] == "conflict"
    assert listed(fresh_wiki) == ["Alpha"]


def test_a_new_title_is_no_news(fresh_wiki) -> None:
    publish(fresh_wiki, articles("Alpha", "Old name"))
    publish(fresh_wiki, articles("Alpha", "Beta", "Old name"))
    named = articles("Alpha", "Beta", "Name", sources=["articles/alpha", "articles/beta", "articles/old-name"])
    assert outcomes(publish(fresh_wiki, named))["Name"] == "moved"
    assert listed(fresh_wiki) == ["Beta", "Name", "Alpha"]
    assert exit_code(make_plan(target(fresh_wiki), named)) == 0


def test_a_list_that_a_person_edited_is_left_alone(fresh_wiki) -> None:
    publish(fresh_wiki, articles("Alpha"))
    edit_as(fresh_wiki, fresh_wiki.reader_user, LIST, "return {}")
    assert outcomes(publish(fresh_wiki, articles("Alpha", "Beta")))[LIST] == "conflict"
    assert text_of(fresh_wiki, LIST) == "return {}"


def test_a_bot_that_was_killed_before_the_list_writes_it_the_next_time(fresh_wiki) -> None:
    wanted = articles("Alpha", "Beta")
    publish(fresh_wiki, replace(wanted, pages=wanted.pages[:-1], newest=None))
    assert planned(fresh_wiki, wanted) == ("create", ["Beta", "Alpha"])
    assert outcomes(publish(fresh_wiki, wanted))[LIST] == "created"
    assert listed(fresh_wiki) == ["Beta", "Alpha"]


def test_a_reviewed_plan_holds_for_the_list_until_it_would_name_something_else(fresh_wiki, tmp_path: Path) -> None:
    wanted, path = articles("Alpha", "Beta"), tmp_path / "plan.json"
    write_plan(make_plan(target(fresh_wiki), wanted), path)
    (change,) = (one for one in json.loads(path.read_text())["changes"] if one["title"] == LIST)
    assert change["names"] == ["Beta", "Alpha"]
    # Some of it was done by a run that was killed; the rest is what was reviewed.
    publish(fresh_wiki, replace(wanted, pages=wanted.pages[:2], newest=None))
    done = publish(fresh_wiki, wanted, reviewed=read_plan(path))
    assert (outcomes(done)["Alpha"], outcomes(done)["Beta"], outcomes(done)[LIST]) == (
        "unchanged",
        "created",
        "created",
    )
    assert outcomes(publish(fresh_wiki, wanted, reviewed=read_plan(path)))[LIST] == "unchanged"

    more = articles("Alpha", "Beta", "Gamma")
    write_plan(make_plan(target(fresh_wiki), more), path)
    admin = log_in(fresh_wiki, fresh_wiki.admin_user)
    admin.api("delete", "POST", title="Alpha", token=admin.get_token("csrf"))
    with pytest.raises(WikiError, match="would name other articles, or in another order"):
        publish(fresh_wiki, more, reviewed=read_plan(path))
    assert text_of(fresh_wiki, "Gamma") is None


def test_other_words_in_the_list_are_another_build(fresh_wiki, tmp_path: Path) -> None:
    wanted, path = articles("Alpha"), tmp_path / "plan.json"
    write_plan(make_plan(target(fresh_wiki), wanted), path)
    assert wanted.newest is not None
    (one,) = wanted.newest.articles
    renamed = Listed(one.title, one.date, one.links | {"es": ("Otro nombre", "Alpha/es")})
    other = replace(wanted, newest=replace(wanted.newest, articles=(renamed,)))
    with pytest.raises(WikiError, match=f"{LIST}' was built anew with other content"):
        publish(fresh_wiki, other, reviewed=read_plan(path))


def test_the_list_is_read_in_the_requests_that_are_made_anyway(fresh_wiki) -> None:
    wanted = articles(*(f"Article {number}" for number in range(20)))
    publish(fresh_wiki, wanted)
    with proxy_before(fresh_wiki.url) as proxy:
        there = parse(proxy.url, fresh_wiki.bot_user, fresh_wiki.bot_password, local=True)
        assert exit_code(make_plan(there, wanted)) == 0
        assert proxy.actions() == ["query", "login", "query"]


def test_a_page_that_a_person_made_word_for_word_is_listed_without_a_date(fresh_wiki) -> None:
    wanted = articles("Adopted")
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Adopted", "words")
    publish(fresh_wiki, wanted)
    assert (listed(fresh_wiki), dates(fresh_wiki)) == (["Adopted"], {""})
    assert last(fresh_wiki, "Adopted")["user"] == fresh_wiki.reader_user
    assert exit_code(make_plan(target(fresh_wiki), wanted)) == 0
