"""Publishing to a real MediaWiki: what was reviewed is what stands there, and no person's edit is lost."""

from __future__ import annotations

import io
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.deploy import Deployment, Target, deploy, exit_code, from_environment, make_plan
from pipeline.deploy.apply import apply
from pipeline.deploy.plan import plan
from pipeline.deploy.read_wiki import read_live
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp
from pipeline.deploy.target import parse
from pipeline.errors import WikiError
from pipeline.render import manifest
from pipeline.render.page import KINDS, File, Kind, Page, Rendered
from pipeline.wiki import LocalWiki
from tests.deploy.proxy import proxy_before
from tests.processes import started
from tests.wiki.people import edit_as, log_in

pytestmark = pytest.mark.wiki
STAMP = Stamp("3f2a91c07b5d", "abc1234")


def picture(shade: int) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, shade, shade)).save(stream, "PNG")
    return stream.getvalue()


def page(title: str, text: str = "first text", kind: Kind = "topic", language: str = "") -> Page:
    return Page(title, kind, text, language, f"articles/{title.lower()}/en.md")


def file(name: str, content: bytes) -> File:
    return File(f"File:{name}", content, "A picture.", "en", "articles/x/en.md")


def site_of(*pages: Page, files: tuple[File, ...] = ()) -> Rendered:
    return Rendered(pages, files)


def target(wiki: LocalWiki) -> Target:
    return parse(wiki.url, wiki.bot_user, wiki.bot_password, local=True)


def publish(wiki: LocalWiki, rendered: Rendered, **options) -> Deployment:
    return deploy(target(wiki), rendered, commit="abc1234", **options)


def outcomes(deployment: Deployment) -> dict[str, str]:
    return {one.title: one.outcome for one in deployment.done}


def history(wiki: LocalWiki, title: str) -> list[dict]:
    """All revisions of a page, the newest first, each with its text."""
    query = {"prop": "revisions|info", "titles": title, "rvprop": "ids|content|user|comment|sha1|flags"}
    site = log_in(wiki, wiki.bot_user)
    found = site.api("query", formatversion=2, rvslots="main", rvlimit="max", **query)["query"]["pages"][0]
    revisions = found.get("revisions", [])
    return [{**one, "text": one["slots"]["main"]["content"], "page": found} for one in revisions]


def last(wiki: LocalWiki, title: str) -> dict:
    return history(wiki, title)[0]


def upload_as(wiki: LocalWiki, user: str, name: str, content: bytes) -> None:
    site = log_in(wiki, user)
    parameters = {"action": "upload", "filename": name, "ignorewarnings": 1, "token": site.get_token("csrf")}
    files = {"file": (name, content, "image/png")}
    answer = site.connection.post(f"{wiki.url}api.php", data={**parameters, "format": "json"}, files=files)
    assert answer.json()["upload"]["result"] == "Success", answer.text


def test_a_page_is_created_updated_and_then_left_alone(wiki) -> None:
    assert outcomes(publish(wiki, site_of(page("Cycle")))) == {"Cycle": "created"}
    done = publish(wiki, site_of(page("Cycle", "second text")))
    assert outcomes(done) == {"Cycle": "updated"}
    assert outcomes(publish(wiki, site_of(page("Cycle", "second text")))) == {"Cycle": "unchanged"}
    newest, first = history(wiki, "Cycle")
    assert (newest["text"], first["text"]) == ("second text", "first text")
    assert newest["comment"].startswith(f"[deploy-bot] articles/cycle/en.md (abc1234) deployment {done.id} ")
    assert done.done[0].revision == newest["revid"]


def test_edits_are_marked_as_a_bot_s(wiki) -> None:
    publish(wiki, site_of(page("Flagged")))
    site = log_in(wiki, wiki.bot_user)
    changes = site.api("query", list="recentchanges", rctitle="Flagged", rcprop="flags", formatversion=2)
    assert changes["query"]["recentchanges"][0]["bot"] is True


