"""Every rule in the code has a page, and every example gives exactly its own diagnostic."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.build import build
from pipeline.check import check
from pipeline.check.accents import accents
from pipeline.check.rules import RULES, RULES_OF_WRITING
from pipeline.check.spelling import spelling
from pipeline.config import load
from pipeline.diagnostics import code_of, codes
from pipeline.diagnostics.page import Example, pages
from pipeline.errors import Problem, SourceError
from pipeline.read import read_all
from pipeline.render.templates import wiki_pages
from pipeline.run import RunSettings, run
from tests.check.test_chinese import TEXT as CHINESE
from tests.diagnostics.collected import rules_in_code
from tests.project import REPOSITORY, Project, complete
from tests.run.test_older_kernels import ran as ran_without
from tests.run.topics import article

PAGES = {page.rule: page for page in pages()}
WORDS = {"spelling", "accent"}
AS_IT_STANDS = {"translation"}  # warnings of the small project, which nobody stamped


def having(*looks: str) -> list[str]:
    return [rule for rule, page in PAGES.items() if page.example and page.example.look in looks]


def in_chinese(project: Project) -> None:
    project.write("pyproject.toml", '[tool.marovi]\nlanguages = ["en", "zh"]\n')
    for name in ("categories.yaml", "planned.yaml"):
        project.change(f"articles/{name}", ", es: ", ", zh: ")
    project.change("articles/glossary/learning-rate.yaml", "es: {term: tasa de aprendizaje", "zh: {term: 学习率")
    (project.root / "templates/messages/es.yaml").rename(project.root / "templates/messages/zh.yaml")
    (project.root / "articles/tiny/es.md").unlink()
    project.write("articles/tiny/zh.md", CHINESE)


def put(project: Project, example: Example, text: str) -> None:
    """Write a text of the example into the project."""
    if not example.in_place_of:
        project.write(example.file, text)
        return
    files = [example.file]
    if example.everywhere:
        files += [
            path.relative_to(project.root).as_posix() for path in (project.root / example.file).parent.glob("*.md")
        ]
    for file in set(files):
        old = (project.root / file).read_bytes().decode()
        assert example.in_place_of in old, f"{example.in_place_of!r} is not in {file}"
        project.write(file, old.replace(example.in_place_of, text))


def found(project: Project, look: str, rule: str) -> set[str]:
    """The rules of the problems that reading, or reading and checking, finds."""
    sources, problems = read_all(load(project.root))
    # Opening a dictionary takes seconds: only where words matter.
    asked = [one for one in (*RULES, *RULES_OF_WRITING) if rule in WORDS or one not in (spelling, accents)]
    if look == "templates":
        try:
            wiki_pages(sources)
        except SourceError as error:
            problems = (*problems, *error.problems)
    elif look == "check" and not any(problem.severity == "error" for problem in problems):
        problems = (*problems, *check(sources, asked))
    return {problem.rule for problem in problems}


def test_every_rule_in_the_code_has_a_page_and_no_page_is_left_over() -> None:
    rules, unclear = rules_in_code()
    assert unclear == [], "the rule of a problem is to be a literal"
    assert {rule: places for rule, places in rules.items() if rule not in codes()} == {}
    assert set(codes()) - set(rules) == set()


def test_no_code_is_given_twice_and_pages_are_named_after_theirs() -> None:
    assert len(set(codes().values())) == len(codes()) == len(PAGES)
    for page in pages():
        assert re.fullmatch(r"M\d{3}", page.code) and code_of(page.rule) == page.code
        assert re.match(r"## What it means\n\n.*\n\n## How to mend it\n\n", page.text, re.DOTALL), page.code
        assert page.says.endswith(".") and (page.example is None) == bool(page.shown_by), page.code


@pytest.mark.parametrize("rule", [rule for rule, page in PAGES.items() if page.shown_by])
def test_what_no_source_can_bring_about_has_a_test_of_its_own(rule: str) -> None:
    file, name = PAGES[rule].shown_by.split("::")
    assert f"def {name}(" in (REPOSITORY / file).read_text()


@pytest.mark.slow
@pytest.mark.parametrize("rule", having("read", "check", "templates"))
def test_an_example_gives_its_diagnostic_and_the_mended_one_nothing(rule: str, project: Project) -> None:
    example = PAGES[rule].example
    assert example is not None
    if example.base == "chinese":
        in_chinese(project)
    if example.look == "templates":
        complete(project)
    before = found(project, example.look, rule)
    if rule not in AS_IT_STANDS:
        assert rule not in before
    if example.wrong is not None:
        put(project, example, example.wrong)
    assert found(project, example.look, rule) - before - set(example.also) - {rule} == set()
    assert rule in found(project, example.look, rule)
    if example.right is not None:
        if example.in_place_of and example.wrong:
            put(project, replace(example, in_place_of=example.wrong), example.right)
        elif example.in_place_of:
            again = Project(project.root / "again")
            if example.base == "chinese":
                in_chinese(again)
            put(again, example, example.right)
            project = again
        else:
            put(project, example, example.right)
        left = found(project, example.look, rule) - set(example.also)
        assert left <= before - {rule}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The rules of the problems of each example of a cell, wrong and right, run side by side."""
    folder = tmp_path_factory.mktemp("cells")
    settings = RunSettings(
        cache=folder / "cache",
        languages=("en",),
        time_limit=60.0,
        memory_limit=300 * 2**20,
        output_limit=10_000,
        workers=2,
        reproduce=True,
    )
    sources = {}
    limited = {}
    for rule in having("run"):
        example = PAGES[rule].example
        assert example and example.wrong and example.right
        for kind, source in (("wrong", example.wrong), ("right", example.right)):
            (limited if example.limit and kind == "wrong" else sources)[f"{rule}-{kind}"] = source
    topics = [article(folder / slug, source) for slug, source in sources.items()]
    problems: Iterable[Problem] = run(topics, settings).problems
    slow = [article(folder / slug, source) for slug, source in limited.items()]
    problems = [*problems, *run(slow, replace(settings, time_limit=1.0)).problems]
    rules: dict[str, set[str]] = {slug: set() for slug in (*sources, *limited)}
    for problem in problems:
        rules[Path(problem.where.file).parent.name].add(problem.rule)
    return rules


