"""Titles that change, pages that go, deployments that are undone, people's edits that are found, plans in files."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.deploy import deploy, exit_code, find_drift, make_plan, read_plan, roll_back, write_plan
from pipeline.deploy.apply import apply
from pipeline.deploy.plan import plan
from pipeline.deploy.read_wiki import read_live
from pipeline.deploy.session import Session
from pipeline.deploy.target import parse
from pipeline.errors import WikiError
from pipeline.render.page import Page
from pipeline.wiki import LocalWiki
from tests.deploy.proxy import Proxy, Request, proxy_before
from tests.wiki.people import edit_as, log_in, text_of
from tests.wiki.test_deploy import (
    STAMP,
    file,
    history,
    last,
    outcomes,
    page,
    picture,
    publish,
    site_of,
    target,
    upload_as,
)  # fmt: skip

pytestmark = pytest.mark.wiki


def of_source(title: str, source: str, text: str = "first text", language: str = "") -> Page:
    return Page(title, "topic", text, language, source)


# --- titles that change --------------------------------------------------------------------------------------------


def test_a_renamed_topic_is_moved_with_its_history_and_a_redirect_in_all_languages(fresh_wiki) -> None:
    english, spanish = "articles/a/en.md", "articles/a/es.md"
    publish(fresh_wiki, site_of(of_source("Old Name", english), of_source("Old Name/es", spanish, "Hola", "es")))
    wanted = site_of(of_source("New Name", english, "new text"), of_source("New Name/es", spanish, "Hola", "es"))
    planned = make_plan(target(fresh_wiki), wanted)
    assert [(change.action, change.title) for change in planned.changes] == [
        ("move", "New Name"),
        ("move", "New Name/es"),
    ]
    assert planned.orphans == ()
    done = publish(fresh_wiki, wanted)
    assert outcomes(done) == {"New Name": "moved", "New Name/es": "moved"}
    assert len(history(fresh_wiki, "New Name")) == 3  # made, moved, changed
    assert text_of(fresh_wiki, "Old Name") == "#REDIRECT [[New Name]]"
    assert text_of(fresh_wiki, "Old Name/es") == "#REDIRECT [[New Name/es]]"
    again = make_plan(target(fresh_wiki), wanted)
    assert exit_code(again) == 0
    assert again.orphans == ()


def test_a_concept_that_is_renamed_is_moved_in_each_language(fresh_wiki) -> None:
    def concept(term: str) -> list[Page]:
        source = "articles/glossary/rate.yaml"
        titles = ((f"Glossary:{term}", "en"), (f"Glossary:{term}/es", "es"))
        return [Page(title, "glossary", f"a rate in {language}", language, source) for title, language in titles]

    publish(fresh_wiki, site_of(*concept("Step")))
    done = publish(fresh_wiki, site_of(*concept("Rate")))
    assert outcomes(done) == {"Glossary:Rate": "moved", "Glossary:Rate/es": "moved"}
    assert text_of(fresh_wiki, "Glossary:Rate/es") == "a rate in es"


def test_a_page_that_a_person_edited_is_not_moved(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(of_source("Before", "articles/b/en.md")))
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Before", "a person's text")
    planned = make_plan(target(fresh_wiki), site_of(of_source("After", "articles/b/en.md")))
    assert [change.action for change in planned.changes] == ["create"]
    assert [(orphan.title, bool(orphan.kept)) for orphan in planned.orphans] == [("Before", True)]


def test_a_move_whose_answer_was_lost_is_noticed_and_not_repeated(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(of_source("Here", "articles/h/en.md")))
    wanted = site_of(of_source("There", "articles/h/en.md", "new text"))
    with proxy_before(fresh_wiki.url) as proxy:
        from tests.wiki.test_deploy_faults import lose_first

        proxy.after = lose_first("move")
        done = publish_through(proxy, fresh_wiki, wanted)
        assert outcomes(done) == {"There": "moved"}
        assert proxy.actions().count("move") == 1
    assert last(fresh_wiki, "There")["text"] == "new text"


def test_an_edit_between_the_look_and_the_move_goes_along_and_stays_a_person_s(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(of_source("Here", "articles/h/en.md")))
    wanted = site_of(of_source("There", "articles/h/en.md", "new text"))
    with proxy_before(fresh_wiki.url) as proxy:

        def edit_first(request: Request) -> None:
            if request.parameters.get("action") == "move":
                proxy.before = lambda request: None
                edit_as(fresh_wiki, fresh_wiki.reader_user, "Here", "a person's words")

        proxy.before = edit_first
        assert outcomes(publish_through(proxy, fresh_wiki, wanted)) == {"There": "conflict"}
    # The revision that the move left is the bot's, and holds a person's words.
    assert last(fresh_wiki, "There")["user"] == target(fresh_wiki).user.partition("@")[0]
    assert outcomes(publish(fresh_wiki, wanted)) == {"There": "conflict"}
    assert text_of(fresh_wiki, "There") == "a person's words"


def test_a_page_that_was_moved_can_be_moved_again(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(of_source("First", "articles/m/en.md")))
    for title in ("Second", "Third"):
        assert outcomes(publish(fresh_wiki, site_of(of_source(title, "articles/m/en.md")))) == {title: "moved"}
    assert len(history(fresh_wiki, "Third")) == 3


def test_another_topic_may_take_the_title_that_a_move_left(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(of_source("Name", "articles/old/en.md")))
    publish(fresh_wiki, site_of(of_source("Other name", "articles/old/en.md")))
    both = site_of(
        of_source("Name", "articles/new/en.md", "a new topic"), of_source("Other name", "articles/old/en.md")
    )
    assert outcomes(publish(fresh_wiki, both)) == {"Name": "updated", "Other name": "unchanged"}
    assert text_of(fresh_wiki, "Name") == "a new topic"


def publish_through(proxy: Proxy, wiki: LocalWiki, wanted):
    return deploy(parse(proxy.url, wiki.bot_user, wiki.bot_password, local=True), wanted, commit="abc1234")


# --- pages that go --------------------------------------------------------------------------------------------------


def test_what_nothing_makes_any_more_is_an_orphan_and_deleted_only_with_prune(fresh_wiki) -> None:
    stays = page("Stays")
    publish(fresh_wiki, site_of(stays, page("Goes"), files=(file("Goes.png", picture(3)),)))
    planned = make_plan(target(fresh_wiki), site_of(stays))
    assert [orphan.title for orphan in planned.orphans] == ["File:Goes.png", "Goes"]
    assert exit_code(planned) == 0
    assert outcomes(publish(fresh_wiki, site_of(stays))) == {"Stays": "unchanged"}
    assert text_of(fresh_wiki, "Goes") == "first text"
    assert exit_code(make_plan(target(fresh_wiki), site_of(stays), prune=True)) == 2
    done = publish(fresh_wiki, site_of(stays), prune=True)
    assert outcomes(done) == {"Stays": "unchanged", "File:Goes.png": "deleted", "Goes": "deleted"}
    assert text_of(fresh_wiki, "Goes") is None
    assert make_plan(target(fresh_wiki), site_of(stays)).orphans == ()


def test_an_orphan_that_a_person_edited_is_never_deleted(fresh_wiki) -> None:
    stays = page("Kept")
    publish(fresh_wiki, site_of(stays, page("Loved")))
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Loved", "first text, and more")
    assert outcomes(publish(fresh_wiki, site_of(stays), prune=True)) == {"Kept": "unchanged"}
    assert text_of(fresh_wiki, "Loved") == "first text, and more"


def test_an_edit_between_plan_and_deletion_saves_the_page(fresh_wiki) -> None:
    stays = page("Remains")
    publish(fresh_wiki, site_of(stays, page("Contested")))
    with proxy_before(fresh_wiki.url) as proxy:

        def edit_first(request: Request) -> None:
            if request.parameters.get("action") == "delete":
                proxy.before = lambda request: None
                edit_as(fresh_wiki, fresh_wiki.reader_user, "Contested", "a person's words")

        proxy.before = edit_first
        there = parse(proxy.url, fresh_wiki.bot_user, fresh_wiki.bot_password, local=True)
        done = deploy(there, site_of(stays), commit="abc1234", prune=True)
    assert outcomes(done)["Contested"] == "conflict"
    assert text_of(fresh_wiki, "Contested") == "a person's words"


def test_orphans_are_found_also_when_only_a_token_says_who_the_bot_is(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(page("Stays"), page("Goes")))
    session = Session(target(fresh_wiki))
    session.target = replace(session.target, user="")  # as with OAuth: known from the first answer on
    live = read_live(session, ["Stays"], [], {"Stays"})
    assert [orphan.title for orphan in live.orphans] == ["Goes"]
    assert set(live.created) == {"Stays", "Goes"} and live.now


def test_pages_of_people_are_no_orphans(fresh_wiki) -> None:
    edit_as(fresh_wiki, fresh_wiki.reader_user, "By a person", "words")
    edit_as(fresh_wiki, fresh_wiki.bot_user, "By the bot's owner, by hand", "words")
    publish(fresh_wiki, site_of(page("Ours")))
    assert make_plan(target(fresh_wiki), site_of(page("Ours"))).orphans == ()


# --- undoing --------------------------------------------------------------------------------------------------------


def test_a_deployment_is_undone_page_by_page_except_where_people_edited_since(fresh_wiki) -> None:
    first = site_of(page("One"), page("Two"), files=(file("Shade.png", picture(10)),))
    publish(fresh_wiki, first)
    time.sleep(1.1)  # MediaWiki orders a file's versions by the second
    second = site_of(
        page("One", "second"), page("Two", "second"), page("Three"),
        files=(file("Shade.png", picture(20)), file("New.png", picture(30))),
    )  # fmt: skip
    deployment = publish(fresh_wiki, second)
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Two", "second, corrected")
    time.sleep(1.1)
    undone = roll_back(target(fresh_wiki), deployment.id, commit="abc1234")
    assert outcomes(undone) == {
        "One": "restored",
        "Two": "conflict",
        "Three": "deleted",
        "File:Shade.png": "restored",
        "File:New.png": "deleted",
    }
    assert exit_code(undone) == 3
    assert text_of(fresh_wiki, "One") == "first text"
    assert text_of(fresh_wiki, "Two") == "second, corrected"
    assert text_of(fresh_wiki, "Three") is None
    planned = make_plan(target(fresh_wiki), first)
    assert {change.title: change.action for change in planned.changes} == {
        "One": "unchanged",
        "Two": "conflict",
        "File:Shade.png": "unchanged",
    }


def test_an_undone_deployment_can_be_done_again_and_its_undoing_undone(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(page("Page")))
    deployment = publish(fresh_wiki, site_of(page("Page", "second")))
    undone = roll_back(target(fresh_wiki), deployment.id, commit="")
    assert text_of(fresh_wiki, "Page") == "first text"
    roll_back(target(fresh_wiki), undone.id, commit="")
    assert text_of(fresh_wiki, "Page") == "second"
    assert exit_code(make_plan(target(fresh_wiki), site_of(page("Page", "second")))) == 0


def test_a_deployment_that_the_wiki_does_not_know(wiki) -> None:
    with pytest.raises(WikiError, match="knows no deployment 'ffff'"):
        roll_back(target(wiki), "ffff", commit="")


# --- people's edits -------------------------------------------------------------------------------------------------


def test_drift_names_each_edit_since_the_bot_s_with_its_author_and_the_texts(fresh_wiki) -> None:
    wanted = site_of(page("Drifted", "ours"), page("Calm"))
    publish(fresh_wiki, wanted)
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Drifted", "ours, changed", "first")
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Drifted", "ours, changed twice", "second")
    (drift,) = find_drift(target(fresh_wiki), wanted)
    assert (drift.title, drift.before, drift.now, drift.taken_over) == ("Drifted", "ours", "ours, changed twice", False)
    assert [(edit.user, edit.comment) for edit in drift.edits] == [
        (fresh_wiki.reader_user, "second"),
        (fresh_wiki.reader_user, "first"),
    ]
    (taken,) = find_drift(target(fresh_wiki), site_of(page("Drifted", "ours, changed twice"), page("Calm")))
    assert taken.taken_over


def test_drift_names_who_uploaded_over_the_bot_s_file(fresh_wiki) -> None:
    wanted = site_of(page("Calm"), files=(file("Drifted.png", picture(11)),))
    publish(fresh_wiki, wanted)
    assert find_drift(target(fresh_wiki), wanted) == ()
    time.sleep(1.1)  # MediaWiki orders a file's versions by the second
    upload_as(fresh_wiki, fresh_wiki.admin_user, "Drifted.png", picture(12))
    (drift,) = find_drift(target(fresh_wiki), wanted)
    assert (drift.title, drift.taken_over) == ("File:Drifted.png", False)
    assert [edit.user for edit in drift.edits] == [fresh_wiki.admin_user]


# --- plans in files -------------------------------------------------------------------------------------------------


def test_a_plan_in_a_file_is_carried_out_as_reviewed_or_not_at_all(fresh_wiki, tmp_path: Path) -> None:
    wanted = site_of(page("Planned"), page("Later"))
    path = tmp_path / "plan.json"
    write_plan(make_plan(target(fresh_wiki), wanted), path)
    assert fresh_wiki.bot_password not in path.read_text()
    edit_as(fresh_wiki, fresh_wiki.reader_user, "Later", "somebody was first")
    with pytest.raises(WikiError, match="'Later' is to be conflict, and was to be create"):
        publish(fresh_wiki, wanted, reviewed=read_plan(path))
    assert text_of(fresh_wiki, "Planned") is None
    write_plan(make_plan(target(fresh_wiki), wanted), path)
    assert outcomes(publish(fresh_wiki, wanted, reviewed=read_plan(path))) == {
        "Planned": "created",
        "Later": "conflict",
    }
    # A deployment that was killed goes on with what is left.
    assert outcomes(publish(fresh_wiki, wanted, reviewed=read_plan(path)))["Planned"] == "unchanged"


def test_a_plan_does_not_hold_for_another_build_or_another_wiki(fresh_wiki, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(make_plan(target(fresh_wiki), site_of(page("Built"))), path)
    with pytest.raises(WikiError, match="was built anew with other content"):
        publish(fresh_wiki, site_of(page("Built", "other text")), reviewed=read_plan(path))
    elsewhere = read_plan(path) | {"target": "https://other.example.org/"}
    with pytest.raises(WikiError, match="is for https://other"):
        publish(fresh_wiki, site_of(page("Built")), reviewed=elsewhere)
    path.write_text("[]")
    with pytest.raises(WikiError, match="is not a plan"):
        read_plan(path)


def test_a_journal_tells_what_was_done(fresh_wiki, tmp_path: Path) -> None:
    done = publish(fresh_wiki, site_of(page("Noted"), page("Also noted")), journals=tmp_path)
    lines = (tmp_path / f"{done.id}.jsonl").read_text().splitlines()
    assert len(lines) == 4
    assert '"Also noted"' in lines[1]
    assert '"ended": true' in lines[-1]
    assert fresh_wiki.bot_password not in "".join(lines)


# --- how it edits ---------------------------------------------------------------------------------------------------


def test_edits_carry_the_wiki_s_tag_where_it_has_one(fresh_wiki) -> None:
    publish(fresh_wiki, site_of(page("Untagged")))
    admin = log_in(fresh_wiki, fresh_wiki.admin_user)
    admin.post("managetags", operation="create", tag="marovi", token=admin.get_token("csrf"))

    def known() -> bool:
        tags = admin.api("query", list="tags", tglimit="max", formatversion=2)["query"]["tags"]
        return "marovi" in {tag["name"] for tag in tags}

    expect(known, True)
    publish(fresh_wiki, site_of(page("Tagged")))
    query = {"prop": "revisions", "rvprop": "tags", "formatversion": 2}

    def tags() -> dict[str, list[str]]:
        return {
            title: admin.api("query", titles=title, **query)["query"]["pages"][0]["revisions"][0]["tags"]
            for title in ("Untagged", "Tagged")
        }

    expect(tags, {"Untagged": [], "Tagged": ["marovi"]})
    # So do uploads, moves and deletions.
    renamed = replace(page("Renamed"), source=page("Tagged").source)
    publish(fresh_wiki, site_of(renamed, files=(file("Tagged.png", picture(8)),)), prune=True)

    def tagged() -> list[str]:
        log = admin.api("query", list="logevents", letag="marovi", leprop="type", formatversion=2)["query"]["logevents"]
        return sorted(entry["type"] for entry in log if entry["type"] != "create")

    expect(tagged, ["delete", "move", "upload"])


def expect(look: Callable[[], object], wanted: object) -> None:
    """Look until what is wanted is there.

    MediaWiki writes the tags of a change after it has answered, and for a moment may list the tags of before.
    """
    patience = time.monotonic() + 30
    while (found := look()) != wanted and time.monotonic() < patience:
        time.sleep(0.05)
    assert found == wanted


def test_it_keeps_to_the_configured_rate(fresh_wiki) -> None:
    waits: list[float] = []
    session = Session(replace(target(fresh_wiki), rate=6.0), sleep=waits.append)
    wanted = site_of(page("Slow one"), page("Slow two"), page("Slow three"))
    live = read_live(session, [one.title for one in wanted.pages], [])
    apply(session, plan(wanted, live, session.user), STAMP)
    assert len(waits) == 2
    assert 5 < waits[0] <= 10 < waits[1] <= 20


def test_markup_of_an_extension_that_the_wiki_lacks_is_said_before_the_first_edit(fresh_wiki) -> None:
    with proxy_before(fresh_wiki.url) as proxy:
        from tests.deploy.proxy import Answer

        def without(request: Request, answer: Answer) -> Answer:
            return replace(answer, body=answer.body.replace(b'"<imagemap>",', b""))

        proxy.after = without
        with pytest.raises(WikiError, match="lacks the extension ImageMap"):
            publish_through(proxy, fresh_wiki, site_of(page("Map", "<imagemap>\nFile:X.png\n</imagemap>")))
    assert text_of(fresh_wiki, "Map") is None


def test_an_oauth_token_goes_with_each_request_and_needs_no_login(fresh_wiki) -> None:
    seen: list[str] = []
    with proxy_before(fresh_wiki.url) as proxy:

        def look(request: Request) -> None:
            seen.append(request.parameters.get("action", ""))

        proxy.before = look
        session = Session(parse(proxy.url, "", "", token="secret-token"), sleep=lambda seconds: None)
        assert seen == []
        # A wiki without the OAuth extension takes the bot for a stranger, and the bot says so.
        with pytest.raises(WikiError, match="does not take the OAuth token") as caught:
            session.read(action="query")
    assert "login" not in seen
    assert "secret-token" not in str(caught.value)