def test_a_human_edit_is_never_overwritten_and_the_exit_code_says_so(wiki) -> None:
    publish(wiki, site_of(page("Edited")))
    edit_as(wiki, wiki.reader_user, "Edited", "a person's words")
    wanted = site_of(page("Edited", "new text"), page("Not edited"))
    assert exit_code(make_plan(target(wiki), wanted)) == 3
    done = publish(wiki, wanted)
    assert (outcomes(done), exit_code(done)) == ({"Edited": "conflict", "Not edited": "created"}, 3)
    assert wiki.reader_user in done.having("conflict")[0].note
    assert last(wiki, "Edited")["text"] == "a person's words"


def test_a_page_that_a_person_made_is_never_overwritten(wiki) -> None:
    edit_as(wiki, wiki.reader_user, "Their own", "a person's page")
    assert outcomes(publish(wiki, site_of(page("Their own")))) == {"Their own": "conflict"}
    assert len(history(wiki, "Their own")) == 1


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
    assert outcomes(apply(session, stale, STAMP)) == {"Race": "conflict"}
    assert last(wiki, "Race")["text"] == "I was first"


def test_a_page_that_is_deleted_after_the_plan_is_not_made_again(wiki) -> None:
    publish(wiki, site_of(page("Deleted")))
    session = Session(target(wiki))
    stale = plan(site_of(page("Deleted", "new")), read_live(session, ["Deleted"], []), session.user)
    admin = log_in(wiki, wiki.admin_user)
    admin.api("delete", title="Deleted", token=admin.get_token("csrf"))
    done = apply(session, stale, STAMP)
    assert outcomes(done) == {"Deleted": "conflict"} and done.done[0].note == "deleted in the meantime"
    assert history(wiki, "Deleted") == []


def paragraphs(first: str = "First paragraph.", final: str = "Last paragraph.") -> str:
    return "\n\n".join([first, *(f"Paragraph {number} stays as it is." for number in range(10)), final])


def test_an_edit_between_plan_and_save_survives_even_where_mediawiki_would_merge(wiki) -> None:
    publish(wiki, site_of(page("Merged", paragraphs())))
    session = Session(target(wiki))
    wanted = site_of(page("Merged", paragraphs(final="Our new last paragraph.")))
    stale = plan(wanted, read_live(session, ["Merged"], []), session.user)
    theirs = paragraphs(first="A person's new first paragraph.")
    edit_as(wiki, wiki.reader_user, "Merged", theirs)
    done = apply(session, stale, STAMP)
    assert outcomes(done) == {"Merged": "conflict"}
    assert "their text stands" in done.done[0].note
    put_back, merged, *_ = history(wiki, "Merged")
    assert "Our new last" in merged["text"] and "A person's new first" in merged["text"]  # MediaWiki did merge
    assert put_back["text"] == theirs
    # The bot saved last, but these are not its words: the next deployment must not take them for its own.
    again = publish(wiki, wanted)
    assert (outcomes(again), exit_code(again)) == ({"Merged": "conflict"}, 3)
    assert last(wiki, "Merged")["text"] == theirs


def test_a_merge_that_nobody_noticed_because_the_bot_was_killed_is_a_conflict_later(wiki) -> None:
    publish(wiki, site_of(page("Killed merge", paragraphs())))
    session = Session(target(wiki))
    base = read_live(session, ["Killed merge"], []).pages["Killed merge"].revision
    edit_as(wiki, wiki.reader_user, "Killed merge", paragraphs(first="A person's first paragraph."))
    ours = paragraphs(final="Our last paragraph.")
    summary = STAMP.summary("articles/x/en.md", base)
    session.write(action="edit", title="Killed merge", text=ours, summary=summary, baserevid=base, nocreate=1)
    assert "A person's first" in last(wiki, "Killed merge")["text"]
    assert outcomes(publish(wiki, site_of(page("Killed merge", ours)))) == {"Killed merge": "conflict"}
    assert "A person's first" in last(wiki, "Killed merge")["text"]


