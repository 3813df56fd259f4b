"""A template or module that changed has a higher version than before."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from pipeline.changes.compare import unraised_versions
from pipeline.changes.versions import versioned
from pipeline.cli import main
from pipeline.errors import MaroviError
from tests.project import REPOSITORY, Project

ARTICLE, BOX = "templates/wiki/Template/Article", "templates/wiki/Module/Marovi/box.lua"


@pytest.fixture
def released(project: Project, commit: Callable[[Project], str]) -> Project:
    """A project with the repository's templates, committed."""
    shutil.copytree(REPOSITORY / "templates", project.root / "templates", dirs_exist_ok=True)
    commit(project)
    return project


def said(project: Project) -> list[str]:
    return [f"{problem.where.file}: {problem.message}" for problem in unraised_versions(project.root, "HEAD")]


def test_every_template_and_module_has_a_version() -> None:
    found = versioned(REPOSITORY)
    assert {"Template:Article", "Module:Marovi/box"} <= set(found)
    assert [title for title, one in found.items() if not one.version] == []


def test_nothing_is_said_of_what_did_not_change(released: Project) -> None:
    assert said(released) == []


@pytest.mark.parametrize("file", [f"{ARTICLE}.wiki", BOX])
def test_a_change_under_the_same_version_is_an_error(released: Project, file: str) -> None:
    released.add(file, "\n-- more\n")
    (found,) = unraised_versions(released.root, "HEAD")
    assert "changed, and its version is 2.0 as before" in found.message and "2.1" in found.remedy
    assert found.severity == "error" and (released.root / found.where.file).is_file()
    line = (released.root / found.where.file).read_text().split("\n")[found.where.line - 1]
    assert "2.0" in line


def test_a_change_under_a_higher_version_is_right(released: Project) -> None:
    released.add(BOX, "\n-- more\n")
    released.change(BOX, "-- Version 2.0", "-- Version 2.10")
    released.add(f"{ARTICLE}.wiki", "more")
    released.change(f"{ARTICLE}.yaml", 'version: "2.0"', 'version: "3.0"')
    assert said(released) == []


def test_a_version_that_goes_back_is_an_error_also_without_a_change(
    released: Project, commit: Callable[[Project], str]
) -> None:
    released.change(BOX, "-- Version 2.0", "-- Version 2.10")
    commit(released)
    released.change(BOX, "-- Version 2.10", "-- Version 2.9")
    assert said(released) == [f"{BOX}: Module:Marovi/box went back from version 2.10 to 2.9"]


def test_words_that_describe_a_template_may_change_but_not_its_parameters(released: Project) -> None:
    released.change(f"{ARTICLE}.yaml", "en: The field, in any", "en: The field, given in any")
    assert said(released) == []
    released.change(f"{ARTICLE}.yaml", "  field:\n    type: line", "  field:\n    type: content")
    assert len(said(released)) == 1


def test_a_new_module_needs_a_version(released: Project) -> None:
    released.write("templates/wiki/Module/Marovi/new.lua", "--- New.\nreturn {}\n")
    assert said(released) == ["templates/wiki/Module/Marovi/new.lua: Module:Marovi/new has no version"]


@pytest.mark.slow
def test_check_since_a_revision_says_it(released: Project, capsys: pytest.CaptureFixture[str]) -> None:
    released.add(BOX, "\n-- more\n")
    main(["--root", str(released.root), "check", "--since", "HEAD", "--format", "github"])
    said = capsys.readouterr().out
    assert "::error file=templates/wiki/Module/Marovi/box.lua,line=2,col=1,title=M081 version::" in said


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:articles", ""])
def test_a_revision_that_git_does_not_know_is_said(released: Project, revision: str) -> None:
    with pytest.raises(MaroviError, match="git knows no revision"):
        unraised_versions(released.root, revision)
