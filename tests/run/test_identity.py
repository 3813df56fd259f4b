"""What ends a kept server: any change of the code or of what is installed, and nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pipeline.run import identity as module
from pipeline.run.identity import identity


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with both packages and one of libraries."""
    for name in ("pipeline/run/a.py", "runtime/b.py", "runtime/fonts/c.otf", "site-packages/lib/d.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    (tmp_path / "site-packages" / "lib-1.0.dist-info").mkdir()
    monkeypatch.setattr(module, "_CODE", tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site-packages")])
    return tmp_path


@pytest.mark.parametrize("name", ["pipeline/run/a.py", "runtime/b.py", "runtime/fonts/c.otf"])
def test_an_edit_of_the_code_of_the_same_length_and_time_is_noticed(code: Path, name: str) -> None:
    before, times = identity(), (code / name).stat()
    (code / name).write_text("x = 2\n")
    os.utime(code / name, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert identity() != before


def test_new_and_deleted_files_and_libraries_are_noticed(code: Path) -> None:
    seen = {identity()}
    for change in (
        lambda: (code / "runtime" / "new.py").touch(),
        lambda: (code / "runtime" / "b.py").unlink(),
        lambda: (code / "site-packages" / "other").mkdir(),
        lambda: (code / "site-packages" / "lib-1.0.dist-info").rename(code / "site-packages" / "lib-1.1.dist-info"),
        lambda: (code / "runtime" / "broken").symlink_to("nowhere"),
    ):
        change()
        seen.add(identity())
    assert len(seen) == 6


def test_what_python_compiles_is_no_change(code: Path) -> None:
    before = identity()
    for folder in ("runtime/__pycache__", "site-packages/lib/__pycache__"):
        (code / folder).mkdir()
        (code / folder / "b.pyc").touch()
    assert identity() == before
