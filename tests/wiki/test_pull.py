"""A person's edit on a real wiki comes into the sources, is adopted without an edit, and blocks nothing later."""

from __future__ import annotations

import json
import subprocess

import pytest

from pipeline.cli import main
from pipeline.taken_over import read_taken_over
from pipeline.wiki import LocalWiki
from tests.project import Project
from tests.wiki.people import edit_as, text_of
from tests.wiki.test_deploy import history

pytestmark = pytest.mark.wiki
TITLE = "Tiny Topic"
EN = "articles/tiny/en.md"


class Author:
    """Somebody who has the project in git and types commands."""

    def __init__(self, project: Project, wiki: LocalWiki, capsys: pytest.CaptureFixture[str]) -> None:
        self.project, self.wiki, self.capsys = project, wiki, capsys
        self.git("init", "-q")
        (project.root / ".gitignore").write_text("build/\n.marovi/\n")
        self.commit("the sources")
        assert self.marovi("build")[0] == 0
        assert self.marovi("deploy")[0] == 0

    def git(self, *words: str, given: str = "") -> str:
        person = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        command = ["git", "-C", str(self.project.root), *person, *words]
        return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout

    def commit(self, why: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", why)

    def marovi(self, *words: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = main(["--root", str(self.project.root), *words])
        done = self.capsys.readouterr()
        return code, done.out, done.err

    def person_changes(self, *changes: tuple[str, str], title: str = TITLE, user: str = "") -> int:
        text = text_of(self.wiki, title)
        assert text is not None
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return edit_as(self.wiki, user or self.wiki.reader_user, title, text, "better so")

    def source(self, name: str = EN) -> str:
        return (self.project.root / name).read_text()


@pytest.fixture
def author(
    built: Project, fresh_wiki: LocalWiki, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Author:
    for name, value in (
        ("MAROVI_WIKI_URL", f"{fresh_wiki.url}api.php"),
        ("MAROVI_WIKI_USER", fresh_wiki.bot_user),
        ("MAROVI_WIKI_PASSWORD", fresh_wiki.bot_password),
    ):
        monkeypatch.setenv(name, value)
    return Author(built, fresh_wiki, capsys)


def test_an_edit_is_pulled_adopted_and_built_upon(author: Author) -> None:
    revision = author.person_changes(
        ("It is small.", "It is '''very''' small: look."),
        ("== First part ==\n", "Before that, a [https://example.org source] of 1986.\n\n== First part ==\n"),
        ("See [[#First part|the first part]]", "See at first [[#First part|the first part]]"),
    )
    author.person_changes(("How far a step goes.", "How far one step goes."), title="Glossary:Learning rate")
    assert author.marovi("plan")[0] == 3

    code, patch, report = author.marovi("pull")
    assert code == 0 and f"revision {revision}" in report and "not traced (" not in report
    before = author.source()
    author.git("apply", given=patch)
    applied = author.source()
    author.git("checkout", "-q", ".")

    assert author.marovi("pull", "--write")[0] == 0
    assert author.source() == applied != before
    assert 'key_points: ["It is **very** small: look."]' in applied
    assert "\nBefore that, a [source](https://example.org) of {lit}`1986`.\n\n## First part" in applied
    assert "definition: How far one step goes.}" in author.source("articles/glossary/learning-rate.yaml")
    assert {wiki: set(titles) for wiki, titles in read_taken_over(author.project.root).items()} == {
        author.wiki.url: {TITLE, "Glossary:Learning rate"}
    }
    author.commit("what a reader found")

    assert author.marovi("build")[0] == 0
    code, plan, _ = author.marovi("plan", "--json")
    actions = {change["title"]: change["action"] for change in json.loads(plan)["changes"]}
    assert actions[TITLE] == actions["Glossary:Learning rate"] == "adopt"
    assert author.marovi("deploy")[0] == 0
    assert history(author.wiki, TITLE)[0]["revid"] == revision

    author.project.change(EN, "Before that, a", "Long before that, a")
    author.commit("later")
    assert author.marovi("build")[0] == 0
    assert author.marovi("deploy")[0] == 0
    newest, person = history(author.wiki, TITLE)[:2]
    assert "Long before that, a [https://example.org source]" in newest["text"]
    assert person["revid"] == revision
    assert author.marovi("plan")[0] == 0


def test_what_cannot_be_pulled_is_said_and_settled_only_after_a_look(author: Author) -> None:
    author.person_changes(("A topic of 3 lines.", "A fine topic of 4 lines."))
    edit_as(author.wiki, author.wiki.reader_user, "Template:Term", "mine")
    code, patch, report = author.marovi("pull")
    assert code == 3 and "disagrees with the computed value 'count'" in report
    assert "computed 3, Reader wrote 4" in report and "+summary: A fine topic of {glue}`count` lines." in patch
    assert "Template:Term" in report and "no article or glossary concept makes this page" in report

    author.person_changes(("lines.", "rows."), user=author.wiki.admin_user)
    assert author.marovi("pull", "--resolved", TITLE)[0] == 1  # nobody looked at the second edit
    code, out, _ = author.marovi("pull", TITLE, "--write", "--json")
    (number,) = json.loads(out)["pages"][0]["disagreements"]
    assert code == 3 and (number["written"], number["by"]) == ("4", author.wiki.reader_user)
    assert "summary: A fine topic of {glue}`count` rows." in author.source()
    assert read_taken_over(author.project.root) == {}
    author.commit("what can be taken over")
    assert author.marovi("build")[0] == 0
    assert author.marovi("plan")[0] == 3  # the number still stands there

    assert author.marovi("pull", "--resolved", TITLE)[0] == 0
    author.commit("there are three of them")
    assert author.marovi("build")[0] == 0
    author.marovi("deploy")
    text = text_of(author.wiki, TITLE)
    assert text is not None and "A fine topic of 3 rows." in text
    author.person_changes(("rows", "lines"))
    assert author.marovi("plan")[0] == 3  # a later edit is a conflict again