def test_files_are_uploaded_once_and_replaced_when_their_bytes_differ(wiki) -> None:
    def shade(value: int) -> Rendered:
        return site_of(files=(file("Shade (en).png", picture(value)),))

    title = "File:Shade (en).png"
    assert outcomes(publish(wiki, shade(10))) == {title: "uploaded"}
    assert outcomes(publish(wiki, shade(10))) == {title: "unchanged"}
    time.sleep(1.1)  # MediaWiki orders a file's versions by the second
    assert outcomes(publish(wiki, shade(20))) == {title: "uploaded"}
    time.sleep(1.1)
    assert outcomes(publish(wiki, shade(10))) == {title: "uploaded"}, "back to bytes of before"
    assert last(wiki, title)["text"] == "A picture."


def test_a_person_s_file_is_never_overwritten(wiki) -> None:
    upload_as(wiki, wiki.admin_user, "Theirs.png", picture(30))
    assert outcomes(publish(wiki, site_of(files=(file("Theirs.png", picture(40)),)))) == {"File:Theirs.png": "conflict"}
    assert outcomes(publish(wiki, site_of(files=(file("Theirs.png", picture(30)),)))) == {"File:Theirs.png": "adopted"}


@pytest.mark.parametrize("existed", [False, True])
def test_a_file_that_a_person_uploads_after_the_plan_is_a_conflict(existed: bool, wiki) -> None:
    name = f"Late {existed}.png"
    if existed:
        publish(wiki, site_of(files=(file(name, picture(1)),)))
        time.sleep(1.1)
    session = Session(target(wiki))
    wanted = site_of(files=(file(name, picture(2)),))
    stale = plan(wanted, read_live(session, [], [f"File:{name}"]), session.user)
    upload_as(wiki, wiki.admin_user, name, picture(3))
    done = apply(session, stale, STAMP)
    assert outcomes(done) == {f"File:{name}": "conflict"}, done
    assert read_live(session, [], [f"File:{name}"]).files[f"File:{name}"].user == wiki.admin_user


def test_a_picture_that_is_there_under_another_name_is_uploaded_all_the_same(wiki) -> None:
    publish(wiki, site_of(files=(file("Twin one.png", picture(77)),)))
    done = publish(wiki, site_of(files=(file("Twin two.png", picture(77)),)))
    assert outcomes(done) == {"File:Twin two.png": "uploaded"}


def test_a_file_that_is_no_picture_is_refused_and_the_rest_goes_on(wiki) -> None:
    done = publish(wiki, site_of(page("After a bad file"), files=(file("Bad.png", b"<?php echo 1;"),)))
    assert outcomes(done) == {"File:Bad.png": "failed", "After a bad file": "created"}
    assert exit_code(done) == 1


