"""How topics stand: each state comes from what is so, goes when it is mended, and no broken topic hides the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.errors import Problem, Where
from pipeline.memo.engine import Memo
from pipeline.memo.resident import GIT, ResidentMemo, keys_of, resident
from pipeline.memo.texts import page_texts
from pipeline.preview.states import Running, States, TopicState, Work, states
from pipeline.translate.stamping import stamp
from tests.memo.conftest import prose
from tests.preview.remembering import commit, remembered
from tests.project import Project
from tests.read.mutations import broken
from tests.read.test_bad_sources import CASES

__all__ = ["prose", "remembered"]

TODAY = date(2026, 11, 21)
EN, ES = "articles/alpha/en.md", "articles/alpha/es.md"
WRONG = Problem(Where(EN, 20, 1), "NameError: name 'x' is not defined", "", "cell")


def begun(project: Project) -> ResidentMemo:
    """A memo for which nothing was built before and no cell has run."""
    return resident(load(project.root), "no such folder")


def look(memo: Memo, **work: Work) -> States:
    found = states(memo, work, TODAY)
    json.dumps(found.to_json())
    return found


def topic(found: States, slug: str = "alpha") -> TopicState:
    return next(one for one in found.topics if one.slug == slug)


def stamped(project: Project) -> None:
    """Say of all translations that they match their sources."""
    sources, _ = project.read()
    for page in (page for article in sources.articles.values() for page in article.pages):
        if "es" in page.versions:
            file = page.versions["es"].file
            project.write(file, stamp(page, "es", (project.root / file).read_text()))


def translated(project: Project) -> Project:
    """Write what is missing: the summary in Spanish."""
    project.write(
        "articles/alpha/summary/es.md",
        "---\nprovenance: {generated_date: 2026-11-21}\n---\n**Alfa** en breve, con [más](../beta/).\n",
    )
    return project


def test_pages_that_match_their_source_are_clean(prose: Project) -> None:
    stamped(translated(prose))
    found = look(begun(prose))
    alpha = topic(found)
    assert (alpha.state, alpha.title, alpha.area, alpha.problems) == ("clean", "Alpha", "Machine Learning", ())
    assert {language: page.state for language, page in alpha.languages.items()} == {"en": "source", "es": "current"}
    assert (alpha.languages["es"].title, alpha.languages["es"].file) == ("Alfa", ES)
    assert found.counts == {"clean": 2}


def test_a_missing_translation_and_a_missing_summary_are_told_apart(prose: Project) -> None:
    prose.change(ES, "../beta/#una-parte", "../beta/")
    stamped(prose)
    (prose.root / "articles/beta/es.md").unlink()
    found = look(begun(prose))
    assert topic(found, "beta").languages["es"].state == "missing"
    assert topic(found, "alpha").languages["es"].state == "partial"
    assert found.counts == {"missing": 2}


def test_a_section_that_moved_on_is_outdated_since_its_commit(prose: Project) -> None:
    stamped(prose)
    commit(prose.root, "first")
    memo = begun(prose)
    prose.change(EN, "has a {term}", "now has a {term}")
    prose.change(EN, "## A part\n\nSee", "## A part\n\nNow see")
    memo.again({*keys_of([EN]), GIT})
    (lead, part) = topic(look(memo)).languages["es"].sections
    assert (lead.title, lead.anchor, lead.since) == ("", "", 0)
    assert (part.title, part.anchor, part.since) == ("A part", "a-part", 0)
    commit(prose.root, "second")
    memo.again({GIT})
    assert all(one.since and one.since > 1_700_000_000 for one in topic(look(memo)).languages["es"].sections)
    assert topic(look(memo)).state == "outdated"
    stamped(prose)
    memo.again(keys_of([ES, "articles/alpha/summary/es.md"]))
    assert topic(look(memo)).languages["es"].sections == ()


def test_nobody_knows_since_when_without_a_history(prose: Project) -> None:
    stamped(prose)
    prose.change(EN, "has a {term}", "now has a {term}")
    assert [one.since for one in topic(look(begun(prose))).languages["es"].sections] == [None]


def test_marks_wait_for_a_translator(prose: Project) -> None:
    stamped(prose)
    prose.change(ES, "## Una parte\n\n", "## Una parte\n\n% untranslated: write it\n")
    page = topic(look(begun(prose))).languages["es"]
    assert (page.state, page.marks) == ("marked", 1)


def test_an_error_is_at_the_page_that_has_it(prose: Project) -> None:
    prose.change(ES, "{cite}`", "{cites}`")
    found = topic(look(begun(prose)))
    assert found.state == "failing"
    assert {language: page.state for language, page in found.languages.items()} == {"en": "source", "es": "failing"}
    assert [(problem.where.file, problem.rule) for problem in found.problems] == [(ES, "unknown-role")]
    assert found.to_json()["problems"][0]["code"] == "M030"


def test_a_topic_that_cannot_be_read_has_its_row_and_leaves_others_alone(prose: Project) -> None:
    memo = begun(prose)
    before = topic(look(memo), "beta")
    text = (prose.root / EN).read_text()
    prose.write(EN, "---\n: [\n---\nNo head.\n")
    memo.again(keys_of([EN]))
    alpha = topic(look(memo))
    assert (alpha.state, alpha.title) == ("failing", "alpha")
    assert {language: page.state for language, page in alpha.languages.items()} == {"en": "failing", "es": "unread"}
    assert alpha.problems[0].rule == "yaml"
    assert topic(look(memo), "beta").languages == before.languages
    prose.write(EN, text)
    memo.again(keys_of([EN]))
    assert topic(look(memo)).title == "Alpha"


def test_what_all_topics_share_is_told_apart(prose: Project) -> None:
    prose.change("articles/glossary/learning-rate.yaml", "domain: Machine Learning\n", "domain: Nowhere\n")
    found = look(begun(prose))
    assert [problem.where.file for problem in found.problems] == ["articles/glossary/learning-rate.yaml"]
    assert not any(problem in one.problems for one in found.topics for problem in found.problems)


def test_references_count_as_unused_only_where_everything_can_be_read(prose: Project) -> None:
    prose.add("articles/references.bib", "@misc{nobody, author = {X}, title = {Y}, year = {1999}}\n")
    memo = begun(prose)
    assert [problem.rule for problem in look(memo).problems] == ["unused"]
    prose.change(EN, "{cite}`cauchy1847`", "{cites}`cauchy1847`")
    memo.again(keys_of([EN]))
    assert look(memo).problems == ()


@pytest.mark.parametrize(
    ("work", "state"),
    [
        (Work(is_stale=True), "stale"),
        (Work(is_stale=True, running=Running("first", 1, 3)), "running"),
        (Work(running=Running("first", 1, 3, again=True)), "running"),
        (Work(problems=(WRONG,)), "failing"),
        (Work(is_stale=True, problems=(WRONG,)), "failing"),
    ],
)
def test_what_the_engine_does_is_shown(prose: Project, work: Work, state: str) -> None:
    stamped(translated(prose))
    found = look(begun(prose), alpha=work)
    assert (topic(found).state, topic(found).running) == (state, work.running)
    assert topic(found, "beta").state == "clean"
    assert ("failing" in [page.state for page in topic(found).languages.values()]) == (state == "failing")


@pytest.mark.parametrize(
    ("review", "is_due"),
    [
        ("review_state: draft", True),
        ("review_state: reviewed", True),
        ("review_state: reviewed, last_review_date: 2026-11-01", False),
        ("review_state: verified, last_review_date: 2024-01-01", True),
    ],
)
def test_a_review_is_due_for_drafts_and_after_a_year(prose: Project, review: str, is_due: bool) -> None:
    prose.change(EN, "generated_date: 2026-11-21", f"generated_date: 2026-11-21, {review}")
    found = topic(look(begun(prose))).languages["en"].review
    assert found is not None
    assert (found.is_due, found.state in review, found.date in review) == (is_due, True, True)


def test_a_translation_without_a_stamp_is_a_warning(prose: Project) -> None:
    before = (prose.root / ES).read_bytes()
    stamped(translated(prose))
    prose.write(ES, before)
    alpha = topic(look(begun(prose)))
    assert (alpha.state, alpha.languages["es"].state) == ("warned", "unstamped")
    assert [problem.remedy for problem in alpha.problems] == ["when it is complete, run `marovi stamp alpha es`"]


def test_what_browsers_are_told_is_data(prose: Project) -> None:
    found = look(begun(prose)).to_json()
    assert [one["slug"] for one in found["topics"]] == ["alpha", "beta"]
    assert (found["topics"][0]["state"], found["counts"]) == ("missing", {"missing": 1, "warned": 1})


@pytest.mark.parametrize("case", CASES)
def test_every_mistake_has_its_place_in_the_list(project: Project, case: str) -> None:
    file, old, new, start, _ = CASES[case]
    project.change(file, old, new)
    memo = begun(project)
    found = look(memo)
    assert topic(found, "tiny").state == "failing"
    assert any(str(problem).startswith(start) for problem in topic(found, "tiny").problems)
    list(page_texts(memo))


@pytest.mark.parametrize("seed", range(3))
def test_no_mistake_keeps_the_list_or_the_search_from_being_made(prose: Project, seed: int) -> None:
    names = [path.relative_to(prose.root).as_posix() for path in (prose.root / "articles").rglob("*.*")]
    sources = {name: (prose.root / name).read_text() for name in sorted(names) if not name.endswith(".png")}
    memo = begun(prose)
    for one in broken(sources, seed):
        prose.write(one.file, one.content)
        memo.again(keys_of([one.file]))
        assert [row.slug for row in look(memo).topics] == ["alpha", "beta"]
        list(page_texts(memo))
        prose.write(one.file, sources[one.file])
        memo.again(keys_of([one.file]))


def test_digits_are_held_against_those_accepted(built: Project, remembered: Callable[[Path], Memo]) -> None:
    results = built.root / "articles/tiny/results.json"
    accepted = json.loads(results.read_text())
    assert accepted["printed"] == {"count": "3"}
    results.write_text(json.dumps({**accepted, "printed": {"count": "4"}}))
    memo = remembered(built.root)
    tiny = topic(look(memo), "tiny")
    assert (tiny.state, tiny.level) == ("changed", "cross-checked")
    assert tiny.changed == (("value count", "4", "3"),)
    assert {page.state for page in tiny.languages.values()} <= {"source", "unstamped"}
    assert topic(look(memo, tiny=Work(is_stale=True)), "tiny").changed == (), "of cells that changed nothing is known"


def test_results_that_nobody_accepted_yet_are_a_warning(built: Project, remembered: Callable[[Path], Memo]) -> None:
    (built.root / "articles/tiny/results.json").unlink()
    tiny = topic(look(remembered(built.root)), "tiny")
    assert tiny.state == "warned"
    assert "digits" in [problem.rule for problem in tiny.problems]


def test_a_page_that_leads_to_a_topic_that_cannot_be_read_is_still_resolved(prose: Project) -> None:
    prose.write(EN, "---\n: [\n---\nNo head.\n")
    sources = begun(prose).given.sources
    assert sources.topic_title("alpha", "es") == "alpha"
    assert sources.topic_title("later", "es") == "Después"
    assert sources.topic_title("beta", "es") == "Beta"


@pytest.mark.parametrize("held", ["{", "[]", '{"values": 3}'])
def test_a_damaged_results_file_is_wrong_and_no_set_of_other_digits(
    held: str, built: Project, remembered: Callable[[Path], Memo]
) -> None:
    built.write("articles/tiny/results.json", held)
    tiny = topic(look(remembered(built.root)), "tiny")
    (problem,) = (one for one in tiny.problems if one.rule == "digits")
    assert (problem.severity, problem.where.file) == ("error", "articles/tiny/results.json")
    assert (tiny.state, tiny.changed) == ("failing", ())
