"""Whatever happens to the bytes of an entry: it is read as it was written, or not at all, and replaced."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.run import cache
from pipeline.run.cache import RESULTS, Entry
from pipeline.run.needs import Present
from tests.run.entries import KEY, nothing, pictures, record, stored

FILES = (RESULTS, "curve.en.png", "curve.es.png")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Entry:
    return stored(tmp_path_factory.mktemp("written"))


@pytest.fixture(scope="module")
def present() -> Iterator[Present]:
    yield nothing()


def copied(entry: Entry, folder: Path) -> Path:
    """A cache with the entry alone; returns the entry's folder."""
    target = cache.folder_of(folder, KEY, entry.needs)
    shutil.copytree(entry.folder, target)
    return target


def test_an_entry_is_read_as_it_was_written(written: Entry, present: Present, tmp_path: Path) -> None:
    copied(written, tmp_path)
    for _ in range(3):  # the second and third time pictures are not read again
        entry = cache.load(tmp_path, KEY, present)
        assert entry is not None and entry.second is not None
        assert list(entry.record["values"]) == ["z", "a"]
        assert {**entry.record, "needs": []} == {**record(), "needs": []}
        assert cache.read_pictures(entry) == pictures()
        assert entry.key == written.key


@given(st.data())
def test_a_changed_byte_anywhere_is_found(written: Entry, present: Present, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    content = bytearray((written.folder / name).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        (copied(written, Path(folder)) / name).write_bytes(content)
        assert cache.load(Path(folder), KEY, present) is None


@given(st.data())
def test_a_file_cut_short_or_with_more_in_it_is_found(written: Entry, present: Present, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    content = (written.folder / name).read_bytes()
    cut = data.draw(st.one_of(st.integers(0, len(content) - 1).map(lambda length: content[:length]),
                              st.binary(min_size=1, max_size=20).map(lambda more: content + more)))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        (copied(written, Path(folder)) / name).write_bytes(cut)
        assert cache.load(Path(folder), KEY, present) is None


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"null\nnull\nnull\nnull", b"\xff\xfe", b"[]", b"{" * 5000])
def test_nonsense_is_no_entry(content: bytes, written: Entry, present: Present, tmp_path: Path) -> None:
    (copied(written, tmp_path) / RESULTS).write_bytes(content)
    assert cache.load(tmp_path, KEY, present) is None


@pytest.mark.parametrize("name", FILES)
def test_damage_is_mended_by_storing_again(name: str, written: Entry, present: Present, tmp_path: Path) -> None:
    folder = copied(written, tmp_path)
    (folder / name).unlink()
    (folder / name).mkdir()
    assert cache.load(tmp_path, KEY, present) is None
    (folder / name).rmdir()
    stored(tmp_path)
    entry = cache.load(tmp_path, KEY, present)
    assert entry is not None and cache.read_pictures(entry) == pictures()
    assert list(tmp_path.glob("**/.*")) == []


def test_damage_after_a_picture_was_checked_is_found(written: Entry, present: Present, tmp_path: Path) -> None:
    folder = copied(written, tmp_path)
    long_ago = (folder / RESULTS).stat().st_mtime - 1000
    for name in FILES:
        os.utime(folder / name, (long_ago, long_ago))
    assert cache.load(tmp_path, KEY, present) is not None
    picture = folder / "curve.es.png"
    before = picture.stat()
    content = bytearray(picture.read_bytes())
    content[7] ^= 1
    picture.write_bytes(content)
    os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))  # as some tools put back
    assert cache.load(tmp_path, KEY, present) is None


def test_an_entry_under_another_key_is_none(written: Entry, present: Present, tmp_path: Path) -> None:
    other = "0" * 64
    shutil.copytree(written.folder, cache.folder_of(tmp_path, other, written.needs))
    assert cache.load(tmp_path, other, present) is None


@pytest.mark.parametrize("name", ["../curve", "a/b", "", ".", "curve.en", "c\0", "ñ"])
def test_no_picture_lies_elsewhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no picture's name"):
        cache.picture_path(tmp_path, name, "en")
    with pytest.raises(ValueError, match="no picture's name"):
        cache.picture_path(tmp_path, "curve", name)


def test_a_cache_that_cannot_be_written_is_still_read(written: Entry, present: Present, tmp_path: Path) -> None:
    folder = copied(written, tmp_path)
    (folder / "pictures.json").mkdir()  # stands in the way, also for root, whom no permission stops
    assert cache.load(tmp_path, KEY, present) is not None