SVG = b"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">%s<rect width="8" height="8" fill="#%02d4d91"/></svg>"""


def takes_svg(wiki: LocalWiki) -> None:
    with (wiki.folder / "LocalSettings.php").open("a") as settings:
        settings.write("$wgFileExtensions[] = 'svg';\n")


def test_an_svg_is_uploaded_where_the_wiki_takes_it_and_replaced_when_it_changes(fresh_wiki) -> None:
    takes_svg(fresh_wiki)
    drawing = file("Drawing (en).svg", SVG % (b"", 10))
    assert outcomes(publish(fresh_wiki, site_of(files=(drawing,)))) == {drawing.title: "uploaded"}
    assert outcomes(publish(fresh_wiki, site_of(files=(drawing,)))) == {drawing.title: "unchanged"}
    time.sleep(1.1)  # MediaWiki orders a file's versions by the second
    other = file("Drawing (en).svg", SVG % (b"", 20))
    assert outcomes(publish(fresh_wiki, site_of(files=(other,)))) == {drawing.title: "uploaded"}
    query = {"titles": drawing.title, "prop": "imageinfo", "iiprop": "mime|sha1", "formatversion": 2}
    (found,) = log_in(fresh_wiki, fresh_wiki.bot_user).api("query", **query)["query"]["pages"]
    assert found["imageinfo"] == [{"mime": "image/svg+xml", "sha1": other.sha1}]


def test_an_svg_with_a_script_is_refused_with_the_wiki_s_reason_and_the_rest_goes_on(fresh_wiki) -> None:
    takes_svg(fresh_wiki)
    scripted = file("Scripted.svg", SVG % (b"<script>alert(1)</script>", 30))
    handled = file("Handled.svg", SVG % (b'<g onclick="alert(1)"/>', 30))
    done = publish(fresh_wiki, site_of(page("After them"), files=(handled, scripted)))
    assert outcomes(done) == {handled.title: "failed", scripted.title: "failed", "After them": "created"}
    notes = [one.note for one in done.having("failed")]
    assert all(note.startswith("the wiki refuses: ") and "(verification-error)" in note for note in notes), notes
    assert exit_code(done) == 1


def test_an_svg_on_a_wiki_that_takes_none_is_said_before_the_first_edit(wiki) -> None:
    drawing = file("Unwanted.svg", SVG % (b"", 10))
    with pytest.raises(WikiError, match=r"takes no \.svg files, such as 'File:Unwanted\.svg'; \$wgFileExtensions"):
        publish(wiki, site_of(page("Before a drawing"), files=(drawing,)))
    assert history(wiki, "Before a drawing") == []


def test_a_page_gets_its_content_language_once(wiki) -> None:
    wanted = site_of(page("Idioma/es", "Hola", language="es"))
    (done,) = publish(wiki, wanted).done
    assert done.language_set
    assert last(wiki, "Idioma/es")["page"]["pagelanguage"] == "es"
    assert exit_code(make_plan(target(wiki), wanted)) == 0
    site = log_in(wiki, wiki.bot_user)
    logged = site.api("query", list="logevents", letype="pagelang", letitle="Idioma/es")["query"]["logevents"]
    assert len(logged) == 1


def test_the_other_languages_of_a_new_page_are_refreshed(wiki) -> None:
    english = page("Fresh", "{{#ifexist:Fresh/es|there is one|there is none}}", language="en")
    publish(wiki, site_of(english))
    site = log_in(wiki, wiki.bot_user)

    def shown() -> str:
        return site.api("parse", page="Fresh", prop="text", formatversion=2)["parse"]["text"]

    assert "there is none" in shown()
    with proxy_before(wiki.url) as proxy:
        there = parse(proxy.url, wiki.bot_user, wiki.bot_password)
        deploy(there, site_of(english, page("Fresh/es", "Hola", language="es")), commit="")
        assert proxy.actions().count("purge") == 1
    assert "there is one" in shown()


def test_interface_pages_are_published_only_when_asked_for(wiki) -> None:
    css = Page("MediaWiki:Gadget-trial.css", "interface", "a { color: red }", "", "templates/x")
    assert outcomes(publish(wiki, site_of(css))) == {}
    assert outcomes(publish(wiki, site_of(css), interface=True)) == {css.title: "created"}


def test_a_page_that_the_wiki_does_not_take_is_reported_and_the_rest_goes_on(wiki) -> None:
    admin = log_in(wiki, wiki.admin_user)
    admin.api("protect", title="Protected", protections="create=sysop", token=admin.get_token("csrf"))
    broken = Page("Module:Broken", "module", "return {", "", "templates/x")
    done = publish(wiki, site_of(broken, page("Protected"), page("Unprotected")))
    assert outcomes(done) == {"Module:Broken": "failed", "Protected": "failed", "Unprotected": "created"}
    assert "protected" in done.done[1].note.lower()
    assert exit_code(done) == 1


def test_a_text_that_the_wiki_stores_in_another_form_is_reported(wiki) -> None:
    done = publish(wiki, site_of(page("Signed", "words ~~~~")))
    assert outcomes(done) == {"Signed": "failed"}
    assert "stored another text" in done.done[0].note


def test_a_second_deploy_makes_no_edit_and_one_request_for_each_fifty_pages(fresh_wiki) -> None:
    wiki = fresh_wiki
    pages = tuple(page(f"Many {number:03}") for number in range(110))
    files = tuple(file(f"Many {number}.png", picture(100 + number)) for number in range(10))
    publish(wiki, site_of(*pages, files=files))
    with proxy_before(wiki.url) as proxy:
        again = deploy(parse(proxy.url, wiki.bot_user, wiki.bot_password), site_of(*pages, files=files), commit="x")
        assert set(outcomes(again).values()) == {"unchanged"}
        # A token, the login, and all pages: a bot may ask for five hundred at once.
        assert proxy.actions() == ["query", "login", "query"]
        assert all("Marovi/" in request.agent for request in proxy.requests)
    limited = parse(wiki.url, f"{wiki.reader_user}@small", bot_password(wiki, "small", "basic", "editpage"))
    for fewer, reads in ((40, 1), (110, 1 + 3)):  # above fifty, one more to learn that five hundred is too many
        with proxy_before(wiki.url) as proxy:
            make_plan(parse(proxy.url, limited.user, limited.password), site_of(*pages[:fewer], files=files))
            assert proxy.actions() == ["query", "login", *["query"] * reads]
            # What changes nothing costs a read for each batch, and two more at most.
            assert proxy.actions().count("query") <= math.ceil((fewer + len(files)) / 50) + 2


def bot_password(wiki: LocalWiki, app: str, *grants: str) -> str:
    """Give the reader a bot password with these grants, through MediaWiki's own script."""
    from pipeline.wiki.php import run_script
    from pipeline.wiki.tools import MEDIAWIKI

    password = "0123456789abcdefghijklmnopqrstuv"
    script = MEDIAWIKI / "maintenance/createBotPassword.php"
    words = [f"--appid={app}", f"--grants={','.join(grants)}", wiki.reader_user, password]
    run_script(wiki.folder / "LocalSettings.php", script, *words)
    return password


