"""Results shared through a folder or a URL: found by others, checked when read, and never the end of a build."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest

from pipeline.errors import ConfigurationError
from pipeline.run import RunSettings, cache, shared_cache
from pipeline.run.cache import Entry
from pipeline.run.packed import UnsignedError, pack, unpack
from pipeline.run.places import Folder, Remote, place, shown, without_secrets
from pipeline.run.shared_cache import SharedCache
from tests.run.entries import KEY, key, nothing, pictures, record, stored


@pytest.fixture(params=["folder", "memory", "file"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place to share, as it stands in [tool.marovi]."""
    yield {"folder": str(tmp_path / "shared"), "memory": "memory://shared", "file": f"file://{tmp_path}/shared"}[
        request.param
    ]
    if request.param == "memory":
        fsspec.filesystem("memory").store.clear()


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    return stored(tmp_path / "one")


def opened(where: str, secret: bytes = b"", read_only: bool = False) -> SharedCache:
    return SharedCache(place(where, None), where, secret, read_only)


def files(where: str) -> list[str]:
    found, path = fsspec.core.url_to_fs(where)
    return sorted(found.find(path)) if found.exists(path) else []


def test_what_one_leaves_another_finds(where: str, entry: Entry, tmp_path: Path) -> None:
    ours, theirs = opened(where), opened(where)
    assert theirs.fetch([KEY], tmp_path / "two", nothing()) == {}
    ours.offer({KEY: entry})
    assert len(files(where)) == 1
    found = theirs.fetch([KEY, key(7)], tmp_path / "two", nothing())
    assert list(found) == [KEY]
    assert cache.read_pictures(found[KEY]) == pictures()
    # from now on it is found without the shared one
    again = cache.load(tmp_path / "two", KEY, nothing())
    assert again is not None and again.key == entry.key and again.second is not None
    assert again.record["values"] == record()["values"]
    assert ours.warning == theirs.warning == ""


def test_many_entries_are_moved_several_at_a_time(where: str, tmp_path: Path) -> None:
    entries = {key(number): stored(tmp_path / "one", key(number), number) for number in range(30)}
    opened(where).offer(entries)
    found = opened(where).fetch(entries, tmp_path / "two", nothing())
    assert {name: one.record["values"]["z"]["value"] for name, one in found.items()} == {
        key(number): number for number in range(30)
    }


def test_read_only_leaves_nothing(where: str, entry: Entry, tmp_path: Path) -> None:
    opened(where, read_only=True).offer({KEY: entry})
    assert files(where) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:100],
        lambda content: b"",
        lambda content: content.replace(b"0.1", b"0.2"),
        lambda content: b"x" + content,
    ],
)
def test_what_is_damaged_is_not_taken_and_is_written_again(
    damage: Callable[[bytes], bytes], where: str, entry: Entry, tmp_path: Path
) -> None:
    opened(where).offer({KEY: entry})
    (file,) = files(where)
    system = fsspec.core.url_to_fs(where)[0]
    system.pipe_file(file, damage(system.cat_file(file)))
    shared = opened(where)
    assert shared.fetch([KEY], tmp_path / "two", nothing()) == {} and shared.warning == ""
    assert not (tmp_path / "two").exists()
    shared.offer({KEY: entry})
    assert list(shared.fetch([KEY], tmp_path / "two", nothing())) == [KEY]


def test_with_a_key_only_what_is_signed_with_it_is_taken(where: str, entry: Entry, tmp_path: Path) -> None:
    opened(where).offer({KEY: entry})
    careful = opened(where, b"ours")
    assert careful.fetch([KEY], tmp_path / "two", nothing()) == {}
    assert "not signed with MAROVI_CACHE_KEY" in careful.warning
    opened(where, b"theirs").offer({KEY: entry})
    assert opened(where, b"ours").fetch([KEY], tmp_path / "two", nothing()) == {}
    opened(where, b"ours").offer({KEY: entry})
    assert list(opened(where, b"ours").fetch([KEY], tmp_path / "two", nothing())) == [KEY]


def test_a_signature_holds_for_one_key_and_all_of_the_content(entry: Entry) -> None:
    packed = pack(entry, KEY, pictures(), b"ours")
    assert unpack(packed, KEY, Path(), nothing(), b"ours") is not None
    with pytest.raises(ValueError, match="another key"):
        unpack(packed, key(3), Path(), nothing(), b"ours")
    with pytest.raises(UnsignedError):
        unpack(packed, KEY, Path(), nothing(), b"others")
    # somebody who can write but does not have the key makes the digest right again
    forged = pack(stored_with(entry, seed=5), KEY, pictures(5), b"")
    with pytest.raises(UnsignedError):
        unpack(forged, KEY, Path(), nothing(), b"ours")


def stored_with(entry: Entry, seed: int) -> Entry:
    return Entry(record(seed), None, entry.folder, entry.key, entry.needs, {})


def test_pictures_are_those_of_the_record_and_lie_in_the_entry(entry: Entry, tmp_path: Path) -> None:
    images = entry.record["figures"]["curve"]["images"]
    for figures in ({}, {"../../evil": {**entry.record["figures"]["curve"], "images": images}}):
        changed = Entry({**entry.record, "figures": figures}, None, entry.folder, entry.key, entry.needs, {})  # type: ignore[typeddict-item]
        names = {(name, language): picture for name in figures for (_, language), picture in pictures().items()}
        with pytest.raises(ValueError, match=r"pictures are others|no picture's name"):
            unpack(pack(changed, KEY, names or pictures(), b""), KEY, tmp_path, nothing(), b"")


