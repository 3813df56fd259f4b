"""Completion, asked of the shells themselves."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.cli import main, parser
from pipeline.completion import SHELLS, commands_of
from pipeline.diagnostics import codes
from tests.project import Project
from tests.test_commands import commands


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Path:
    assert main(["completion", "bash"]) == 0
    path = tmp_path / "marovi.bash"
    path.write_text(capsys.readouterr().out)
    return path


def completed(script: Path, folder: Path, *words: str) -> set[str]:
    """What bash offers for the last of the words, as after a Tab."""
    ask = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        'complete -p marovi | grep -q -- "-F _marovi" || exit 9; _marovi; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", ask, "bash", str(script), "marovi", *words],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return set(done.stdout.split())


def test_commands_and_options(script: Path, project: Project) -> None:
    assert completed(script, project.root, "") == {*commands(), "--root", "--help"}
    assert completed(script, project.root, "ch") == {"check", "changes"}
    assert completed(script, project.root, "check", "--") >= {"--fix", "--dry-run", "--since", "--json", "--help"}
    assert completed(script, project.root, "check", "--fo") == {"--format"}
    assert completed(script, project.root, "check", "--format", "") == {"text", "github"}
    assert completed(script, project.root, "wiki", "") == {"up", "down", "status"}
    assert completed(script, project.root, "--root", "/", "sche") == {"schema"}


def test_slugs_of_the_project_around_the_folder(script: Path, project: Project) -> None:
    project.write("articles/papers/a-paper/en.md", "x")
    project.write("articles/tiny/summary/en.md", "x")
    inside = project.root / "articles" / "tiny"
    assert completed(script, inside, "check", "") == {"tiny", "a-paper"}
    assert completed(script, inside, "check", "--fix", "ti") == {"tiny"}
    assert completed(script, Path("/"), "check", "") == set()


def test_codes_of_diagnostics(script: Path, project: Project) -> None:
    assert completed(script, project.root, "explain", "") == {*codes(), *codes().values()}
    assert completed(script, project.root, "explain", "M04") == {code for code in codes().values() if code[:3] == "M04"}


def test_files_where_nothing_else_is_known(script: Path, project: Project) -> None:
    (project.root / "plan.json").write_text("")
    assert "plan.json" in completed(script, project.root, "deploy", "pl")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_that_is_here_reads_its_script(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in commands())
    path = tmp_path / "script"
    path.write_text(script)
    if shutil.which(shell):
        subprocess.run([shell, "-n", str(path)], check=True)


def test_no_help_text_leaves_its_quotes() -> None:
    for command in commands_of(parser()):
        texts = [command.says, *(says for _, says, _ in command.options)]
        assert not any(sign in text for text in texts for sign in "'\"`$[]:\\\n")