def site_for_killing() -> Rendered:
    pages = [page(f"Kill {number:02}", f"text {number}", language="es" if number % 2 else "") for number in range(24)]
    pages += [page("Template:Kill", "template", "template"), page("Category:Kill", "a category", "category")]
    files = (file("Kill (en).png", picture(5)), file("Kill (es).png", picture(6)))
    return Rendered(tuple(sorted(pages, key=lambda one: (KINDS.index(one.kind), one.title))), files)


KILLED = """
import sys
from pathlib import Path
from pipeline.deploy import deploy
from pipeline.deploy.target import parse
from pipeline.errors import WikiError
from pipeline.render import manifest
deploy(parse(*sys.argv[2:5], local=True), manifest.read(Path(sys.argv[1])), commit="abc1234",
       progress=lambda done, number, total: print(number, flush=True))
"""


def test_a_deploy_that_is_killed_and_run_again_ends_like_one_clean_run(fresh_wiki, wiki, tmp_path: Path) -> None:
    rendered = site_for_killing()
    manifest.write(rendered, tmp_path)
    words = [str(tmp_path), fresh_wiki.url, fresh_wiki.bot_user, fresh_wiki.bot_password]
    for kill_after in (2, 9, 17):
        with started([sys.executable, "-c", KILLED, *words], stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            next(line for line in running.stdout if int(line) >= kill_after)
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
        time.sleep(0.5)  # a save that was under way ends on the server
    interrupted = make_plan(target(fresh_wiki), rendered)
    assert interrupted.having("create") and interrupted.having("unchanged"), "it was killed in the middle"
    assert exit_code(publish(fresh_wiki, rendered)) == 0
    publish(wiki, rendered)
    for one in [*rendered.pages, *rendered.files]:
        ended, clean = history(fresh_wiki, one.title), history(wiki, one.title)
        assert len(ended) == len(clean) == 1, "an edit was made twice"
        assert (ended[0]["sha1"], ended[0]["text"]) == (clean[0]["sha1"], clean[0]["text"])
        assert ended[0]["page"]["pagelanguage"] == clean[0]["page"]["pagelanguage"]
    titles = [one.title for one in rendered.files]
    ended_files = read_live(Session(target(fresh_wiki)), [], titles).files
    assert {title: ended_files[title].sha1 for title in titles} == {one.title: one.sha1 for one in rendered.files}
    assert exit_code(make_plan(target(fresh_wiki), rendered)) == 0


def test_the_local_wiki_is_the_target_when_none_is_named(fresh_wiki) -> None:
    assert from_environment({}, fresh_wiki.folder).url == fresh_wiki.url
