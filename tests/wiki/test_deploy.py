"""Publishing to a real MediaWiki: what was reviewed is what stands there, and no person's edit is lost."""

from __future__ import annotations

import functools
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.deploy import Deployment, Target, deploy, exit_code, from_environment, make_plan
from pipeline.deploy.apply import apply
from pipeline.deploy.live import read_live
from pipeline.deploy.plan import plan
from pipeline.deploy.session import NoAnswer, Session
from pipeline.deploy.target import parse
from pipeline.errors import WikiError
from pipeline.render import manifest
from pipeline.render.page import File, Page, Rendered
from pipeline.wiki.install import OURS, run_script
from tests.wiki.people import edit_as, log_in, text_of

pytestmark = pytest.mark.wiki


def picture(shade: int) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, shade, shade)).save(stream, "PNG")
    return stream.getvalue()


def page(title: str, text: str = "first text", kind: str = "topic", language: str = "") -> Page:
    return Page(title, kind, text, language, f"articles/{title.lower()}/en.md")  # type: ignore[arg-type]


def site_of(*pages: Page, files: tuple[File, ...] = ()) -> Rendered:
    return Rendered(pages, files)


def target(wiki) -> Target:
    return parse(wiki.url, wiki.bot_user, wiki.bot_password, local=True)


def publish(wiki, rendered: Rendered, **options) -> Deployment:
    return deploy(target(wiki), rendered, commit="abc1234", **options)


def outcomes(deployment: Deployment) -> dict[str, str]:
    return {one.title: one.outcome for one in deployment.done}


@functools.cache
def onlooker(wiki):
    return log_in(wiki, wiki.bot_user)


def last(wiki, title: str) -> dict:
    query = {"prop": "revisions|info", "titles": title, "rvprop": "ids|content|user|comment", "rvslots": "main"}
    found = onlooker(wiki).api("query", formatversion=2, **query)["query"]["pages"][0]
    return {**found["revisions"][0], "text": found["revisions"][0]["slots"]["main"]["content"], "page": found}


def history(wiki, title: str) -> list[dict]:
    query = {"prop": "revisions", "titles": title, "rvprop": "ids|content|user", "rvslots": "main", "rvlimit": "max"}
    return onlooker(wiki).api("query", formatversion=2, **query)["query"]["pages"][0]["revisions"]


def test_a_page_is_created_updated_and_then_left_alone(wiki) -> None:
    assert outcomes(publish(wiki, site_of(page("Cycle")))) == {"Cycle": "created"}
    assert outcomes(publish(wiki, site_of(page("Cycle", "second text")))) == {"Cycle": "updated"}
    assert outcomes(publish(wiki, site_of(page("Cycle", "second text")))) == {"Cycle": "unchanged"}
    revision = last(wiki, "Cycle")
    assert revision["text"] == "second text"
    assert revision["comment"].startswith("[deploy-bot] articles/cycle/en.md (abc1234) ")
    assert len(history(wiki, "Cycle")) == 2


def test_a_human_edit_is_never_overwritten_and_the_exit_code_says_so(wiki) -> None:
    publish(wiki, site_of(page("Edited")))
    edit_as(wiki, wiki.reader_user, "Edited", "a person's words")
    wanted = site_of(page("Edited", "new text"))
    assert exit_code(make_plan(target(wiki), wanted)) == 3
    done = publish(wiki, wanted)
    assert (outcomes(done), exit_code(done)) == ({"Edited": "conflict"}, 3)
    assert last(wiki, "Edited")["text"] == "a person's words"


def test_a_person_who_wrote_our_very_text_is_adopted_without_an_edit(wiki) -> None:
    publish(wiki, site_of(page("Adopted")))
    edit_as(wiki, wiki.reader_user, "Adopted", "better text")
    done = publish(wiki, site_of(page("Adopted", "better text")))
    assert (outcomes(done), exit_code(done)) == ({"Adopted": "adopted"}, 0)
    assert last(wiki, "Adopted")["user"] == wiki.reader_user


def test_a_page_that_a_person_creates_after_the_plan_is_a_conflict(wiki) -> None:
    session = Session(target(wiki))
    wanted = site_of(page("Race"))
    stale = plan(wanted, read_live(session, ["Race"], []), session.user)
    edit_as(wiki, wiki.reader_user, "Race", "I was first")
    assert outcomes(apply(session, stale, "abc")) == {"Race": "conflict"}
    assert last(wiki, "Race")["text"] == "I was first"


