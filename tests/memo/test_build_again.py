"""A build that remembers gives, after any change, what one that remembers nothing gives: the same bytes or errors."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.build import MEMO, build
from pipeline.check import check
from pipeline.check.rules import STRUCTURE
from pipeline.commits import last_commits, state
from pipeline.config import load
from pipeline.errors import SourceError
from pipeline.memo.building import BuildMemo
from pipeline.read import read_all
from pipeline.render import render
from pipeline.render.hubs.drawing import drawn
from pipeline.render.manifest import layout, text_of
from pipeline.render.site import site_files
from pipeline.run import RunSettings, run
from pipeline.verify import recorded
from tests.project import Project

ALPHA, BETA, SHORT = "articles/alpha/en.md", "articles/beta/en.md", "articles/alpha/summary/en.md"


def seen(root: Path) -> tuple[Any, ...]:
    """What a build gives: every file with its bytes, or what is wrong."""
    try:
        outcome = build(load(root))
    except SourceError as error:
        return error.problems
    folder = root / "build"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return files, outcome.warnings


def anew(project: Project, place: Path) -> tuple[Any, ...]:
    """What a build of the same sources gives where there was none before."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(project.root, place, ignore=shutil.ignore_patterns("build", ".marovi"))
    try:
        return seen(place)
    finally:
        shutil.rmtree(place)


def plainly(project: Project) -> tuple[Any, ...]:
    """What the stages give one after another, without a memo: every file, or what is wrong with the sources."""
    config = load(project.root)
    sources, problems = read_all(config)
    if any(problem.severity == "error" for problem in problems):
        return problems
    found = (*problems, *check(sources, STRUCTURE))
    if any(problem.severity == "error" for problem in found):
        return tuple(sorted(set(found)))
    results = run(tuple(sources.articles.values()), RunSettings.of(config)).results
    shown = {slug: recorded(sources.articles[slug], one) for slug, one in results.items()}
    pictures = drawn(sources, config.state / "pictures")
    head, changed = state(config.root, ("articles", "templates"))
    commits = last_commits(config.root, [f"articles/{slug}" for slug in results])
    clean = {
        slug: commits.get(f"articles/{slug}", "")
        for slug in results
        if not any(name.startswith(f"articles/{slug}/") for name in changed)
    }
    rendered, models = render(sources, shown, clean, pictures)
    rendered = replace(rendered, commit="" if changed else head)
    files = {path: content() for path, _, content in layout(rendered)}
    files["manifest.json"] = text_of(rendered).encode()
    try:
        site = site_files(sources, models, pictures)
    except SourceError as error:
        return tuple(sorted({*found, *error.problems}))
    return files | {f"site/{path}": content for path, content in site.items()}, found


def git(project: Project, *words: str) -> None:
    who = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    subprocess.run(["git", "-C", project.root, *who, *words], check=True, capture_output=True)


def commit(project: Project) -> None:
    if not (project.root / ".git").exists():
        project.write(".gitignore", "build/\n.marovi/\n")
        git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-q", "--allow-empty", "-m", "a change")


def rename(project: Project, old: str, new: str) -> None:
    if (project.root / old).exists():
        (project.root / old).rename(project.root / new)


def delete(project: Project, name: str) -> None:
    path = project.root / name
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def put(project: Project, name: str, old: str, new: str) -> None:
    """Replace words where they are there."""
    path = project.root / name
    if path.is_file():
        project.write(name, path.read_text().replace(old, new, 1))


def copy_summary(project: Project) -> None:
    if (project.root / SHORT).is_file():
        project.write("articles/beta/summary/en.md", (project.root / SHORT).read_text().replace("Alpha", "Beta"))


