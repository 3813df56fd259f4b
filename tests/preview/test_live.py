"""The live preview without a browser: what it serves, and what it tells, after files were saved."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from pipeline.config import load
from pipeline.preview.listeners import Listener
from pipeline.preview.live import Live
from pipeline.preview.routes import LiveSource
from pipeline.preview.wiki_choice import WikiChoice
from pipeline.run.keeper import stop_kept
from tests.previewing import NEWTON, previewing, restored, sample, settled, until
from tests.processes import started
from tests.project import Project
from tests.published import REPOSITORY

PAGE = "en/newton-iteration/"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    root = sample(tmp_path_factory.mktemp("live") / "project")
    with previewing(root) as (_, live):
        settled(live)
        yield live


@pytest.fixture
def files(live: Live) -> Iterator[Project]:
    """The project of the preview, as it was before at the end."""
    with restored(live) as project:
        yield project
    until(lambda: b"What remains after a step" in page(live) and not state(live).get("here"))


def page(live: Live, path: str = PAGE) -> bytes:
    shown = live.page(path)
    assert shown is not None
    return shown.content


def shown_digest(live: Live) -> str:
    shown = live.page(PAGE)
    assert shown is not None
    return shown.digest


def state(live: Live, path: str = PAGE) -> Any:
    """What a browser that opens a page now is told of it."""
    listener = live.listen(path, "")
    live.listeners.remove(listener)
    return told(listener, "state")


def told(listener: Listener, name: str) -> Any:
    """The last event of a name that waits for a browser."""
    found = None
    while event := listener.hear(0.01):
        head, _, data = event.decode().partition("\n")
        if head == f"event: {name}":
            found = json.loads(data.removeprefix("data: ").strip())
    return found


def rules(live: Live) -> list[str]:
    return [problem["rule"] for problem in state(live)["here"]]


@pytest.mark.slow
def test_every_page_is_served_and_numbers_say_which_they_are(live: Live) -> None:
    assert b'data-value="steps' in page(live)
    assert b'data-figure="errors"' in page(live, "zh/newton-iteration/")
    for path in ("en/", "es/glossary/", "en/glossary/residual/", "zh/learning-path/", "en/newton-iteration/summary/"):
        assert b'class="live-bar"' in page(live, path)
    assert live.page("en/no-such-topic/") is None


@pytest.mark.slow
def test_a_saved_paragraph_is_told_to_who_looks_at_its_page(live: Live, files: Project) -> None:
    here, there = live.listen(PAGE, ""), live.listen("en/fixed-points/", "")
    told(here, "page"), told(there, "page")
    files.change(NEWTON, "What remains after a step", "All that remains after a step")
    until(lambda: "All that remains after a step" in str(told(here, "page")))
    assert told(there, "page") is None, "the other page did not change"
    live.listeners.remove(here)
    live.listeners.remove(there)


@pytest.mark.slow
def test_only_who_has_the_page_is_told_no_more_than_what_changed(live: Live, files: Project) -> None:
    has_it, has_none = live.listen(PAGE, shown_digest(live)), live.listen(PAGE, "")
    assert told(has_it, "page") is None
    assert told(has_none, "page")["html"] == page(live).decode()
    files.change(NEWTON, "What remains after a step", "All that remains after a step")
    first = until(lambda: told(has_it, "page"))
    ((_, gone, (paragraph,)),) = first["changes"]["spliced"]
    assert gone == 1 and "All that remains" in paragraph and not first["changes"]["moved"]
    assert "html" not in first and "formulas" not in first and first["digest"] == shown_digest(live)
    files.change(NEWTON, "## The step\n", "## The step\n\nOne paragraph more.\n")
    second = until(lambda: told(has_it, "page"))["changes"]
    ((_, gone, (paragraph,)),), ((*_, step),) = second["spliced"], second["moved"]
    assert gone == 0 and "One paragraph more." in paragraph and step == 2
    files.change(NEWTON, "One paragraph more.", "One paragraph more, with $\\frac{1}{2}$.")
    assert str(until(lambda: told(has_it, "page"))["changes"]["spliced"]).count("<math") == 1
    files.change(NEWTON, "## The step\n", "## Each step\n")  # stands above the text, too
    assert until(lambda: told(has_it, "page"))["html"] == page(live).decode()
    for listener in (has_it, has_none):
        live.listeners.remove(listener)


@pytest.mark.slow
def test_a_saved_title_reaches_the_pages_that_lead_there(live: Live, files: Project) -> None:
    files.change(NEWTON, "title: Newton Iteration", "title: The Newton Iteration")
    files.change(NEWTON, "**Newton iteration**", "**The Newton iteration**")
    until(lambda: b"The Newton Iteration" in page(live, "en/"))


@pytest.mark.slow
def test_what_is_wrong_is_told_with_its_line_and_goes_away_when_it_is_mended(live: Live, files: Project) -> None:
    line = (files.root / NEWTON).read_text().split("## The step")[0].count("\n") + 1
    files.change(NEWTON, "## The step", "See {term}`no such thing`.\n\n## The step")
    until(lambda: state(live)["here"])
    (problem,) = state(live)["here"]
    assert (problem["where"]["line"], problem["severity"], problem["where"]["file"]) == (line, "error", NEWTON)
    assert state(live)["topic"]["state"] == "failing"
    assert b"What remains after a step" in page(live)
    files.change(NEWTON, "See {term}`no such thing`.\n\n", "")
    until(lambda: not state(live)["here"])
    assert state(live)["topic"]["state"] != "failing"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Newton Iteration", "title: [Newton Iteration"),  # a head that is no YAML
        ("{glue}`steps:d`", "{glue}`stops:d`"),  # a value that nobody glues
        (":label: newton", ":label: newton iteration"),  # a label that is none
        ("---\ntitle", "--\ntitle"),  # no head at all
    ],
)
def test_a_page_that_breaks_stays_as_it_was_and_says_why(
    live: Live, files: Project, capfd: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    before = page(live)
    listener = live.listen(PAGE, "")  # somebody looks at it all the time
    files.change(NEWTON, old, new)
    until(lambda: state(live)["here"])
    settled(live)
    places = [str(problem["where"]) for problem in state(live)["here"]]
    assert len(places) == len(set(places)), "nothing is said twice"
    live.listeners.remove(listener)
    assert "Traceback" not in capfd.readouterr().err
    assert b"What remains after a step" in page(live)
    assert b"<h1" in page(live, "en/fixed-points/"), "other pages go on"
    files.change(NEWTON, new, old)
    until(lambda: not state(live)["here"])
    assert b"What remains after a step" in before


@pytest.mark.slow
def test_a_changed_cell_runs_and_the_page_shows_what_it_gives(live: Live, files: Project) -> None:
    files.change(NEWTON, 'glue("digits", 12)', 'glue("digits", 13)')
    until(lambda: b'data-value="digits">13<' in page(live), 60)
    until(lambda: b'data-value="digits">13<' in page(live, "es/newton-iteration/"))
    settled(live)
    assert not (files.root / "articles/newton-iteration/results.json").exists(), "nothing is accepted by looking"


@pytest.mark.slow
def test_a_cell_that_fails_says_where_and_the_page_keeps_its_numbers(live: Live, files: Project) -> None:
    files.change(NEWTON, "x, errors = 1.0, []", "x, errors = 1.0, [] / 0")
    until(lambda: state(live)["topic"]["state"] == "failing", 60)
    (problem,) = state(live)["here"]
    assert "TypeError" in problem["message"]
    assert (files.root / NEWTON).read_text().splitlines()[problem["where"]["line"] - 1].startswith("x, errors")
    assert b'data-value="steps' in page(live)


@pytest.mark.slow
def test_a_cell_that_gets_another_name_runs_and_the_page_is_made_all_the_same(
    live: Live, files: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    assert b'data-cell="newton"' in page(live)
    for language in ("es", "zh"):
        files.change(NEWTON.replace("en.md", f"{language}.md"), "{embed} #newton", "{embed} #tangents")
    files.change(NEWTON, ":label: newton", ":label: tangents")
    files.change(NEWTON, "What remains after a step", "What the cell leaves")
    until(lambda: b"What the cell leaves" in page(live))
    assert b'data-cell="tangents"' in page(live) and b'data-value="steps' in page(live)
    settled(live)
    assert b'data-cell="tangents"' in page(live)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
def test_a_picture_that_is_taken_away_is_told_on_its_line_and_a_new_one_is_shown(
    live: Live, files: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = "articles/newton-iteration/photo.png"
    files.write(picture, (REPOSITORY / "docs/images/origin.png").read_bytes())
    files.change(NEWTON, "## The step\n", "![A photo](photo.png)\n\n## The step\n")
    until(lambda: b"photo.png?v=" in page(live))
    before = page(live)
    listener = live.listen(PAGE, "")
    files.write(picture, (REPOSITORY / "docs/images/beside.png").read_bytes())
    until(lambda: b"photo.png?v=" in page(live) and page(live) != before)
    (files.root / picture).unlink()
    until(lambda: [problem["rule"] for problem in state(live)["here"]] == ["image"])
    live.listeners.remove(listener)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
def test_results_that_cannot_be_read_are_told_on_the_pages_that_show_them(live: Live, files: Project) -> None:
    results = "articles/newton-iteration/results.json"
    listener = live.listen(PAGE, "")
    files.write(results, "{")
    until(lambda: [problem["where"]["file"] for problem in state(live)["here"]] == [results])
    (files.root / results).unlink()
    until(lambda: not state(live)["here"])
    live.listeners.remove(listener)


@pytest.mark.slow
def test_cells_that_somebody_looks_at_run_while_their_page_is_made(
    live: Live, files: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.preview.live.BEGINNING", 60)
    new = f"slept_{time.time_ns()}"  # what ran once lies in the cache
    monkeypatch.setattr(live, "_tell_pages", lambda: told.append((new.encode() in page(live), live._cells.work)))
    told: list[Any] = []
    listener = live.listen(PAGE, "")
    files.change(NEWTON, "x, errors = 1.0, []", f"import time; {new} = time.sleep(2)\nx, errors = 1.0, []")
    is_shown, work = until(lambda: told)[0]
    assert is_shown and work["newton-iteration"].running is not None, "it ran before anybody was told of the new text"
    live.listeners.remove(listener)
    monkeypatch.undo()
    settled(live)


@pytest.mark.slow
def test_a_run_that_an_edit_made_needless_is_given_up(live: Live, files: Project) -> None:
    files.change(NEWTON, "x, errors = 1.0, []", "import time; time.sleep(40)\nx, errors = 1.0, []")
    until(lambda: (state(live)["topic"]["running"] or {}).get("number"), 60)
    began = time.monotonic()
    files.change(NEWTON, "import time; time.sleep(40)\n", "")
    settled(live)
    assert time.monotonic() - began < 30


@pytest.mark.slow
def test_who_looks_at_a_page_does_not_wait_for_the_cells_of_other_topics(live: Live, files: Project) -> None:
    text = (files.root / "articles/fixed-points/en.md").read_text()
    slow = [f"slow-points-{number}" for number in range(live.config.workers + 1)]
    for slug in slow:
        own = text.replace("Fixed Points", slug.title()).replace("Fixed points", slug.title())
        marker = "```{code-cell} python\n"
        wait = f"{marker}:label: wait\nimport time; time.sleep(50)\n```\n\n"
        files.write(f"articles/{slug}/en.md", own.replace(marker, wait + marker, 1))
    until(
        lambda: (
            sum(bool(topic.running and topic.running.number) for topic in live.states().topics) >= live.config.workers
        )
    )
    listener = live.listen(PAGE, "")
    files.change(NEWTON, 'glue("digits", 12)', f'glue("digits", {time.time_ns()})')
    until(lambda: b'data-value="digits">12<' not in page(live), 30)
    live.listeners.remove(listener)
    for slug in slow:
        (files.root / f"articles/{slug}/en.md").unlink()
        (files.root / f"articles/{slug}").rmdir()
    until(lambda: live.page(f"en/{slow[-1]}/") is None)


@pytest.mark.slow
def test_a_new_topic_a_new_language_and_a_deleted_one_come_and_go(live: Live, files: Project) -> None:
    text = (files.root / "articles/fixed-points/en.md").read_text()
    files.write(
        "articles/fixed-lines/en.md", text.replace("Fixed Points", "Fixed Lines").replace("Fixed points", "Fixed Lines")
    )
    until(lambda: live.page("en/fixed-lines/") is not None)
    assert any(topic.slug == "fixed-lines" for topic in live.states().topics)
    (files.root / "articles/fixed-lines/en.md").unlink()
    (files.root / "articles/fixed-lines").rmdir()
    until(lambda: live.page("en/fixed-lines/") is None)


@pytest.mark.slow
def test_wrong_settings_are_told_and_the_old_ones_stay(live: Live, files: Project) -> None:
    files.change("pyproject.toml", 'languages = ["en", "es", "zh"]', "languages = 3")
    until(lambda: state(live)["elsewhere"])
    assert state(live)["elsewhere"][0]["where"]["file"] == "pyproject.toml"
    assert b"What remains after a step" in page(live)
    files.change("pyproject.toml", "languages = 3", 'languages = ["en", "es"]')
    until(lambda: live.page("zh/newton-iteration/") is None)
    files.change("pyproject.toml", 'languages = ["en", "es"]', 'languages = ["en", "es", "zh"]')
    until(lambda: live.page("zh/newton-iteration/") is not None)


@pytest.mark.slow
def test_a_template_that_is_wrong_is_told(live: Live, files: Project) -> None:
    files.change("templates/site/topic.html.j2", "{% block main %}", "{% block main %}{{ no.such }}")
    until(lambda: state(live)["here"] or state(live)["elsewhere"])
    files.change("templates/site/topic.html.j2", "{% block main %}{{ no.such }}", "{% block main %}")
    until(lambda: not (state(live)["here"] or state(live)["elsewhere"]))


@pytest.mark.slow
def test_looking_writes_nothing_but_the_cache(live: Live, files: Project) -> None:
    assert not (files.root / "build").exists()
    assert not list((files.root / "articles").glob("**/results.json"))


def test_a_browser_that_reads_nothing_is_let_go() -> None:
    listener = Listener("", "")
    for number in range(2000):
        listener.tell("x", number)
    heard: list[Any] = []
    while (event := listener.hear(0.01)) is not None and len(heard) < 3000:
        heard.append(event)
    assert event is None


def test_what_was_told_is_not_told_again() -> None:
    listener = Listener("", "")
    listener.tell_once("state", 1)
    listener.tell_once("state", 1)
    assert (listener.hear(0.01), listener.hear(0.01)) == (b"event: state\ndata: 1\n\n", b"")


def test_who_tells_can_wait_until_it_is_on_its_way() -> None:
    listener = Listener("", "")
    listener.tell("x", 1)
    began = time.monotonic()
    listener.let_hear(0.05)
    assert time.monotonic() - began >= 0.05, "nobody has heard it"
    threading.Thread(target=lambda: [listener.hear(0.01), listener.hear(0.01)]).start()
    began = time.monotonic()
    listener.let_hear(30)
    assert time.monotonic() - began < 20


def test_line_ends_do_not_end_an_event() -> None:
    listener = Listener("", "")
    listener.tell("page", "one\n\ndata: two\r\u2028three")
    event = listener.hear(0.01)
    assert event is not None
    assert event.count(b"\n") == 3


@pytest.mark.slow
def test_machinery_that_breaks_is_told_at_its_topic(
    live: Live, files: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = time.time_ns()  # nobody has the results of these cells yet
    with monkeypatch.context() as patch:
        patch.setattr("sys.executable", "/nowhere/python")
        files.change(NEWTON, 'glue("digits", 12)', f'glue("digits", {number})')
        until(lambda: "run" in rules(live))
        assert b'data-value="digits">12<' in page(live)
    files.change(NEWTON, f'glue("digits", {number})', 'glue("digits", 16)')
    until(lambda: b'data-value="digits">16<' in page(live))


@pytest.mark.slow
def test_a_fault_of_ours_while_cells_run_is_told_once_and_at_their_topic(
    live: Live, files: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("no cells today")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.preview.cells.run", broken)
        for number in (time.time_ns(), time.time_ns() + 1):
            files.write(
                NEWTON, re.sub(r'glue\("digits", \d+\)', f'glue("digits", {number})', (files.root / NEWTON).read_text())
            )
            until(lambda: any("no cells today" in problem["message"] for problem in state(live)["here"]))
            settled(live)
    assert capsys.readouterr().err.count("ZeroDivisionError: no cells today") == 1


@pytest.mark.slow
def test_a_fault_of_ours_in_the_page_of_what_is_missing_is_told(
    live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("nothing is missing")

    source = LiveSource(live, WikiChoice(live.config, "", {}))
    assert source.missing()
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.memo.site.page", broken)
        assert source.missing() is None and source.missing() is None
    assert capsys.readouterr().err.count("ZeroDivisionError: nothing is missing") == 1


@pytest.mark.slow
def test_a_fault_of_ours_is_told_and_the_preview_goes_on(
    live: Live, files: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("no such luck")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.preview.showing.dressed", broken)
        files.change(NEWTON, "What remains after a step", "What is left after a step")
        until(lambda: "page" in rules(live))
        assert capsys.readouterr().err.count("ZeroDivisionError: no such luck") == 1
    files.change(NEWTON, "What is left after a step", "What remains after every step")
    until(lambda: b"What remains after every step" in page(live))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whatever_ends_it_ends_what_runs(name: str, tmp_path: Path) -> None:
    """The command as a person starts it, ended while a cell runs for ever."""
    root = sample(tmp_path / "project")
    Project(root).change(NEWTON, "x, errors = 1.0, []", "while True: pass\nx, errors = 1.0, []")
    command = [sys.executable, "-m", "pipeline.cli", "--root", str(root), "preview", "--port", "0"]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        address = process.stdout.readline().split()[2]

        def runs() -> bool:
            with urlopen(f"{address}_live/states.json") as answer:
                topics = json.load(answer)["topics"]
            return any(
                (topic["running"] or {}).get("number") for topic in topics if topic["slug"] == "newton-iteration"
            )

        until(runs)
        process.send_signal(getattr(signal, name))
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""
    assert stop_kept(load(root).state / "keep") in (0, 1, 2)
    until(lambda: not running_below(root), 20)


def running_below(root: Path) -> list[str]:
    """The processes that work in a project."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if any(word.startswith(str(root)) for word in words):
                    found.append(" ".join(words))
    return found
