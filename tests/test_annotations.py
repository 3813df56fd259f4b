"""Annotations in GitHub's notation, which nothing in a problem can leave; words of others are no commands."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotations import annotate_error, annotation, commands_off, problem_summary, summarize
from pipeline.cli import main
from pipeline.errors import MaroviError, Problem, Where
from tests.project import Project

EN = "articles/tiny/en.md"


def marovi(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a step of a workflow does."""
    command = [sys.executable, "-m", "pipeline.cli", "--root", str(project.root), *words]
    environment = {**os.environ, "GITHUB_ACTIONS": "true"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def read_as_the_runner_does(line: str) -> tuple[str, dict[str, str], str]:
    """Take a workflow command apart as actions/runner does: name, properties, text."""
    head, text = re.fullmatch(r"::([^:\n]*)::([^\n]*)", line).groups()
    name, _, words = head.partition(" ")
    properties = dict(part.split("=", 1) for part in words.split(",")) if words else {}
    for code, sign in (("%3A", ":"), ("%2C", ",")):
        properties = {key: value.replace(code, sign) for key, value in properties.items()}

    def data(value: str) -> str:
        return value.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")

    return name, {key: data(value) for key, value in properties.items()}, data(text)


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    alphabet="::,%=\r\nA0D 25", max_size=30
)


@given(TEXT, TEXT, TEXT, st.integers(1, 10**6))
def test_the_runner_reads_back_what_was_written(file: str, message: str, rule: str, line: int) -> None:
    written = annotation(Problem(Where(file, line, 7), message, rule=rule))
    name, properties, text = read_as_the_runner_does(written)
    assert (name, text) == ("error", message)
    assert properties == {"file": file, "line": str(line), "col": "7", **({"title": rule} if rule else {})}


def test_a_warning_with_remedy_and_code_around_it() -> None:
    problem = Problem(Where("a.md", 3, 4), "odd", "mend it", "rule", "warning", "1 | x\n2 | y\n")
    assert annotation(problem) == "::warning file=a.md,line=3,col=4,title=rule::odd; mend it%0A1 | x%0A2 | y"


def test_an_error_that_is_about_no_file() -> None:
    stream = io.StringIO()
    annotate_error(MaroviError("two\nlines", "do\rthis"), stream)
    assert stream.getvalue() == "::error::two%0Alines; do%0Dthis\n"


def test_while_commands_are_off_only_a_secret_word_turns_them_on() -> None:
    words = []
    for _ in range(2):
        stream = io.StringIO()
        with commands_off(stream):
            stream.write("::error::from a wiki\n")
        first, _, last = stream.getvalue().splitlines()
        token = first.removeprefix("::stop-commands::")
        assert last == f"::{token}::" and len(token) == 32
        words.append(token)
    assert words[0] != words[1]


def test_a_summary_is_added_and_bounded(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    summarize({"GITHUB_STEP_SUMMARY": str(file)}, "one")
    summarize({"GITHUB_STEP_SUMMARY": str(file)}, "x" * 10**7)
    assert file.read_text().startswith("one\nx") and file.stat().st_size < 2**20
    summarize({}, "nowhere")


def test_a_summary_shows_words_of_a_source_as_words() -> None:
    problem = Problem(Where("a.md"), "see @someone | <img src=x>")
    text = problem_summary("check", [problem], [("topic", "what"), ("t", "@a|b")])
    assert "@" not in text and "<img" not in text
    assert [line.count("|") for line in text.splitlines() if line.startswith("|")] == [4, 4, 4, 3, 3, 3]


@pytest.mark.slow
@pytest.mark.parametrize("by_environment", [True, False])
def test_check_annotates_where_github_runs_it_or_when_asked(
    by_environment: bool, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    project.change(EN, "{cite}`cauchy1847`", "{site}`cauchy1847`")
    summary = tmp_path / "summary"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    words = ["--root", str(project.root), "check"]
    if by_environment:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
    else:
        words += ["--format", "github"]
    assert main(words) == 1
    out = capsys.readouterr().out
    assert f"::error file={EN},line=14,col=44,title=M030 unknown-role::unknown role 'site'" in out
    assert "unknown role" in summary.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("words", [("--format", "text"), ("--json",)])
def test_text_and_json_can_be_had_there_too(project: Project, words: tuple[str, ...]) -> None:
    done = marovi(project, "check", *words)
    assert done.returncode == 0 and done.stdout and "::" not in done.stdout


def test_a_build_that_fails_annotates_the_line(project: Project) -> None:
    for name in ("wiki", "page", "site"):
        (project.root / "templates" / name).mkdir()
    project.change(EN, "{cite}`cauchy1847`", "{site}`cauchy1847`")
    done = marovi(project, "build")
    assert done.returncode == 1
    assert f"::error file={EN},line=14,col=44" in done.stdout and "Traceback" not in done.stderr


def test_a_build_that_goes_well_has_its_topics_in_the_summary(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    done = marovi(built, "build")
    assert done.returncode == 0, done.stderr
    assert "::warning file=articles/tiny/es.md,line=" in done.stdout
    assert "| <code>tiny</code> | cross-checked | 1 | 1 | 1 |" in (tmp_path / "summary.md").read_text()
