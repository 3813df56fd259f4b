"""What a deployment does when the wiki, the way to it or the bot's account is not as it should be."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipeline.deploy import Deployment, deploy, exit_code, make_plan, show_plan, uploading
from pipeline.deploy.apply import apply
from pipeline.deploy.plan import plan
from pipeline.deploy.read_wiki import read_live
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp
from pipeline.deploy.target import Target, parse
from pipeline.errors import WikiError
from pipeline.render import manifest
from pipeline.render.page import Page, Rendered
from pipeline.wiki import LocalWiki
from tests.deploy.proxy import CUT, Answer, Cut, Proxy, Request, proxy_before
from tests.wiki.people import edit_as, log_in, text_of
from tests.wiki.test_deploy import bot_password, file, history, last, outcomes, page, picture, site_of, upload_as

pytestmark = pytest.mark.wiki
STAMP = Stamp("3f2a91c07b5d", "abc1234")


@pytest.fixture
def proxy(wiki: LocalWiki) -> Iterator[Proxy]:
    with proxy_before(wiki.url) as one:
        yield one


def through(proxy: Proxy, wiki: LocalWiki) -> Target:
    return parse(proxy.url, wiki.bot_user, wiki.bot_password)


def run(proxy: Proxy, wiki: LocalWiki, wanted: Rendered) -> tuple[Deployment, list[float]]:
    """Deploy through the proxy without really waiting; also return the waits."""
    waits: list[float] = []
    session = Session(through(proxy, wiki), sleep=waits.append, jitter=lambda: 0.0, timeout=(5, 20))
    live = read_live(session, [one.title for one in wanted.pages], [one.title for one in wanted.files])
    return apply(session, plan(wanted, live, session.user), STAMP), waits


def once(action: str, happens: Callable[[Request], Answer | Cut | None]) -> Callable[[Request], Answer | Cut | None]:
    """At the first request with this action something happens, and never again."""
    left = [True]

    def before(request: Request) -> Answer | Cut | None:
        if request.parameters.get("action") == action and left:
            left.clear()
            return happens(request)
        return None

    return before


def error(code: str, headers: dict[str, str] | None = None, status: int = 200) -> Answer:
    body = json.dumps({"errors": [{"code": code, "text": f"This is {code}."}]})
    return Answer(status, body.encode(), {"Content-Type": "application/json", **(headers or {})})


def lose_first(action: str) -> Callable[[Request, Answer], Answer | Cut]:
    """The wiki carries the first such request out, and its answer is lost."""
    left = [True]

    def after(request: Request, answer: Answer) -> Answer | Cut:
        if request.parameters.get("action") == action and left:
            left.clear()
            return CUT
        return answer

    return after


def test_a_save_whose_answer_was_lost_is_read_back_and_not_repeated(wiki, proxy) -> None:
    proxy.after = lose_first("edit")
    done, _ = run(proxy, wiki, site_of(page("Lost answer")))
    assert outcomes(done) == {"Lost answer": "created"}
    assert proxy.actions().count("edit") == 1
    (only,) = history(wiki, "Lost answer")
    assert done.done[0].revision == only["revid"]


def test_a_save_that_never_arrived_is_sent_again(wiki, proxy) -> None:
    proxy.before = once("edit", lambda request: CUT)
    done, _ = run(proxy, wiki, site_of(page("Lost request")))
    assert outcomes(done) == {"Lost request": "created"}
    assert len(history(wiki, "Lost request")) == 1


def test_a_merge_whose_answer_was_lost_is_noticed_too(wiki, proxy) -> None:
    def text(first: str, final: str) -> str:
        return "\n\n".join([first, *(f"Paragraph {number}." for number in range(10)), final])

    run(proxy, wiki, site_of(page("Lost merge", text("First.", "Last."))))
    theirs = text("A person's first.", "Last.")
    proxy.before = once("edit", lambda request: edit_as(wiki, wiki.reader_user, "Lost merge", theirs) and None)
    proxy.after = lose_first("edit")
    done, _ = run(proxy, wiki, site_of(page("Lost merge", text("First.", "Our last."))))
    assert outcomes(done) == {"Lost merge": "conflict"}
    assert last(wiki, "Lost merge")["text"] == theirs


def test_an_upload_whose_answer_was_lost_is_read_back(wiki, proxy) -> None:
    proxy.after = lose_first("upload")
    done, _ = run(proxy, wiki, site_of(files=(file("Lost.png", picture(9)),)))
    assert outcomes(done) == {"File:Lost.png": "uploaded"}
    assert proxy.actions().count("upload") == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_page_after_the_save_is_not_taken_for_a_failure(status: int, wiki, proxy) -> None:
    spoiled = lose_first("edit")
    proxy.after = lambda request, answer: Answer(status, b"<html>oops") if spoiled(request, answer) is CUT else answer
    title = f"Error page {status}"
    done, _ = run(proxy, wiki, site_of(page(title)))
    assert outcomes(done) == {title: "created"} and len(history(wiki, title)) == 1


def test_an_answer_that_was_cut_short_is_read_back(wiki, proxy) -> None:
    spoiled = lose_first("edit")
    proxy.after = lambda request, answer: Answer(200, answer.body[:20]) if spoiled(request, answer) is CUT else answer
    done, _ = run(proxy, wiki, site_of(page("Cut short")))
    assert outcomes(done) == {"Cut short": "created"} and len(history(wiki, "Cut short")) == 1


def test_reads_are_repeated_until_they_are_answered(wiki, proxy) -> None:
    left = [CUT, Answer(503, b"", {"Retry-After": "7"}), Answer(200, b"<html>")]

    def before(request: Request) -> Answer | Cut | None:
        return left.pop(0) if left and "titles" in request.parameters else None

    proxy.before = before
    done, waits = run(proxy, wiki, site_of(page("Read again")))
    assert outcomes(done) == {"Read again": "created"}
    assert waits == [1.0, 7.0, 4.0]  # twice as long each time, unless the wiki asks for more


@pytest.mark.parametrize(
    ("answer", "waited"),
    [
        (error("maxlag", {"Retry-After": "5", "X-Database-Lag": "9"}), 5.0),
        (error("ratelimited"), 1.0),
        (error("readonly", status=503), 1.0),
        (Answer(429, b"slow down", {"Retry-After": "9"}), 9.0),
        (Answer(429, b"", {"Retry-After": "soon"}), 1.0),
    ],
    ids=["maxlag", "ratelimited", "readonly", "429", "no time that is known"],
)
def test_it_waits_when_the_wiki_asks_for_it(answer: Answer, waited: float, wiki, proxy, request) -> None:
    title = f"Waited {request.node.callspec.id}"
    proxy.before = once("edit", lambda _: answer)
    done, waits = run(proxy, wiki, site_of(page(title)))
    assert outcomes(done) == {title: "created"}
    assert waits == [waited]
    assert proxy.actions().count("edit") == 2 and len(history(wiki, title)) == 1


def test_it_waits_until_the_time_that_the_wiki_names_also_when_nobody_knows_what_was_done(wiki, proxy) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    proxy.before = once("edit", lambda _: Answer(503, b"", {"Retry-After": until}))
    done, waits = run(proxy, wiki, site_of(page("Waited until a time")))
    assert outcomes(done) == {"Waited until a time": "created"}
    assert len(waits) == 1 and 20 < waits[0] <= 30


def test_every_request_after_the_login_names_lag_and_account(wiki, proxy) -> None:
    run(proxy, wiki, site_of(page("Polite"), files=(file("Polite.png", picture(55)),)))
    later = proxy.requests[proxy.actions().index("login") + 1 :]
    assert [one.method for one in later] == ["POST"] * len(later)
    assert {(one.parameters["maxlag"], one.parameters["assert"]) for one in later} == {("5", "user")}
    (edit,) = (one.parameters for one in later if one.parameters["action"] == "edit")
    assert edit["createonly"] == "1" and edit["bot"] == "1" and edit["md5"] and "basetimestamp" not in edit


@pytest.mark.parametrize("code", ["badtoken", "assertuserfailed"])
def test_a_session_that_ended_is_renewed(code: str, wiki, proxy) -> None:
    proxy.before = once("edit", lambda _: error(code))
    done, _ = run(proxy, wiki, site_of(page(f"Renewed {code}")))
    assert outcomes(done) == {f"Renewed {code}": "created"}
    assert proxy.actions().count("login") == (2 if code == "assertuserfailed" else 1)


def test_a_login_that_is_really_lost_is_renewed(wiki) -> None:
    session = Session(parse(wiki.url, wiki.bot_user, wiki.bot_password))
    live = read_live(session, ["Logged out"], [])
    session.write(action="logout")
    done = apply(session, plan(site_of(page("Logged out")), live, session.user), STAMP)
    assert outcomes(done) == {"Logged out": "created"}
    assert last(wiki, "Logged out")["user"] == session.user


def test_a_blocked_bot_stops_and_says_what_was_done(wiki, proxy) -> None:
    pages = [page(f"Blocked {number}") for number in range(3)]
    edits: list[Request] = []

    def before(request: Request) -> Answer | None:
        if request.parameters.get("action") == "edit":
            edits.append(request)
        return error("blocked") if len(edits) > 1 else None

    proxy.before = before
    done, _ = run(proxy, wiki, site_of(*pages))
    assert outcomes(done) == {"Blocked 0": "created"}
    assert "blocked" in done.stopped and exit_code(done) == 1
    assert len(edits) == 2


def test_a_wiki_that_goes_down_in_the_middle_is_said_after_some_patience(wiki, proxy) -> None:
    proxy.before = lambda request: CUT if request.parameters.get("action") == "edit" or proxy.actions()[-3:].count(
        "edit"
    ) else None  # fmt: skip
    done, waits = run(proxy, wiki, site_of(page("Gone down")))
    assert exit_code(done) == 1 and (done.stopped or done.having("failed"))
    assert sum(waits) < 600
    assert history(wiki, "Gone down") == []


def refusal(target: Target, wanted: Rendered) -> str:
    """The one sentence that publishing ends with before any edit; the secret is nowhere in it or around it."""
    with pytest.raises(WikiError) as refused:
        deploy(target, wanted, commit="x")
    around = "".join(traceback.format_exception(refused.value)) + repr(refused.value.args)
    cause: BaseException | None = refused.value
    while cause is not None:
        around += repr(cause.args)
        cause = cause.__cause__ or cause.__context__
    assert target.password not in around
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_wrong_credentials(wiki) -> None:
    target = replace(parse(wiki.url, wiki.bot_user, wiki.bot_password), password="not-the-password")
    said = refusal(target, site_of(page("Wrong")))
    assert f"does not accept the login of {wiki.bot_user}" in said and "MAROVI_WIKI_PASSWORD" in said
    assert history(wiki, "Wrong") == []


def test_a_wiki_that_is_down() -> None:
    said = refusal(parse("http://127.0.0.1:9/", "Bot@app", "unspoken-word"), site_of(page("Down")))
    assert said.startswith("127.0.0.1:9 cannot be reached: it takes no connection; is the wiki up")


def test_a_host_that_does_not_exist() -> None:
    said = refusal(parse("https://wiki.invalid/", "Bot@app", "unspoken-word"), site_of(page("Nowhere")))
    assert said.startswith("wiki.invalid cannot be reached")


@pytest.mark.parametrize("path", ["/images/", "/nothing/here/"])
def test_something_that_is_no_wiki(path: str, wiki) -> None:
    target = replace(parse(wiki.url, wiki.bot_user, wiki.bot_password), path=path)
    assert "is not where a MediaWiki's api.php is" in refusal(target, site_of(page("No wiki")))


def test_another_program_that_answers_in_json(wiki, proxy) -> None:
    proxy.before = lambda request: Answer(200, b'{"status": "fine"}')
    assert "is not where a MediaWiki's api.php is" in refusal(through(proxy, wiki), site_of(page("Other")))


def test_a_wiki_that_has_moved_gets_no_password(wiki, proxy) -> None:
    proxy.before = lambda request: Answer(308, b"", {"Location": "https://new.example.org/w/api.php?x=1"})
    said = refusal(through(proxy, wiki), site_of(page("Moved")))
    assert "has moved to https://new.example.org/w/;" in said
    assert "login" not in proxy.actions()


def test_a_wiki_that_is_too_old(wiki, proxy) -> None:
    def older(request: Request, answer: Answer) -> Answer:
        return replace(answer, body=answer.body.replace(b"MediaWiki 1.39", b"MediaWiki 1.35"))

    proxy.after = older
    assert "runs MediaWiki 1.35" in refusal(through(proxy, wiki), site_of(page("Old")))


def test_a_wiki_without_the_namespace_of_the_glossary(wiki) -> None:
    target = parse(wiki.url, wiki.bot_user, wiki.bot_password)
    odd = Page("Lexicon:Word", "glossary", "x", "", "")
    assert "has no namespace Lexicon:" in refusal(target, site_of(odd))


def test_an_account_that_may_not_edit_is_told_before_the_first_edit(wiki) -> None:
    target = parse(wiki.url, f"{wiki.reader_user}@reads", bot_password(wiki, "reads", "basic"))
    said = refusal(target, site_of(page("Forbidden")))
    assert (
        "may not do this" in said
        and "it lacks createpage (create, edit, and move pages), edit (edit existing pages);" in said
    )
    assert history(wiki, "Forbidden") == []
    assert make_plan(target, site_of(page("Forbidden"))).having("create")  # to look is allowed


def test_the_usual_folder_is_found_from_the_bare_address(wiki) -> None:
    with proxy_before(wiki.url, folder="/w/") as proxy:
        target = replace(through(proxy, wiki), path="/")
        done = deploy(target, site_of(page("Usual folder")), commit="x")
    assert outcomes(done) == {"Usual folder": "created"}


def command(root: Path, words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "pipeline.cli", "--root", str(root), *words]
    return subprocess.run(words, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def test_the_commands_end_as_documented_and_never_show_the_password(wiki, project, tmp_path: Path) -> None:
    manifest.write(site_of(page("Commanded")), project.root / "build")
    environment = {
        "MAROVI_WIKI_URL": f"{wiki.url}api.php",
        "MAROVI_WIKI_USER": wiki.bot_user,
        "MAROVI_WIKI_PASSWORD": wiki.bot_password,
    }
    planned = command(project.root, ["plan", "--json"], environment)
    published = command(project.root, ["deploy"], environment)
    again = command(project.root, ["plan"], environment)
    edit_as(wiki, wiki.reader_user, "Commanded", "first words")
    conflict = command(project.root, ["plan", "--diff"], environment)
    left_alone = command(project.root, ["deploy", "--json"], environment)
    wrong = command(project.root, ["deploy"], environment | {"MAROVI_WIKI_PASSWORD": "another-secret"})
    assert [planned.returncode, published.returncode, again.returncode] == [2, 0, 0], published.stderr
    assert [conflict.returncode, left_alone.returncode, wrong.returncode] == [3, 3, 1]
    assert json.loads(planned.stdout)["changes"][0]["action"] == "create"
    assert "~ first [-words-]{+text+}" in conflict.stdout
    assert json.loads(left_alone.stdout)["done"][0]["outcome"] == "conflict"
    everything = "".join(done.stdout + done.stderr for done in (planned, published, again, conflict, left_alone, wrong))
    assert wiki.bot_password not in everything and "another-secret" not in everything
    assert "Traceback" not in everything


# --- what the chaos of bench/chaos.py brought up ---------------------------------------------------------------------


def delivered_twice(proxy: Proxy, action: str) -> Callable[[Request], Answer | Cut | None]:
    """The first request with this action reaches the wiki twice; the second answer comes back."""

    def happens(request: Request) -> Answer:
        proxy.forward(request)
        return proxy.forward(request)

    return once(action, happens)


def test_an_update_that_the_wiki_gets_twice_is_one_revision_and_reported_as_made(wiki, proxy) -> None:
    run(proxy, wiki, site_of(page("Twice")))
    proxy.before = delivered_twice(proxy, "edit")
    done, _ = run(proxy, wiki, site_of(page("Twice", "second text")))
    assert outcomes(done) == {"Twice": "updated"}
    newest, _ = history(wiki, "Twice")
    assert done.done[0].revision == newest["revid"]


def test_an_upload_that_the_wiki_gets_twice_is_one_version_and_reported_as_made(wiki, proxy) -> None:
    run(proxy, wiki, site_of(files=(file("Twice.png", picture(11)),)))
    time.sleep(1.1)  # MediaWiki orders a file's versions by the second
    finish = [False]

    def before(request: Request) -> Answer | None:
        if "filekey" in request.parameters and not finish[0]:
            finish[0] = True
            proxy.forward(request)
            return proxy.forward(request)  # what was in the stash is gone by now
        return None

    proxy.before = before
    done, _ = run(proxy, wiki, site_of(files=(file("Twice.png", picture(12)),)))
    assert finish[0]
    assert outcomes(done) == {"File:Twice.png": "uploaded"}


def test_a_merge_that_lands_after_the_bot_looked_is_noticed(wiki, proxy) -> None:
    def text(first: str, final: str) -> str:
        return "\n\n".join([first, *(f"Paragraph {number}." for number in range(10)), final])

    run(proxy, wiki, site_of(page("Late merge", text("First.", "Last."))))
    theirs = text("A person's first.", "Last.")
    edits: list[Request] = []

    def before(request: Request) -> Answer | Cut | None:
        if request.parameters.get("action") == "edit":
            edits.append(request)
            if len(edits) == 1:
                return CUT  # underway for a while
            if len(edits) == 2:
                edit_as(wiki, wiki.reader_user, "Late merge", theirs)
                proxy.forward(edits[0])
        return None

    proxy.before = before
    done, _ = run(proxy, wiki, site_of(page("Late merge", text("First.", "Our last."))))
    assert outcomes(done) == {"Late merge": "conflict"}
    assert last(wiki, "Late merge")["text"] == theirs


def test_a_page_that_an_older_run_of_the_bot_made_in_the_meantime_is_as_wanted(wiki, proxy) -> None:
    def earlier(request: Request) -> None:
        proxy.before = lambda request: None
        assert outcomes(deploy(through(proxy, wiki), site_of(page("Earlier")), commit="x")) == {"Earlier": "created"}

    proxy.before = once("edit", earlier)
    done, _ = run(proxy, wiki, site_of(page("Earlier")))
    assert (outcomes(done), exit_code(done)) == ({"Earlier": "unchanged"}, 0)


def test_an_answer_to_another_question_is_asked_again(wiki, proxy) -> None:
    strange = [Answer(200, b'{"upload": {"result": "Warning"}}')]

    def before(request: Request) -> Answer | None:
        return strange.pop() if strange and "titles" in request.parameters else None

    proxy.before = before
    done, waits = run(proxy, wiki, site_of(page("Another question")))
    assert outcomes(done) == {"Another question": "created"}
    assert waits == [1.0]


# --- files in pieces -------------------------------------------------------------------------------------------------


def noise(seed: int) -> bytes:
    """A picture of some eight thousand bytes."""
    import io

    import numpy
    from PIL import Image

    stream = io.BytesIO()
    pixels = numpy.random.default_rng(seed).integers(0, 256, (50, 50, 3), dtype=numpy.uint8)
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    "lost", ["", "request 1", "request 2", "request 3", "answer 1", "answer 2", "answer 3", "answer 4"]
)
def test_a_large_file_is_sent_in_pieces_whatever_is_lost(lost: str, wiki, proxy, monkeypatch) -> None:
    monkeypatch.setattr(uploading, "PIECE", 3000)
    what, _, number = lost.partition(" ")
    uploads: list[Request] = []

    def before(request: Request) -> Answer | Cut | None:
        if request.parameters.get("action") == "upload":
            uploads.append(request)
            if what == "request" and len(uploads) == int(number):
                return CUT
        return None

    def after(request: Request, answer: Answer) -> Answer | Cut:
        mine = request.parameters.get("action") == "upload" and what == "answer" and len(uploads) == int(number)
        return CUT if mine else answer

    proxy.before, proxy.after = before, after
    name = f"Pieces {lost}.png".replace(" .", ".")
    content = noise(len(lost) + int(number or 0))
    assert 6000 < len(content) < 9000
    done, _ = run(proxy, wiki, site_of(files=(file(name, content),)))
    assert outcomes(done) == {f"File:{name}": "uploaded"}, done
    session = Session(parse(wiki.url, wiki.bot_user, wiki.bot_password))
    assert read_live(session, [], [f"File:{name}"]).files[f"File:{name}"].sha1 == hashlib.sha1(content).hexdigest()
    assert all(len(request.body) < 5000 for request in uploads)
    if not lost:
        assert [request.parameters.get("offset", "") for request in uploads] == ["0", "3000", "6000", ""]


def test_pieces_replace_only_the_bot_s_own_version(wiki, proxy, monkeypatch) -> None:
    monkeypatch.setattr(uploading, "PIECE", 3000)
    upload_as(wiki, wiki.admin_user, "Pieces of somebody.png", noise(71))
    done, _ = run(proxy, wiki, site_of(files=(file("Pieces of somebody.png", noise(72)),)))
    assert outcomes(done) == {"File:Pieces of somebody.png": "conflict"}
    run(proxy, wiki, site_of(files=(file("Pieces of ours.png", noise(73)),)))
    time.sleep(1.1)
    done, _ = run(proxy, wiki, site_of(files=(file("Pieces of ours.png", noise(74)),)))
    assert outcomes(done) == {"File:Pieces of ours.png": "uploaded"}


def test_an_edit_in_the_moment_of_a_deletion_comes_back_though_the_bot_was_killed_then(fresh_wiki) -> None:
    stays = site_of(page("Stays"))
    plain = parse(fresh_wiki.url, fresh_wiki.bot_user, fresh_wiki.bot_password)
    deploy(plain, site_of(page("Stays"), page("Goes"), page("Goes too")), commit="x")
    with proxy_before(fresh_wiki.url) as between:
        dead: list[bool] = []

        def before(request: Request) -> Answer | Cut | None:
            if request.parameters.get("title") == "Goes" and not dead:
                edit_as(fresh_wiki, fresh_wiki.reader_user, "Goes", "a person's words")
                dead.append(True)
                between.forward(request)
            return CUT if dead else None

        between.before = before
        session = Session(through(between, fresh_wiki), sleep=lambda seconds: None)
        live = read_live(session, ["Stays"], [], {"Stays"})
        killed = apply(session, plan(stays, live, session.user, prune=True), STAMP)
    assert killed.stopped and text_of(fresh_wiki, "Goes") is None
    # The next plan says so, and the next deployment heals it, though nothing is to be pruned any more.
    healing = make_plan(plain, stays)
    assert [one.title for one in healing.lost] == ["Goes"] and exit_code(healing) == 2
    assert "bring back  Goes" in show_plan(healing)
    done = deploy(plain, stays, commit="x")
    assert outcomes(done) == {"Goes": "conflict", "Stays": "unchanged"}
    assert text_of(fresh_wiki, "Goes") == "a person's words"
    assert make_plan(plain, stays).lost == ()
    done = deploy(plain, stays, commit="x", prune=True)
    assert outcomes(done) == {"Stays": "unchanged", "Goes too": "deleted"}
    # What an administrator deletes afterwards stays deleted.
    admin = log_in(fresh_wiki, fresh_wiki.admin_user)
    admin.api("delete", "POST", title="Goes", token=admin.get_token("csrf"))
    assert outcomes(deploy(plain, stays, commit="x", prune=True)) == {"Stays": "unchanged"}
    assert text_of(fresh_wiki, "Goes") is None


def test_a_late_request_of_an_older_run_is_no_person_s_edit(wiki, proxy) -> None:
    def text(first: str, final: str) -> str:
        return "\n\n".join([first, *(f"Paragraph {number}." for number in range(10)), final])

    run(proxy, wiki, site_of(page("Older run", text("First.", "Last."))))
    late: list[Request] = []

    def hold(request: Request) -> Answer | Cut | None:
        if request.parameters.get("action") == "edit":
            late.append(request)
            return Answer(200, b'{"errors": [{"code": "blocked", "text": "Not now."}]}')
        return None

    proxy.before = hold
    run(proxy, wiki, site_of(page("Older run", text("First, second version.", "Last."))))
    proxy.before = once("edit", lambda request: proxy.forward(late[0]) and None)
    newer = site_of(page("Older run", text("First.", "Last, third version.")))
    done, _ = run(proxy, wiki, newer)
    assert outcomes(done) == {"Older run": "updated"}
    assert last(wiki, "Older run")["text"] == newer.pages[0].text
    assert exit_code(make_plan(through(proxy, wiki), newer)) == 0


def test_a_bot_that_is_killed_at_such_a_merge_makes_no_conflict_of_it(wiki, proxy) -> None:
    def text(first: str, final: str) -> str:
        return "\n\n".join([first, *(f"Paragraph {number}." for number in range(10)), final])

    title = "Killed at a late merge"
    run(proxy, wiki, site_of(page(title, text("First.", "Last."))))
    late: list[Request] = []

    def hold(request: Request) -> Answer | Cut | None:
        if request.parameters.get("action") == "edit":
            late.append(request)
            return Answer(200, b'{"errors": [{"code": "blocked", "text": "Not now."}]}')
        return None

    proxy.before = hold
    run(proxy, wiki, site_of(page(title, text("First, second version.", "Last."))))
    newer = site_of(page(title, text("First.", "Last, third version.")))
    dead: list[bool] = []

    def die(request: Request) -> Answer | Cut | None:
        if request.parameters.get("action") == "edit":
            if not dead:
                proxy.forward(late[0])
                proxy.forward(request)
            dead.append(True)
        return CUT if dead else None

    proxy.before = die
    run(proxy, wiki, newer)
    assert "second version" in last(wiki, title)["text"] and "third version" in last(wiki, title)["text"]
    proxy.before = lambda request: None
    assert [change.action for change in make_plan(through(proxy, wiki), newer).changes] == ["update"]
    assert outcomes(deploy(through(proxy, wiki), newer, commit="x")) == {title: "updated"}
    assert last(wiki, title)["text"] == newer.pages[0].text
    assert exit_code(make_plan(through(proxy, wiki), newer)) == 0


def test_a_merge_of_the_bot_s_own_runs_with_a_person_s_edit_among_them_stays_a_conflict(wiki, proxy) -> None:
    def text(first: str, middle: str, final: str) -> str:
        return "\n\n".join([first, *["A paragraph."] * 5, middle, *["Another one."] * 5, final])

    title = "Merge of three"
    run(proxy, wiki, site_of(page(title, text("First.", "Middle.", "Last."))))
    session = Session(through(proxy, wiki))
    base = read_live(session, [title], []).pages[title].revision

    def late(words: str) -> None:
        summary = STAMP.summary("articles/x/en.md", base)
        session.write(action="edit", title=title, text=words, summary=summary, baserevid=base, nocreate=1)

    late(text("First, second version.", "Middle.", "Last."))
    theirs = last(wiki, title)["text"].replace("Middle.", "A person's middle.")
    edit_as(wiki, wiki.reader_user, title, theirs)
    ours = text("First.", "Middle.", "Last, third version.")
    late(ours)
    assert "A person's middle" in last(wiki, title)["text"] and "third version" in last(wiki, title)["text"]
    assert outcomes(deploy(through(proxy, wiki), site_of(page(title, ours)), commit="x")) == {title: "conflict"}
