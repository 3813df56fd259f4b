"""`marovi explain`, codes in JSON and in annotations, schemas outside a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.annotations import annotation
from pipeline.cli import main
from pipeline.diagnostics.page import pages
from pipeline.errors import Problem, Where
from pipeline.read.yaml_source import SCHEMAS
from pipeline.terminal import width
from tests.project import Project

EN = "articles/tiny/en.md"


@pytest.fixture(autouse=True)
def _outside_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("word", ["M042", "m042", "digits"])
def test_a_page_is_found_by_code_and_by_rule(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", word]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("M042 digits: ") and "## An example" in shown and "--accept" in shown


@pytest.mark.parametrize(
    ("word", "near"), [("digts", "'digits'"), ("M142", "'M042'"), ("Unknown-Rule", "'unknown-role'")]
)
def test_an_unknown_one_names_the_nearest(word: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", word]) == 1
    said = capsys.readouterr().err
    assert f"there is no diagnostic {word!r}" in said and f"did you mean {near}?" in said


def test_without_a_word_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    shown = capsys.readouterr().out
    assert [page.code for page in pages() if f"{page.code}  {page.rule}" not in shown] == []


@pytest.mark.parametrize("columns", ["40", "80"])
def test_pages_fit_the_terminal(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for page in pages():
        main(["explain", page.code])
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("    ")]
    assert max(map(width, lines)) <= int(columns)


def test_explained_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "M042", "--json"]) == 0
    (page,) = json.loads(capsys.readouterr().out)
    assert page["rule"] == "digits" and page["example"]["wrong"] == 'glue("count", 4)'


def test_the_code_is_in_json_and_in_annotations(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.change(EN, "{cite}`", "{cites}`")
    assert main(["--root", str(project.root), "check", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["code"], found["rule"], found["where"]["line"]) == ("M030", "unknown-role", 14)
    assert ",title=M042 digits::" in annotation(Problem(Where("a.md"), "odd", rule="digits"))


def test_schemas_need_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "concept"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"
    assert main(["schema", "--all", str(tmp_path / "schemas")]) == 0
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == {path.name for path in SCHEMAS.glob("*.json")}
    assert main(["schema"]) == 1 and "name one kind of file" in capsys.readouterr().err