def test_an_edit_between_plan_and_save_survives_even_where_mediawiki_would_merge(wiki) -> None:
    paragraphs = [f"Paragraph {number} stays as it is.\n" for number in range(12)]
    publish(wiki, site_of(page("Merged", "\n".join(paragraphs).strip())))
    session = Session(target(wiki))
    ours = "\n".join([*paragraphs[:-1], "Our new last paragraph."])
    stale = plan(site_of(page("Merged", ours)), read_live(session, ["Merged"], []), session.user)
    theirs = "\n".join(["A person's new first paragraph.\n", *paragraphs[1:]]).strip()
    edit_as(wiki, wiki.reader_user, "Merged", theirs)
    assert outcomes(apply(session, stale, "abc")) == {"Merged": "conflict"}
    assert last(wiki, "Merged")["text"] == theirs


def test_files_are_uploaded_once_replaced_when_their_bytes_differ_and_never_over_a_person_s(wiki) -> None:
    def files(shade: int) -> Rendered:
        return site_of(files=(File("File:Shade (en).png", picture(shade), "A shade.", "en", "articles/x/en.md"),))

    title = "File:Shade (en).png"
    assert outcomes(publish(wiki, files(10))) == {title: "uploaded"}
    assert outcomes(publish(wiki, files(10))) == {title: "unchanged"}
    assert outcomes(publish(wiki, files(20))) == {title: "uploaded"}
    person = log_in(wiki, wiki.admin_user)
    time.sleep(1.1)  # MediaWiki orders a file's versions by the second
    words = {"filename": "Shade (en).png", "ignorewarnings": 1, "token": person.get_token("csrf"), "format": "json"}
    content = {"file": ("Shade.png", io.BytesIO(picture(30)), "image/png")}
    answer = person.connection.post(f"{wiki.url}api.php", data={"action": "upload", **words}, files=content)
    assert answer.json()["upload"]["result"] == "Success"
    assert outcomes(publish(wiki, files(40))) == {title: "conflict"}


def test_a_picture_that_is_there_under_another_name_is_uploaded_all_the_same(wiki) -> None:
    def named(name: str) -> Rendered:
        return site_of(files=(File(f"File:{name}.png", picture(77), "", "en", "articles/x/en.md"),))

    publish(wiki, named("Twin one"))
    assert outcomes(publish(wiki, named("Twin two"))) == {"File:Twin two.png": "uploaded"}


def test_a_page_gets_its_content_language_once(wiki) -> None:
    wanted = site_of(page("Idioma/es", "Hola", language="es"))
    publish(wiki, wanted)
    assert last(wiki, "Idioma/es")["page"]["pagelanguage"] == "es"
    assert exit_code(make_plan(target(wiki), wanted)) == 0


def test_interface_pages_are_published_only_when_asked_for(wiki) -> None:
    css = Page("MediaWiki:Gadget-trial.css", "interface", "a { color: red }", "", "templates/x")
    assert outcomes(publish(wiki, site_of(css))) == {}
    assert outcomes(publish(wiki, site_of(css), interface=True)) == {css.title: "created"}


def test_a_second_deploy_makes_no_edit_and_few_requests(wiki) -> None:
    pages = tuple(page(f"Many {number:03}") for number in range(110))
    publish(wiki, site_of(*pages))
    session = Session(target(wiki))
    session.batch = 50  # what an account without a bot's higher limits may ask for
    before = session.requests
    live = read_live(session, [one.title for one in pages], [])
    again = plan(site_of(*pages), live, session.user)
    assert {change.action for change in again.changes} == {"unchanged"}
    apply(session, again, "abc1234")
    assert session.requests - before == 3  # one for each fifty pages, and nothing else
    assert before <= 3