@pytest.mark.slow
@pytest.mark.parametrize("rule", having("run"))
def test_a_cell_gives_its_diagnostic_and_the_mended_one_nothing(rule: str, ran: dict[str, set[str]]) -> None:
    assert ran[f"{rule}-wrong"] == {rule}
    assert ran[f"{rule}-right"] == set()


def rules_of_build(project: Project, accept: bool) -> set[str]:
    try:
        outcome = build(load(project.root), accept=accept)
    except SourceError as error:
        return {problem.rule for problem in error.problems}
    return {problem.rule for problem in outcome.warnings}


@pytest.mark.parametrize("rule", having("build", "accepted"))
def test_a_build_gives_its_diagnostic_and_the_mended_one_nothing(rule: str, built: Project) -> None:
    example = PAGES[rule].example
    assert example and example.wrong is not None and example.right is not None
    accept = example.look == "build"
    before = rules_of_build(built, accept)
    put(built, example, example.wrong)
    assert rules_of_build(built, accept) - before - set(example.also) == {rule}
    put(built, replace(example, in_place_of=example.wrong), example.right)
    assert rule not in rules_of_build(built, accept)


@pytest.mark.slow
def test_a_shared_cache_that_is_none(tmp_path: Path) -> None:
    example = PAGES["shared-cache"].example
    assert example and example.wrong
    (tmp_path / "pyproject.toml").write_text(example.wrong)
    place = tmp_path / tomllib.loads(example.wrong)["shared_cache"]
    settings = RunSettings(cache=tmp_path / "cache", languages=("en",), reproduce=False, shared_cache=str(place))
    report = run([article(tmp_path / "one", "x = 1")], settings)
    assert {problem.rule for problem in report.problems} == {"shared-cache"}
    report = run([article(tmp_path / "two", "x = 2")], replace(settings, shared_cache=""))
    assert report.problems == ()


@pytest.mark.slow
def test_where_the_kernel_does_not_bound_threads_they_are_watched(tmp_path: Path) -> None:
    cell = (
        "import threading, time\nfor number in range(300):\n"
        "    threading.Thread(target=time.sleep, args=(20,)).start()\ntime.sleep(20)"
    )
    (message,) = ran_without(tmp_path, "namespaces", sources=[cell])["problems"]
    assert "runs more than 256 threads at once" in message
