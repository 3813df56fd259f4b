"""Prerequisites that go round in a circle are found, whoever starts."""

from __future__ import annotations

from pipeline.check import check
from pipeline.check.prerequisites import circle, prerequisites
from tests.project import Project


def test_a_circle_is_found() -> None:
    assert circle({"a": ("b",), "b": ("c",), "c": ("a",), "d": ("a",)}) == ("a", "b", "c")
    assert circle({"a": ("b",), "b": (), "c": ("a", "b")}) == ()


def test_a_topic_that_needs_itself_is_a_problem(project: Project) -> None:
    assert not check(project.read()[0], [prerequisites])
    project.change("articles/tiny/en.md", "[neural-networks]", "[tiny]")
    (problem,) = check(project.read()[0], [prerequisites])
    assert str(problem).startswith("articles/tiny/en.md:2:1: the prerequisites go round: tiny → tiny")
