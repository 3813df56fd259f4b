"""When a build lets processes wait for the next one, and how they are ended."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.config import load
from pipeline.errors import ConfigurationError
from pipeline.run.settings import RunSettings


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "ci", "waits"),
    [(True, "", True), (True, "false", True), (True, "true", False), (True, "1", False), (False, "", False)],
)
def test_processes_wait_where_a_person_looks_on(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, ci: str, waits: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(sys, "stderr", _Terminal() if terminal else io.StringIO())
    assert cli._looked_on() == waits


def test_nothing_is_kept_unless_asked_for_and_configured(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.marovi]\nkeep = 30\nkeep_memory = "1 GiB"\n')
    config = load(tmp_path)
    assert RunSettings.of(config).keep is None
    keep = RunSettings.of(config, keep=True).keep
    assert keep is not None and (keep.folder, keep.seconds, keep.bytes) == (tmp_path / ".marovi/keep", 30.0, 2**29)
    project.write_text("[tool.marovi]\nkeep = 0\n")
    assert RunSettings.of(load(tmp_path), keep=True).keep is None
    project.write_text("[tool.marovi]\nkeep = -1\n")
    with pytest.raises(ConfigurationError, match=r"keep = -1 is not understood; give a number of seconds, or 0"):
        load(tmp_path)


def test_stop_says_that_nothing_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.marovi]\n")
    (tmp_path / ".marovi" / "keep" / "first-of-a-dead-server").mkdir(parents=True)
    assert cli.main(["--root", str(tmp_path), "stop"]) == 0
    assert capsys.readouterr().out == "Nothing was waiting.\n"
    assert not list((tmp_path / ".marovi" / "keep").glob("first-*"))
