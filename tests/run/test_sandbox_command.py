"""`marovi build` says which protections hold cells, and demands them when it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import Outcome
from pipeline.config import Config, load
from pipeline.errors import ConfigurationError
from pipeline.report import show_outcome
from pipeline.run import RunSettings


def project(folder: Path, setting: str) -> Config:
    (folder / "pyproject.toml").write_text(f"[tool.marovi]\n{setting}\n")
    return load(folder)


def test_the_sandbox_is_required_by_the_setting_or_for_one_build(tmp_path: Path) -> None:
    free, strict = project(tmp_path, ""), project(tmp_path, "require_sandbox = true")
    assert not RunSettings.of(free).require_sandbox
    assert RunSettings.of(free, require_sandbox=True).require_sandbox
    assert RunSettings.of(strict).require_sandbox


def test_the_setting_is_true_or_false(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="require_sandbox = 'yes' is not understood; give true or false"):
        project(tmp_path, 'require_sandbox = "yes"')


@pytest.mark.parametrize(
    ("fresh", "sandbox", "said"),
    [
        (True, ("network (seccomp)", "memory"), "sandbox: network (seccomp), memory\n"),
        (True, (), "sandbox: no cell had to run\n"),
        (False, (), ""),
    ],
)
def test_what_held_the_cells_is_said_when_asked(
    fresh: bool, sandbox: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome(fresh=fresh, pages=1, files=0, topics=(), sandbox=sandbox)
    show_outcome(outcome, Config(tmp_path), verbose=True)
    assert capsys.readouterr().err == said
    show_outcome(outcome, Config(tmp_path))
    assert capsys.readouterr().err == ""
