"""A topic in one page: it has the topic's title, values and figures, and no code of its own."""

from __future__ import annotations

from tests.project import Project

HEAD = "---\nprovenance: {generated_date: 2026-11-21}\n---\n"
ENGLISH = HEAD + "**Tiny Topic** has {glue}`count` lines.\n\n## More\n\nSee [networks](../neural-networks/).\n"
SPANISH = HEAD + "**Tema diminuto** tiene {glue}`count` líneas.\n\n## Más\n\nVéase [redes](../neural-networks/).\n"


def with_summary(project: Project) -> Project:
    project.write("articles/tiny/summary/en.md", ENGLISH)
    project.write("articles/tiny/summary/es.md", SPANISH)
    return project


def test_a_summary_has_a_title_below_its_topics(project: Project) -> None:
    sources, problems = with_summary(project).read()
    assert not problems
    article = sources.articles["tiny"]
    assert article.summary is not None
    assert [page.title for page in article.pages] == ["Tiny Topic", "Tiny Topic/summary"]
    assert list(article.summary.versions) == ["en", "es"]
    assert article.summary.versions["es"].metadata.title == "Tema diminuto"
    assert article.summary.source.metadata.kind == "summary"
    assert not article.summary.source.metadata.summary


def test_a_summary_holds_no_code(project: Project) -> None:
    with_summary(project).add("articles/tiny/summary/en.md", "\n```{code-cell} python\n:label: x\n1\n```\n")
    assert any("summary/en.md:10:1: a summary holds code" in problem for problem in project.problems())


def test_a_summary_has_a_short_head(project: Project) -> None:
    with_summary(project).change("articles/tiny/summary/es.md", "---\nprov", "---\ntitle: Otro\nprov")
    assert any("summary/es.md:2:1" in problem and "title" in problem for problem in project.problems())


def test_a_summary_needs_its_source(project: Project) -> None:
    with_summary(project)
    (project.root / "articles/tiny/summary/en.md").unlink()
    assert any("summary/en.md:1:1: is missing" in problem for problem in project.problems())


def test_a_summary_in_an_unknown_language_is_a_problem(project: Project) -> None:
    with_summary(project).write("articles/tiny/summary/fr.md", ENGLISH)
    assert any("'fr' is not a configured language" in problem for problem in project.problems())


def test_a_summarys_links_are_checked(project: Project) -> None:
    with_summary(project).change("articles/tiny/summary/es.md", "../neural-networks/", "#nada")
    assert any("has the id 'nada'" in problem for problem in project.problems())


def test_a_translated_summary_is_outdated_when_its_source_moved_on(project: Project) -> None:
    stamp = HEAD.replace("---\nprov", "---\ntranslated_from: {'': 000000000000, more: 000000000000}\nprov")
    with_summary(project).change("articles/tiny/summary/es.md", HEAD, stamp.replace("000000000000", "'000000000000'"))
    summary = project.read()[0].articles["tiny"].summary
    assert summary is not None
    assert summary.versions["es"].outdated == ("", "more")