def test_a_deploy_that_is_killed_and_run_again_ends_like_one_clean_run(fresh_wiki, wiki, tmp_path: Path) -> None:
    pages = tuple(page(f"Kill {number:02}", f"text {number}") for number in range(20))
    files = (File("File:Kill (en).png", picture(5), "A picture.", "en", "articles/x/en.md"),)
    rendered = site_of(*pages, files=files)
    manifest.write(rendered, tmp_path)
    code = (
        "import sys; from pathlib import Path; from pipeline.deploy import deploy;"
        "from pipeline.deploy.target import parse; from pipeline.render import manifest;"
        "deploy(parse(*sys.argv[2:5], local=True), manifest.read(Path(sys.argv[1])), commit='abc1234',"
        "progress=lambda done, number, total: print(number, flush=True))"
    )
    words = [sys.executable, "-c", code, str(tmp_path), fresh_wiki.url, fresh_wiki.bot_user, fresh_wiki.bot_password]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for line in running.stdout:
        if int(line) >= 9:
            break
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    running.stdout.close()
    time.sleep(0.5)  # a save that was under way ends on the server
    assert exit_code(publish(fresh_wiki, rendered)) == 0
    publish(wiki, rendered)
    for one in pages:
        assert len(history(fresh_wiki, one.title)) == 1, "an edit was made twice"
        assert last(fresh_wiki, one.title)["text"] == last(wiki, one.title)["text"] == one.text
    assert exit_code(make_plan(target(fresh_wiki), rendered)) == 0


def test_an_answer_that_never_came_is_resolved_by_reading_the_page_back(wiki) -> None:
    class Deaf(Session):
        """The save is carried out and its answer is lost on the way."""

        def write(self, files=None, **parameters):
            answer = super().write(files, **parameters)
            if parameters["action"] in ("edit", "upload"):
                raise NoAnswer("lost")
            return answer

    session = Deaf(target(wiki))
    wanted = site_of(page("Lost answer"), files=(File("File:Lost.png", picture(9), "", "en", "x"),))
    live = read_live(session, ["Lost answer"], ["File:Lost.png"])
    done = apply(session, plan(wanted, live, session.user), "abc")
    assert outcomes(done) == {"Lost answer": "created", "File:Lost.png": "uploaded"}
    assert len(history(wiki, "Lost answer")) == 1


def test_a_lost_login_is_renewed(wiki) -> None:
    session = Session(target(wiki))
    session._http.cookies.clear()
    session._token = ""
    live = read_live(session, ["Renewed"], [])
    done = apply(session, plan(site_of(page("Renewed")), live, session.user), "abc")
    assert outcomes(done) == {"Renewed": "created"}
    assert last(wiki, "Renewed")["user"] == session.user


def test_wrong_credentials_are_one_sentence_without_the_secret(wiki) -> None:
    with pytest.raises(WikiError, match="does not accept the login") as refused:
        make_plan(replace(target(wiki), password="not-the-password"), site_of(page("X")))
    assert "not-the-password" not in str(refused.value)


def test_a_wiki_that_is_down_is_one_sentence() -> None:
    with pytest.raises(WikiError, match="cannot be reached: no connection"):
        make_plan(parse("http://127.0.0.1:9/", "Bot@app", "x"), site_of(page("X")))


def test_an_address_that_is_no_wiki_is_one_sentence(wiki) -> None:
    with pytest.raises(WikiError, match=r"is not the API of a MediaWiki|answered with status 404"):
        make_plan(replace(target(wiki), path="/images/"), site_of(page("X")))


def test_an_account_without_rights_is_told_before_the_first_edit(wiki) -> None:
    password = "0123456789abcdefghijklmnopqrstuv"
    bot = {"user": wiki.reader_user, "app": "limited", "password": password}
    run_script(
        wiki.folder / "LocalSettings.php", OURS / "php/accounts.php", stdin=json.dumps({"accounts": [], "bot": bot})
    )
    css = Page("MediaWiki:Gadget-refused.css", "interface", "a { color: red }", "", "templates/x")
    limited = replace(target(wiki), user=f"{wiki.reader_user}@limited", password=password)
    with pytest.raises(WikiError, match=r"may not .*editinterface.*give them to the account"):
        deploy(limited, site_of(page("Refused"), css), commit="x", interface=True)
    assert text_of(wiki, "Refused") is None


def test_the_local_wiki_is_the_target_when_none_is_named(fresh_wiki) -> None:
    assert from_environment({}, fresh_wiki.folder).url == fresh_wiki.url
