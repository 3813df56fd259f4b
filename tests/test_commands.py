"""The command as a user types it: exit codes, what is printed where, and that a mistake changes nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import parser
from pipeline.fingerprint import fingerprint_of_outputs, outputs
from tests.project import Project

EN = "articles/tiny/en.md"


def marovi(root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli", "--root", str(root), *words]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def commands() -> list[str]:
    (actions,) = [action for action in parser()._actions if hasattr(action, "choices") and action.choices]
    return sorted(actions.choices)


@pytest.mark.parametrize("name", commands())
def test_each_command_has_help(name: str, project) -> None:
    done = marovi(project.root, name, "--help")
    assert done.returncode == 0 and done.stdout.startswith("usage: marovi")


def test_the_readme_names_each_command() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    assert [name for name in commands() if f"`marovi {name}" not in readme] == []


def test_an_unknown_command_is_a_wrong_use(project) -> None:
    done = marovi(project.root, "biuld")
    assert done.returncode == 64
    assert "error:" in done.stderr and "Traceback" not in done.stderr


def test_outside_a_project_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "check"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "is not inside a Marovi project" in done.stderr


@pytest.mark.slow
def test_check_of_one_topic_shows_what_concerns_it_also_when_another_is_broken(project) -> None:
    project.change(EN, "See [", "See 5 of [")
    project.write("articles/broken/en.md", "no head\n")
    assert "broken/en.md" in marovi(project.root, "check").stderr
    done = marovi(project.root, "check", "tiny")
    assert done.returncode == 1 and "the number 5 is typed" in done.stderr and "broken" not in done.stderr
    done = marovi(project.root, "check", "tny")
    assert done.returncode == 1 and "there is no topic 'tny'; did you mean 'tiny'" in done.stderr


@pytest.mark.slow
def test_check_prints_one_line_a_problem_and_json_for_scripts(project) -> None:
    project.change(EN, "{cite}`cauchy1847`", "{site}`cauchy1847`")
    done = marovi(project.root, "check")
    assert done.returncode == 1
    assert re.search(
        rf"^{EN}:14:44: error: unknown role 'site'; did you mean 'cite'\? \[unknown-role\]$", done.stderr, re.M
    )
    (found,) = json.loads(marovi(project.root, "check", "--json").stdout)
    assert (found["where"]["line"], found["rule"]) == (14, "unknown-role")


def test_a_build_writes_everything_and_the_next_one_is_quick_and_imports_no_torch(whole) -> None:
    first = marovi(whole.root, "build", "--accept")
    assert first.returncode == 0, first.stderr
    assert "cross-checked" in first.stdout
    before = fingerprint_of_outputs(dict(outputs(whole.root / "build")))
    code = (
        "import sys; from pipeline.cli import main\n"
        f"code = main(['--root', {str(whole.root)!r}, 'build'])\n"
        "assert not {'torch', 'matplotlib', 'numpy'} & set(sys.modules), 'a heavy import'\n"
        "sys.exit(code)"
    )
    second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr
    assert "Nothing has changed" in second.stdout
    assert fingerprint_of_outputs(dict(outputs(whole.root / "build"))) == before


def test_two_builds_from_nothing_give_the_same_bytes(whole) -> None:
    def everything() -> dict[str, bytes]:
        build = whole.root / "build"
        return {str(path.relative_to(build)): path.read_bytes() for path in sorted(build.rglob("*")) if path.is_file()}

    assert marovi(whole.root, "build", "--accept").returncode == 0
    once = everything()
    subprocess.run(["rm", "-rf", str(whole.root / "build"), str(whole.root / ".marovi")], check=True)
    assert marovi(whole.root, "build", PYTHONHASHSEED="77").returncode == 0
    assert everything() == once


MISTAKES = {
    "a value that was never glued": (EN, "{glue}`count`", "{glue}`coumt`", "did you mean 'count'?"),
    "a format that does not fit": (EN, "{glue}`count`", "{glue}`count:%Y`", "count"),
    "a claim that does not hold": (EN, 'verify.close("count", 3.0,', 'verify.close("count", 4.0,', "count"),
    "a figure nobody captioned": (EN, 'figure("curve", fig)', 'figure("other", fig)', "other"),
    "a label that is not translated": (EN, 'set_xlabel("step")', 'set_xlabel("stride")', "stride"),
    "a glued NaN": (EN, 'glue("count", 3)', 'glue("count", float("nan"))', "count"),
    "a cell that exits": (EN, 'glue("count", 3)', "import sys; sys.exit()", "exit"),
    "a link to nowhere": (EN, "../neural-networks/", "../neural-nets/", "did you mean 'neural-networks'?"),
    "a template that does not compile": ("templates/page/topic.wiki.j2", "{%", "{% nonsense %}{%", "templates/page/"),
    "a module that does not compile": ("templates/wiki/Module/Glossary.lua", "local", "local local", "templates/wiki/"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_and_nothing_is_written(name: str, built) -> None:
    before = written(built)
    file, old, new, words = MISTAKES[name]
    built.change(file, old, new)
    done = marovi(built.root, "build", "--accept")
    assert done.returncode == 1, done.stdout
    assert words in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert written(built) == before


def written(project: Project) -> tuple[str, bytes]:
    """What tells whether a build wrote anything."""
    files = fingerprint_of_outputs(dict(outputs(project.root / "build")))
    return files, (project.root / "articles/tiny/results.json").read_bytes()


def test_other_digits_fail_until_they_are_accepted(built) -> None:
    built.change(EN, 'glue("count", 3)', 'glue("count", 4)')
    refused = marovi(built.root, "build")
    assert refused.returncode == 1
    assert "3" in refused.stderr and "4" in refused.stderr and "--accept" in refused.stderr
    assert marovi(built.root, "build", "--accept").returncode == 0
    assert "4" in (built.root / "articles/tiny/results.json").read_text()


def test_stamp_refuses_what_is_not_a_translation(project) -> None:
    done = marovi(project.root, "stamp", "tinny", "es")
    assert done.returncode == 1 and "did you mean 'tiny'?" in done.stderr


def test_the_schema_of_each_kind_is_json(project) -> None:
    for kind in ("article", "translation", "concept"):
        assert json.loads(marovi(project.root, "schema", kind).stdout)["type"] == "object"


def test_a_build_older_than_its_sources_is_not_published(built) -> None:
    assert marovi(built.root, "build").returncode == 0
    built.change(EN, "See [the first part]", "Look at [the first part]")
    for command in ("plan", "deploy"):
        done = marovi(built.root, command)
        assert done.returncode == 1 and "build/ is older than the sources; run `marovi build`" in done.stderr


def test_results_that_git_has_cannot_go_missing(built) -> None:
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=built.root, check=True)
    (built.root / "articles/tiny/results.json").unlink()
    done = marovi(built.root, "build")
    assert done.returncode == 1
    assert "articles/tiny/results.json:1:1: error: was deleted, and git has it; restore it" in done.stderr


def test_a_lock_file_of_an_editor_does_not_disturb(built) -> None:
    (built.root / "articles/tiny/.#en.md").symlink_to("somebody@nowhere.1")
    assert marovi(built.root, "build").returncode == 0


def test_a_stamp_that_would_break_the_head_is_refused(project) -> None:
    figures = "{curve: {caption: Una., alt: Sube.}}"
    head = f"{{title: Tema diminuto, summary: Un tema., key_points: [Es pequeño.], figures: {figures}}}"
    text = (project.root / "articles/tiny/es.md").read_text()
    project.write("articles/tiny/es.md", f"---\n{head}\n---\n" + text.split("---\n", 2)[2])
    done = marovi(project.root, "stamp", "tiny", "es")
    assert done.returncode == 1 and "each key of the head on a line of its own" in done.stderr
    assert "translated_from" not in (project.root / "articles/tiny/es.md").read_text()
