"""Folders that cells made to be hard to remove."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.run.removal import remove

DEEP = 3000  # levels: deeper than Python recurses, and a path longer than the system takes


def test_a_folder_that_is_nested_very_deep_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(DEEP):
        os.mkdir("deeper", dir_fd=descriptor)
        inner = os.open("deeper", os.O_RDONLY, dir_fd=descriptor)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=inner))
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    remove(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_rights_is_removed(tmp_path: Path) -> None:
    for path in ("a/b", "a/c"):
        (tmp_path / "folder" / path).mkdir(parents=True)
        (tmp_path / "folder" / path / "file").touch()
    for path in ("a/b", "a", ""):
        (tmp_path / "folder" / path).chmod(0)
    remove(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == []


def test_nothing_behind_a_link_is_removed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "inner").mkdir(parents=True)
    (kept / "inner" / "file").touch()
    kept.chmod(0o755)
    folder = tmp_path / "folder"
    (folder / "a").mkdir(parents=True)
    for place in (folder / "link", folder / "a" / "link"):
        place.symlink_to(kept)
    (folder / "a" / "file-link").symlink_to(kept / "inner" / "file")
    remove(folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "inner", "kept"]
    assert kept.stat().st_mode & 0o777 == 0o755


def test_a_link_in_the_place_of_the_folder_goes_and_nothing_behind_it(tmp_path: Path) -> None:
    """A checkout may have brought it along; nobody else's folder is ours to empty."""
    precious = tmp_path / "precious"
    precious.mkdir(mode=0o755)
    (precious / "kept.txt").write_text("kept")
    (tmp_path / "folder").symlink_to(precious)
    remove(tmp_path / "folder")
    assert (precious / "kept.txt").read_text() == "kept"
    assert precious.stat().st_mode & 0o777 == 0o755
    assert not (tmp_path / "folder").is_symlink()


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path) -> None:
    remove(tmp_path / "missing")