# Each change comes with one that takes it back, so that a walk through them meets every state from several sides.
CHANGES: dict[str, Callable[[Project], None]] = {
    "prose": lambda p: put(p, ALPHA, "has a", "surely has a"),
    "prose back": lambda p: put(p, ALPHA, "surely has a", "has a"),
    "a line more": lambda p: put(p, ALPHA, "## A part", "Another line.\n\n## A part"),
    "a heading": lambda p: put(p, ALPHA, "## A part", "## A part, renamed"),
    "a heading back": lambda p: put(p, ALPHA, "## A part, renamed", "## A part"),
    "a translated heading": lambda p: put(p, "articles/alpha/es.md", "## Una parte", "## Otra parte"),
    "a title": lambda p: put(p, ALPHA, "title: Alpha", "title: Alpha Two"),
    "the lead": lambda p: put(p, ALPHA, "**Alpha**", "**Alpha Two**"),
    "a title back": lambda p: put(p, ALPHA, "title: Alpha Two", "title: Alpha"),
    "a translated title": lambda p: put(p, "articles/beta/es.md", "title: Beta", "title: La Beta"),
    "a summary": lambda p: put(p, BETA, "summary: About", "summary: All about"),
    "a level": lambda p: put(p, BETA, "difficulty: Introductory", "difficulty: Machine Learning"),
    "a category less": lambda p: put(p, BETA, "[Machine Learning, Introductory]", "[Introductory]"),
    "a domain": lambda p: put(p, "articles/glossary/learning-rate.yaml", "Machine Learning", "Introductory"),
    "a term less": lambda p: put(p, BETA, "{term}`learning rate`", "rate"),
    "a term more": lambda p: put(p, BETA, "has a rate", "has a {term}`learning rate`"),
    "a definition": lambda p: put(p, "articles/glossary/learning-rate.yaml", "How far", "Just how far"),
    "a link in a definition": lambda p: put(p, "articles/glossary/learning-rate.yaml", "a step", "[a step](../alpha/)"),
    "an alias": lambda p: put(p, "articles/glossary/learning-rate.yaml", "[step size]", "[step size, eta]"),
    "a reference": lambda p: put(p, "articles/references.bib", "Comptes Rendus", "Comptes rendus hebdomadaires"),
    "a reference less": lambda p: put(p, BETA, "{cite}`cauchy1847` ", ""),
    "a category": lambda p: put(p, "articles/categories.yaml", "Introductorio", "Para empezar"),
    "a word of ours": lambda p: put(p, "templates/messages/en.yaml", "Glossary", "The glossary"),
    "a planned title": lambda p: put(p, "articles/planned.yaml", "en: Later", "en: Much Later"),
    "a frame": lambda p: put(p, "templates/page/topic.wiki.j2", "{{ body }}", "{{ body }}\n\n<!-- framed -->"),
    "a frame back": lambda p: put(p, "templates/page/topic.wiki.j2", "\n\n<!-- framed -->", ""),
    "a template of the site": lambda p: put(p, "templates/site/base.html.j2", "</body>", "<p></p></body>"),
    "a style": lambda p: put(p, "templates/site/assets/site.css", "{", "{ /* here */"),
    "a picture": lambda p: p.write("articles/alpha/square.png", (p.root / "articles/alpha/square.png").read_bytes()),
    "a picture less": lambda p: delete(p, "articles/beta/square.png"),
    "a formula": lambda p: put(p, ALPHA, "$x^2$", r"$\frac{x}{2}$"),
    "a wrong formula": lambda p: put(p, BETA, "$x^2$", r"$\nosuch$"),
    "a right formula": lambda p: put(p, BETA, r"$\nosuch$", "$x^2$"),
    "a broken head": lambda p: put(p, BETA, "key_points: [One point.]", "key_points: [One point."),
    "a head mended": lambda p: put(p, BETA, "key_points: [One point.\n", "key_points: [One point.]\n"),
    "a translation less": lambda p: delete(p, "articles/beta/es.md"),
    "a summary more": lambda p: copy_summary(p),
    "a summary less": lambda p: delete(p, "articles/alpha/summary"),
    "a translated summary": lambda p: p.write(
        "articles/alpha/summary/es.md", "---\nprovenance: {generated_date: 2026-11-21}\n---\n**Alfa** en breve.\n"
    )
    if (p.root / SHORT).is_file()
    else None,
    "a wrong language": lambda p: p.write("articles/alpha/fr.md", "---\n"),
    "a right language": lambda p: delete(p, "articles/alpha/fr.md"),
    "a topic away": lambda p: rename(p, "articles/beta", "articles/_beta"),
    "a topic back": lambda p: rename(p, "articles/_beta", "articles/beta"),
    "a commit": commit,
}  # fmt: skip


