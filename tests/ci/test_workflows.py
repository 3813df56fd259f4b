"""The workflows: pinned, with least rights, bounded, and each step calls a command that exists.

What an attacker could do with them, zizmor looks at, and their form actionlint: both run in script/test.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.changes.posting import ARTIFACT
from pipeline.cli import parser
from tests.project import REPOSITORY

FOLDER = REPOSITORY / ".github" / "workflows"
FILES = sorted(path.name for path in FOLDER.iterdir())
WRITES = {("comment.yml", "comment"): {"pull-requests"}}  # job -> what it may write
SECRETS = {"plan", "deploy", "report"}  # jobs with a password
WITHOUT_ARTICLE_CODE = {"plan", "deploy", "status"}  # commands that run no cell


def workflow(name: str) -> dict[str, Any]:
    data: dict[Any, Any] = yaml.safe_load((FOLDER / name).read_text())
    return {"on" if key is True else key: value for key, value in data.items()}  # YAML 1.1 takes `on` for true


def jobs(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from workflow(name)["jobs"].items()


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in FILES:
        for job, data in jobs(name):
            for step in data["steps"]:
                yield name, job, step


def commands() -> Iterator[tuple[str, str, list[str]]]:
    for name, job, step in steps():
        for line in step.get("run", "").splitlines():
            yield name, job, shlex.split(line)


def words_of_marovi(words: list[str]) -> list[str]:
    """What script/marovi passes on."""
    words = words[1:]
    while words and words[0] in ("--allow", "--summary"):
        words = words[2:] if words[0] == "--allow" else words[1:]
    return words


def test_there_are_the_workflows_that_the_documentation_names() -> None:
    assert FILES == ["ci.yml", "comment.yml", "deploy.yml", "drift.yml", "gpu.yml"]
    told = (REPOSITORY / "docs/ci.md").read_text()
    assert [name for name in FILES if f"`{name}`" not in told] == []


@pytest.mark.parametrize("name", FILES)
def test_a_workflow_has_no_rights_but_those_of_its_jobs(name: str) -> None:
    assert workflow(name)["permissions"] == {}
    for job, data in jobs(name):
        writes = {right for right, level in data["permissions"].items() if level != "read"}
        assert writes == WRITES.get((name, job), set()), (job, writes)


@pytest.mark.parametrize("name", FILES)
def test_each_workflow_and_job_is_bounded(name: str) -> None:
    assert workflow(name)["concurrency"]["group"]
    assert [job for job, data in jobs(name) if not 0 < data.get("timeout-minutes", 0) <= 120] == []
    assert "pull_request_target" not in workflow(name)["on"]


def test_each_action_is_pinned_to_one_commit_and_says_its_version() -> None:
    pins: dict[str, set[str]] = {}
    for name in FILES:
        for line in (FOLDER / name).read_text().splitlines():
            if "uses:" in line:
                action, pin = re.fullmatch(
                    r"\s*- uses: (actions/[a-z-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line
                ).groups()
                pins.setdefault(action, set()).add(pin)
    assert {"actions/checkout", "actions/setup-python", "actions/upload-artifact"} <= set(pins)
    assert [action for action, found in pins.items() if len(found) > 1] == []


def test_no_checkout_leaves_its_token_behind() -> None:
    checkouts = [step for _, _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts and all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert all("ref" not in step["with"] and "repository" not in step["with"] for step in checkouts)


def test_each_step_runs_a_script_of_ours_without_words_from_outside() -> None:
    found = list(commands())
    assert len(found) > 10
    for name, job, words in found:
        script = REPOSITORY / words[0]
        assert re.fullmatch(r"\./script/[a-z]+", words[0]) and os.access(script, os.X_OK), (name, job, words)
        assert "${{" not in " ".join(words), (name, job, words)


def test_each_marovi_command_of_a_step_is_one_that_the_command_line_takes() -> None:
    found = [(name, words_of_marovi(words)) for name, _, words in commands() if words[0] == "./script/marovi"]
    assert {words[0] for _, words in found} >= {"check", "build", "plan", "deploy", "status"}
    for name, words in found:
        try:
            parser().parse_args(words)
        except SystemExit:
            pytest.fail(f"{name}: marovi {shlex.join(words)} is not understood")


def test_the_other_scripts_get_what_they_take() -> None:
    taken = {
        "./script/setup": r"",
        "./script/test": r"(--quick)?",
        "./script/publish": r"--no-serve",
        "./script/changes": r"HEAD\^1",
        "./script/comment": r"\$RUNNER_TEMP/report/changes\.json",
        "./script/marovi": r".+",
    }
    for name, _, words in commands():
        assert re.fullmatch(taken[words[0]], " ".join(words[1:])), (name, words)


def test_secrets_are_in_protected_environments_in_single_steps_that_run_no_article_code() -> None:
    holding = set()
    for name in FILES:
        for job, data in jobs(name):
            outside = yaml.safe_dump({key: value for key, value in data.items() if key != "steps"})
            assert "secrets." not in outside, (name, job)
            with_secret = [step for step in data["steps"] if "secrets." in yaml.safe_dump(step)]
            if not with_secret:
                continue
            holding.add(job)
            assert data["environment"] in ("wiki", "wiki-plan"), (name, job)
            for step in with_secret:
                assert "secrets." not in yaml.safe_dump({key: value for key, value in step.items() if key != "env"})
            ran = [words for _, one, words in commands() if one == job and _ == name]
            ours = [words_of_marovi(words)[0] for words in ran if words[0] == "./script/marovi"]
            assert {words[0] for words in ran} == {"./script/setup", "./script/marovi"}
            assert set(ours) <= WITHOUT_ARTICLE_CODE and len(ours) == len(with_secret) == 1
    assert holding == SECRETS
    assert workflow("deploy.yml")["jobs"]["deploy"]["environment"] == "wiki"


def test_only_one_job_holds_the_password_that_can_write() -> None:
    writing = [(name, job) for name in FILES for job, data in jobs(name) if data.get("environment") == "wiki"]
    assert writing == [("deploy.yml", "deploy")]
    assert workflow("deploy.yml")["jobs"]["deploy"]["needs"] == "plan"


def test_secrets_are_for_main_alone() -> None:
    assert workflow("deploy.yml")["on"]["push"] == {"branches": ["main"]}
    for name in ("deploy.yml", "drift.yml"):
        assert "pull_request" not in workflow(name)["on"] and "workflow_run" not in workflow(name)["on"]
        first = "plan" if name == "deploy.yml" else "build"
        assert "github.ref == 'refs/heads/main'" in workflow(name)["jobs"][first]["if"]


def test_the_comment_is_made_by_main_from_the_artifact_of_ci() -> None:
    data = workflow("comment.yml")
    assert data["on"] == {"workflow_run": {"workflows": [workflow("ci.yml")["name"]], "types": ["completed"]}}
    job = data["jobs"]["comment"]
    (download,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/download-artifact@")]
    (upload,) = [step for _, _, step in steps() if step.get("with", {}).get("path") == "report/"]
    assert download["with"]["pattern"] == upload["with"]["name"] == ARTIFACT
    assert download["with"]["path"].startswith("${{ runner.temp }}/")
    assert [words[0] for name, _, words in commands() if name == "comment.yml"] == ["./script/comment"]
    assert not any("setup-python" in step.get("uses", "") or "cache" in step.get("uses", "") for step in job["steps"])


def test_what_is_published_was_built_without_a_cache() -> None:
    for name in ("deploy.yml", "drift.yml"):
        text = (FOLDER / name).read_text()
        assert "actions/cache" not in text and "cache:" not in text


def test_no_fork_gets_onto_the_runner_with_the_gpu_which_has_to_have_one() -> None:
    (job,) = workflow("gpu.yml")["jobs"].values()
    assert "self-hosted" in job["runs-on"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    (ran,) = [words_of_marovi(words) for name, _, words in commands() if name == "gpu.yml"]
    assert ran == ["verify", "--devices", "cpu,cuda", "--require", "--dry-run"]  # without a GPU it must not pass
    others = [data["runs-on"] for name in FILES if name != "gpu.yml" for _, data in jobs(name)]
    assert set(others) == {"ubuntu-24.04"}


def test_zizmor_finds_what_it_should(tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "bad.yml").write_text(
        "name: bad\non: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run([zizmor, "--offline", "--quiet", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "template-injection" in done.stdout and "dangerous-triggers" in done.stdout


@pytest.mark.parametrize("path", sorted((REPOSITORY / ".github").rglob("*.y*ml")), ids=lambda path: path.name)
def test_every_file_for_github_is_yaml(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text()), dict)


@pytest.mark.parametrize("name", ["page.yml", "pipeline.yml", "topic.yml"])
def test_a_form_for_issues_has_what_github_asks_for(name: str) -> None:
    form = yaml.safe_load((REPOSITORY / ".github/ISSUE_TEMPLATE" / name).read_text())
    assert form["name"] and form["description"]
    fields = [one["id"] for one in form["body"]]
    assert len(set(fields)) == len(fields)
    assert {one["type"] for one in form["body"]} <= {"input", "textarea"}
    assert all(one["attributes"]["label"] for one in form["body"])
