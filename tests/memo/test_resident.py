"""A memo that stays, held against one that begins anew, after the changes that builds are tried with."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build import build
from pipeline.config import load
from pipeline.memo import pages, runs, site
from pipeline.memo.engine import Memo, query
from pipeline.memo.judging import problems_of_reading
from pipeline.memo.resident import GIT, ResidentMemo, _InMemory, keys_of, resident
from pipeline.memo.store import Store
from pipeline.run import RunSettings, run
from tests.memo.test_build_again import CHANGES, commit
from tests.project import Project


def begun(root: Path) -> ResidentMemo:
    """A memo for which nothing was built before."""
    return resident(load(root), "no such folder")


def look(memo: Memo, root: Path) -> Any:
    """Everything that can be seen, or what is wrong."""
    problems = problems_of_reading(memo)
    if any(problem.severity == "error" for problem in problems):
        return problems
    options = RunSettings.of(load(root))
    topics = runs.Runs(memo, options)
    due = topics.due(lambda event: None)
    topics.take(due, run(due, options))
    shown = {site.path_of(*name): site.page(memo, *name).content for name in site.all_names(memo)}
    return problems, shown, [(page.title, page.text) for page in pages.pages(memo)]


def names_below(root: Path) -> dict[str, int]:
    found = (path for path in root.rglob("*") if path.is_file() and ".marovi" not in path.parts)
    return {path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in found}


@pytest.mark.slow
def test_what_it_shows_after_each_change_is_what_one_that_begins_shows(prose: Project) -> None:
    commit(prose)
    memo, before = begun(prose.root), names_below(prose.root)
    look(memo, prose.root)
    for name, change in CHANGES.items():
        change(prose)
        now = names_below(prose.root)
        changed = {file for file in now.keys() | before.keys() if now.get(file) != before.get(file)}
        memo.again({*keys_of(changed), GIT})
        assert look(memo, prose.root) == look(begun(prose.root), prose.root), name
        before = now


def test_what_did_not_change_is_not_looked_at(prose: Project) -> None:
    memo = begun(prose.root)
    look(memo, prose.root)
    memo.made = 0
    memo.again(keys_of(["articles/alpha/en.md"]))
    look(memo, prose.root)
    fleeting = memo.made
    prose.write("articles/alpha/en.md", (prose.root / "articles/alpha/en.md").read_text() + "\nMore.\n")
    memo.again(())
    assert b"More." not in site.page(memo, "topic", "en", "alpha", "").content, "nobody said that it changed"
    memo.again(keys_of(["articles/alpha/en.md"]))
    memo.made = 0
    assert b"More." in site.page(memo, "topic", "en", "alpha", "").content
    assert memo.made < fleeting, "the other page is left alone"


def test_what_it_finds_out_stays_with_it(prose: Project) -> None:
    build(load(prose.root), accept=True)
    state = load(prose.root).state / "memo"
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    memo = resident(load(prose.root), "memo")
    prose.write("articles/alpha/en.md", (prose.root / "articles/alpha/en.md").read_text() + "\nMore.\n")
    look(memo, prose.root)
    memo.again(())
    memo.store.close()
    assert {path.name: path.read_bytes() for path in state.iterdir()} == before


STEPS = st.sampled_from(["put", "ask", "again", "all", "settle"])


@query
def shouted(memo: Memo, name: str) -> str:
    return str(memo.ask(("said", name))).upper()


@query
def louder(memo: Memo, name: str) -> str:
    return shouted(memo, name) + "!"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["put", "ask", "again", "all", "settle"]), st.sampled_from("ab"), st.integers(0, 2))
    )
)
def test_what_was_put_last_is_what_follows(steps: list[tuple[str, str, int]]) -> None:
    """Whatever is put, asked for and doubted between two looks: an answer back to what it once was included."""
    with TemporaryDirectory() as folder:
        memo = ResidentMemo(_InMemory(Store(Path(folder), "")))
        said = {}
        for name in "ab":
            memo.put(("said", name), "none")
            said[name] = "none"
        for step, name, number in steps:
            if step == "put":
                said[name] = f"word {number}"
                memo.put(("said", name), said[name])
            elif step == "again":
                memo.again(())
            elif step == "all":
                memo.again(None)
            elif step == "settle":
                memo.settle()
            else:
                assert louder(memo, name) == said[name].upper() + "!"
        assert [louder(memo, name) for name in "ab"] == [said[name].upper() + "!" for name in "ab"]