OFTEN = ("prose", "a title", "a term less", "a translation less")  # of every kind, for the quick tests


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name not in OFTEN else name for name in CHANGES]
)
def test_after_one_change_a_build_gives_what_a_first_one_gives(name: str, prose: Project, tmp_path: Path) -> None:
    assert isinstance(seen(prose.root)[0], dict), "the project as it is can be built"
    CHANGES[name](prose)
    assert seen(prose.root) == anew(prose, tmp_path / "anew")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CHANGES if "back" not in name])
def test_after_one_change_a_build_gives_what_the_stages_give(name: str, prose: Project) -> None:
    commit(prose)
    seen(prose.root)
    CHANGES[name](prose)
    found, wanted = seen(prose.root), plainly(prose)
    assert isinstance(found[0], dict) == isinstance(wanted[0], dict)
    if isinstance(wanted[0], dict):
        assert found[0] == wanted[0]
        assert set(wanted[1]) <= set(found[1])
    else:  # the stages alone do not ask whether somebody has looked at the results
        assert set(wanted) == {problem for problem in found if problem.rule != "digits"}


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(names=st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=7))
def test_after_any_changes_a_build_gives_what_a_first_one_gives(
    names: list[str], prose: Project, tmp_path: Path
) -> None:
    place = tmp_path / "walk"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(prose.root, place)
    project = Project(place)
    seen(place)
    for name in names:
        CHANGES[name](project)
        found = seen(place)
    assert found == anew(project, tmp_path / "anew")


def test_a_prose_edit_makes_few_things_anew(prose: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(prose.root)
    made: list[int] = []
    save = BuildMemo.save

    def counted(memo: BuildMemo) -> None:
        made.append(memo.made)
        save(memo)

    monkeypatch.setattr(BuildMemo, "save", counted)
    seen(prose.root)
    put(prose, ALPHA, "has a", "surely has a")
    seen(prose.root)
    shutil.rmtree(prose.root / ".marovi" / MEMO)
    put(prose, ALPHA, "surely has a", "has a")
    seen(prose.root)
    edit, everything = made
    assert edit < everything / 2


def test_what_somebody_changed_in_build_is_put_right(prose: Project) -> None:
    first = seen(prose.root)
    page = prose.root / "build" / "pages" / "Alpha.wiki"
    page.write_text("changed by hand")
    (prose.root / "build" / "pages" / "Other.wiki").write_text("nobody made this")
    (prose.root / "build" / "site" / "en" / "alpha" / "index.html").unlink()
    shutil.rmtree(prose.root / "build" / "site" / "es")
    (prose.root / "build" / "site" / "es").write_text("a file where a folder was")
    assert seen(prose.root) == first


def test_a_damaged_memo_is_thrown_away(prose: Project) -> None:
    first = seen(prose.root)
    for path in (prose.root / ".marovi" / MEMO).glob("answers-*"):
        path.write_bytes(bytes(len(path.read_bytes())))
    put(prose, ALPHA, "has a", "surely has a")
    messages = []
    for _ in range(3):
        try:
            build(load(prose.root))
            break
        except Exception as error:
            messages.append(str(error))
    assert len(messages) <= 1
    put(prose, ALPHA, "surely has a", "has a")
    assert seen(prose.root) == first
