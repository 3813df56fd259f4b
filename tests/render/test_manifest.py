"""What was rendered, written to disk and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import MaroviError
from pipeline.render.manifest import file_names, read, write
from pipeline.render.page import File, Listed, Newest, Page, Rendered
from pipeline.taken_over import TakenOver

RENDERED = Rendered(
    (
        Page("Template:Term", "template", "<span>{{{1}}}</span>", "", "templates/wiki/Template/Term.wiki"),
        Page("Softmax Function/es", "topic", "El «softmax»\n\n== α ==", "es", "articles/softmax/es.md"),
        Page("SOFTMAX function/es", "topic", "another page", "es", ""),
    ),
    (File("File:A - b (en).png", b"\x89PNG\r\n", "A caption.", "en", "articles/a/en.md"),),
)


def everything(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write(RENDERED, tmp_path / "build")
    assert read(tmp_path / "build") == RENDERED


def test_people_s_revisions_that_were_taken_over_go_along(tmp_path: Path) -> None:
    taken = {"Softmax Function/es": TakenOver(12, "a" * 40, "abc1234"), "Dropout": TakenOver(3, "0" * 40)}
    record = {"https://wiki.example.org/w/": taken, "": {"Old": TakenOver(5, "1" * 40)}}
    write(replace(RENDERED, taken_over=record), tmp_path)
    assert read(tmp_path).taken_over == record


def test_what_the_list_of_the_newest_may_name_goes_along(tmp_path: Path) -> None:
    links = {"en": ("Softmax Function", "Softmax Function"), "es": ("Función softmax", "Softmax Function/es")}
    newest = Newest("Module:Recent", "articles", (Listed("Softmax Function", "2026-11-21", links),))
    write(replace(RENDERED, newest=newest), tmp_path)
    assert read(tmp_path).newest == newest


def test_texts_stay_on_disk_and_are_held_against_the_manifest_again(tmp_path: Path) -> None:
    write(RENDERED, tmp_path)
    page = next(page for page in read(tmp_path).pages if page.title == "Softmax Function/es")
    (file,) = read(tmp_path).files
    assert page in RENDERED.pages and hash(page) == hash(page) and page != RENDERED.pages[0]
    assert (file.content, file.sha1) == (RENDERED.files[0].content, RENDERED.files[0].sha1)
    path = tmp_path / "pages" / "Softmax Function%2Fes.wiki"
    path.write_text("changed while a deployment runs")
    assert page.sha1 == RENDERED.pages[1].sha1
    with pytest.raises(MaroviError, match="was changed since it was built"):
        _ = page.text


def test_writing_twice_gives_the_same_bytes_and_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    write(Rendered((Page("Gone", "topic", "x", "en", ""),), ()), tmp_path / "one")
    write(RENDERED, tmp_path / "one")
    write(RENDERED, tmp_path / "two")
    assert everything(tmp_path / "one") == everything(tmp_path / "two")
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["files", "manifest.json", "pages"]


def test_nothing_is_half_written_when_writing_fails(tmp_path: Path) -> None:
    write(RENDERED, tmp_path)
    before = everything(tmp_path)
    broken = Rendered((*RENDERED.pages, Page("Lone surrogate", "topic", "\ud800", "en", "")), ())
    with pytest.raises(UnicodeEncodeError):
        write(broken, tmp_path)
    assert everything(tmp_path) == before


def test_a_file_changed_by_hand_is_noticed(tmp_path: Path) -> None:
    write(RENDERED, tmp_path)
    path = tmp_path / "pages" / "Softmax Function%2Fes.wiki"
    path.write_text(path.read_text() + " ")
    with pytest.raises(MaroviError, match="was changed since it was built"):
        read(tmp_path)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    write(RENDERED, tmp_path)
    (tmp_path / "files" / "File%3AA - b (en).png").unlink()
    with pytest.raises(MaroviError, match=r"A - b \(en\)\.png cannot be read"):
        read(tmp_path)


def test_without_a_build_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(MaroviError, match="run `marovi build` first"):
        read(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "pages": [{}], "files": []}'])
def test_a_damaged_manifest_is_an_error_of_ours(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(MaroviError, match="marovi build"):
        read(tmp_path)


def test_a_manifest_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    write(RENDERED, tmp_path / "build")
    path = tmp_path / "build" / "manifest.json"
    path.write_text(path.read_text().replace("pages/Template%3ATerm.wiki", "../secret"))
    (tmp_path / "secret").write_text("x")
    with pytest.raises(MaroviError, match="leads out of"):
        read(tmp_path / "build")


@given(st.lists(st.text(min_size=1, max_size=300), unique=True, max_size=8))
def test_any_titles_get_names_that_any_file_system_tells_apart(titles: list[str]) -> None:
    titles = [title for title in titles if title.isprintable()]
    names = file_names(titles)
    assert len({name.casefold() for name in names.values()}) == len(titles)
    for name in names.values():
        assert len(name.encode()) <= 200
        assert not set(name) & set('/\\:*?"<>|')
        assert not name.startswith(".")
