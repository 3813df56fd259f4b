"""The history of a topic's results: which commits changed the digits of one value, newest first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.preview.past import Held, Past, Revision, Words, changes_of, revisions
from tests.preview.remembering import WHO, commit, git

FILE = "articles/x/results.json"


def accept(root: Path, printed: Words, figures: Words | None = None) -> None:
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    output = {"cell": {"stdout": f"{len(printed)}\n", "value": "x"}}
    path.write_text(json.dumps({"printed": printed, "figures": figures or {}, "output": output}))


def values(held: Held) -> Words:
    return held.printed


@pytest.fixture
def told(tmp_path: Path) -> tuple[Path, list[str]]:
    """Four commits: the first results, one that changes a digit, one that changes nothing, one of another file."""
    commits = []
    accept(tmp_path, {"p:.1%": "97.5%", "n": "3"})
    commits.append(commit(tmp_path, "First results"))
    accept(tmp_path, {"p:.1%": "97.6%", "n": "3"})
    commits.append(commit(tmp_path, "Other data: a | b"))
    accept(tmp_path, {"p:.1%": "97.6%", "n": "3", "q": "1"}, {"curve": "ab" * 32})
    commits.append(commit(tmp_path, "A figure"))
    (tmp_path / "articles" / "x" / "en.md").write_text("words")
    commits.append(commit(tmp_path, "Words only"))
    return tmp_path, commits


def test_each_commit_that_changed_digits_is_told_newest_first(told: tuple[Path, list[str]]) -> None:
    root, commits = told
    known = revisions(root, FILE)
    assert [one.commit for one in known.revisions] == [commits[2], commits[1], commits[0]]
    assert known.is_whole
    found = changes_of(known, lambda held: {key: held.printed[key] for key in held.printed if key.startswith("p")})
    assert [(one.commit, one.subject, one.old, one.new) for one in found] == [
        (commits[1], "Other data: a | b", "97.5%", "97.6%"),
        (commits[0], "First results", "", "97.5%"),
    ]
    assert all(len(one.date.split("-")) == 3 for one in found)


def test_what_is_in_no_commit_yet_comes_first(told: tuple[Path, list[str]]) -> None:
    root, _ = told
    found = changes_of(revisions(root, FILE), values, {"p:.1%": "98.0%", "n": "3", "q": "1"})
    assert (found[0].commit, found[0].old, found[0].new) == ("", "97.6%", "98.0%")


def test_another_format_is_one_change_and_only_where_the_digits_are_others() -> None:
    def of(*states: Words) -> list[tuple[str, str, str]]:
        known = Past(tuple(Revision("c", "2026-11-21", "x", Held(state)) for state in states))
        return [(one.what, one.old, one.new) for one in changes_of(known, values)]

    assert of({"p:.2%": "97.55%"}, {"p:.1%": "97.5%"}) == [("p:.2%", "97.5%", "97.55%"), ("p:.1%", "", "97.5%")]
    assert of({"n:d": "3"}, {"n": "3"}) == [("n", "", "3")]
    assert of({"p": "1", "p:.1f": "1.0"}, {"p": "1"}) == [("p", "", "1")]


def test_a_file_that_went_and_came_again_says_so(tmp_path: Path) -> None:
    accept(tmp_path, {"n": "3"})
    commit(tmp_path, "one")
    (tmp_path / FILE).unlink()
    commit(tmp_path, "gone")
    accept(tmp_path, {"n": "4"})
    commit(tmp_path, "again")
    found = changes_of(revisions(tmp_path, FILE), values)
    assert [(one.subject, one.old, one.new) for one in found] == [
        ("again", "", "4"),
        ("gone", "3", ""),
        ("one", "", "3"),
    ]


def test_a_state_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    accept(tmp_path, {"n": "3"})
    commit(tmp_path, "one")
    (tmp_path / FILE).write_text("<<<<<<< not JSON")
    commit(tmp_path, "broken")
    accept(tmp_path, {"n": "4"})
    commit(tmp_path, "mended")
    found = changes_of(revisions(tmp_path, FILE), values)
    assert [(one.subject, one.old, one.new) for one in found] == [("mended", "3", "4"), ("one", "", "3")]


def test_no_more_commits_are_looked_at_than_asked_and_the_oldest_is_no_first_result(
    told: tuple[Path, list[str]],
) -> None:
    root = told[0]
    known = revisions(root, FILE, limit=2)
    assert len(known.revisions) == 2 and not known.is_whole
    assert [one.commit for one in changes_of(known, lambda held: {"n": held.printed["n"]})] == []
    assert revisions(root, FILE, limit=3).is_whole


def test_a_merge_that_decided_has_its_own_state(tmp_path: Path) -> None:
    accept(tmp_path, {"n": "1"})
    commit(tmp_path, "one")
    branch = git(tmp_path, "branch", "--show-current").strip()
    git(tmp_path, "checkout", "-q", "-b", "side")
    accept(tmp_path, {"n": "2"})
    commit(tmp_path, "two")
    git(tmp_path, "checkout", "-q", branch)
    accept(tmp_path, {"n": "3"})
    commit(tmp_path, "three")
    git(
        tmp_path,
        "-c",
        "user.name=T",
        "-c",
        "user.email=t@example.org",
        "merge",
        "-q",
        "-s",
        "ours",
        "--no-commit",
        "side",
    )
    accept(tmp_path, {"n": "4"})
    commit(tmp_path, "both")
    first = changes_of(revisions(tmp_path, FILE), values)[0]
    assert (first.subject, first.new) == ("both", "4")


def test_a_project_inside_a_larger_repository_is_asked_by_its_own_names(tmp_path: Path) -> None:
    accept(tmp_path / "inner", {"n": "3"})
    commit(tmp_path, "one")
    assert len(revisions(tmp_path / "inner", FILE).revisions) == 1


def test_without_a_repository_or_for_an_unknown_file_there_is_no_history(tmp_path: Path) -> None:
    accept(tmp_path, {"n": "3"})
    assert revisions(tmp_path, FILE) == Past()
    assert changes_of(Past(), values, {"n": "3"}) == ()
    (tmp_path / "other").write_text("x")
    git(tmp_path, "init", "-q")
    assert revisions(tmp_path, FILE) == Past()
    git(tmp_path, "add", "other")
    git(tmp_path, *WHO, "commit", "-qm", "x")
    assert revisions(tmp_path, FILE) == Past()
