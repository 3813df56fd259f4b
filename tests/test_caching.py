"""`marovi cache`: what it holds, and taking out what is damaged, old, or everything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.config import load
from pipeline.errors import ConfigurationError
from pipeline.run.cache import RESULTS
from tests.run.entries import key, stored


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.marovi]\ncache_limit = "100 KiB"\n')
    for number in range(4):
        stored(tmp_path / ".marovi" / "cache", key(number), number, size=20_000)
    return tmp_path


def said(project: Path, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, int]:
    assert main(["--root", str(project), "cache", "--json", *words]) == code
    found: dict[str, int] = json.loads(capsys.readouterr().out)
    return found


def entries(project: Path) -> list[Path]:
    return sorted(path.parent for path in (project / ".marovi/cache/results").glob(f"*/*/*/{RESULTS}"))


def test_it_says_what_there_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(project, capsys)
    assert found["entries"] == 4 and found["size"] > 160_000 and found["limit"] == 102_400
    assert main(["--root", str(project), "cache"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("4 entries, 1") and "KiB of 100 KiB, in " in shown


def test_damaged_entries_are_taken_out_even_when_their_times_say_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(project, capsys, "--check")["damaged"] == 0
    picture = entries(project)[1] / "curve.en.png"
    before = picture.stat()
    picture.write_bytes(picture.read_bytes()[:-1] + b"?")
    os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))
    (entries(project)[2] / RESULTS).write_bytes(b"{}")
    found = said(project, capsys, "--check", code=1)
    assert (found["damaged"], found["entries"]) == (2, 2)
    assert said(project, capsys, "--check")["damaged"] == 0


def test_eviction_goes_down_to_the_limit_and_leaves_what_was_just_used(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(project, capsys, "--evict")["entries"] == 4
    for folder in entries(project)[:3]:
        os.utime(folder / RESULTS, (1, 1))
    found = said(project, capsys, "--evict")
    assert found["evicted"] == 2 and found["size"] <= found["limit"]


def test_clearing_takes_everything(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(project, capsys, "--clear")["entries"] == 0
    assert entries(project) == []
    assert said(project, capsys, "--check", "--evict", "--clear")["entries"] == 0


@pytest.mark.parametrize(
    ("setting", "remedy"),
    [
        ("cache_limit = 5", 'give a size such as "4 GiB"'),
        ('cache_limit = "0 GiB"', 'give a size such as "4 GiB"'),
        ("shared_cache = 5", "give a folder or a URL"),
        ('shared_cache = " s3://x"', "give a folder or a URL"),
    ],
)
def test_a_setting_that_is_none_is_said(setting: str, remedy: str, project: Path) -> None:
    (project / "pyproject.toml").write_text(f"[tool.marovi]\n{setting}\n")
    with pytest.raises(ConfigurationError, match=remedy):
        load(project)