@pytest.mark.parametrize("without", ["values", "environment", "figures"])
def test_a_record_without_a_part_is_none(without: str, entry: Entry) -> None:
    left = {name: value for name, value in entry.record.items() if name != without}
    packed = pack(Entry(left, None, entry.folder, entry.key, {}, {}), KEY, pictures(), b"")  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        unpack(packed, KEY, Path(), nothing(), b"")


def test_what_needs_other_files_is_not_taken(where: str, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    needs = {str(file): "absent"}
    mine = cache.store(tmp_path / "one", KEY, record(0, needs), None, pictures(), nothing())
    opened(where).offer({KEY: mine})
    file.write_text("1")
    assert opened(where).fetch([KEY], tmp_path / "two", nothing()) == {}
    file.unlink()
    assert list(opened(where).fetch([KEY], tmp_path / "two", nothing())) == [KEY]


def test_a_second_run_that_used_something_else_is_left_out(entry: Entry, tmp_path: Path) -> None:
    changed = Entry(entry.record, record(), entry.folder, entry.key, {}, {f"file {tmp_path / 'x'}": "0" * 64})
    unpacked = unpack(pack(changed, KEY, pictures(), b""), KEY, Path(), nothing(), b"")
    assert unpacked is not None and unpacked[0].second is None and unpacked[0].second_needs == {}


@pytest.fixture
def port() -> Iterator[int]:
    """A port that takes connections and never says a word; closed, nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_trouble_is_one_warning_and_the_end_of_asking(entry: Entry, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = server.getsockname()[1]
    shared = opened(f"ftp://bot:hunter2@127.0.0.1:{nobody}/cache?token=abc")
    assert shared.fetch(map(key, range(100)), tmp_path / "two", nothing()) == {}
    begun = f"the shared cache ftp://127.0.0.1:{nobody}/cache cannot be used, so this build goes on without it"
    assert shared.warning.startswith(f"{begun} (ConnectionRefusedError: ")
    assert "hunter2" not in shared.warning and "abc" not in shared.warning and "\n" not in shared.warning
    said = shared.warning
    shared.offer({KEY: entry})
    assert shared.warning == said


def test_a_place_that_does_not_answer_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shared_cache, "PATIENCE", 0.3)
    shared = opened(f"ftp://127.0.0.1:{port}/cache")
    begun = time.monotonic()
    assert shared.fetch([KEY], tmp_path, nothing()) == {}
    assert time.monotonic() - begun < 5 and "no answer within 0.3 s" in shared.warning


@pytest.mark.parametrize(
    "said", ["cannot reach sftp://u:hunter2@host/x?token=abc", "bad password hunter2", "https://u:hunter2@other/y"]
)
def test_what_a_library_says_is_shown_without_secrets(said: str) -> None:
    text = without_secrets(said, "sftp://u:hunter2@host/x?token=abc")
    assert "hunter2" not in text and "abc" not in text


def test_a_folder_that_cannot_be_one_is_a_warning(entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shared = opened(str(tmp_path / "file"))
    shared.offer({KEY: entry})
    assert "cannot be used" in shared.warning


def test_where_it_is_comes_from_the_settings_and_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: Entry
) -> None:
    assert SharedCache.of(RunSettings(tmp_path, ("en",))) is None
    settings = RunSettings(tmp_path, ("en",), shared_cache="shared", root=tmp_path)
    monkeypatch.setenv("MAROVI_CACHE_KEY", "ours")
    shared = SharedCache.of(settings)
    assert shared is not None
    shared.offer({KEY: entry})
    assert len(files(str(tmp_path / "shared"))) == 1
    monkeypatch.setenv("MAROVI_SHARED_CACHE_READONLY", "1")
    read_only = SharedCache.of(settings)
    assert read_only is not None
    read_only.offer({key(1): entry})
    assert len(files(str(tmp_path / "shared"))) == 1
    monkeypatch.setenv("MAROVI_CACHE_KEY", "others")
    other = SharedCache.of(settings)
    assert other is not None and other.fetch([KEY], tmp_path / "two", nothing()) == {}


def test_a_kind_of_url_that_nothing_reaches_is_said_without_secrets() -> None:
    with pytest.raises(ConfigurationError, match=r"the shared cache nosuch://host/x .* 'nosuch'") as caught:
        place("nosuch://user:hunter2@host/x?sig=abc", None)
    assert "hunter2" not in str(caught.value) and "abc" not in str(caught.value)


@pytest.mark.parametrize(
    ("where", "said"),
    [("/a/b", "/a/b"), ("s3://bucket/x", "s3://bucket/x"), ("sftp://u:p@host:22/x?q=1#f", "sftp://host:22/x")],
)
def test_a_place_is_shown_without_what_may_be_secret(where: str, said: str) -> None:
    assert shown(where) == said
    assert "p@" not in without_secrets(f"no {where}", where)


def test_a_folder_is_a_folder_and_a_url_is_not(tmp_path: Path) -> None:
    assert isinstance(place("shared", tmp_path), Folder) and isinstance(place("memory://x", None), Remote)


def test_what_is_too_large_is_not_read(where: str) -> None:
    there = place(where, None)
    there.write("ab/x", b"12345")
    assert there.read("ab/x", 5) == b"12345" and there.names("ab") == ["x"] and there.names("none") == []
    with pytest.raises(ValueError, match="more than 4 bytes"):
        there.read("ab/x", 4)


def test_a_packed_entry_is_text_that_says_what_it_is(entry: Entry) -> None:
    first, _, rest = pack(entry, KEY, pictures(), b"").partition(b"\n")
    assert first == b"marovi results"
    assert json.loads(rest.split(b"\n")[2])["key"] == KEY
