"""The pages of the sample project, which uses every kind of node, held against files in `golden/`.

After a change that is meant, run with UPDATE_GOLDEN=1 and look at the difference git shows.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.read.article import Sources
from pipeline.read.document import FigureBox, walk
from pipeline.render import page_models, wikitext
from pipeline.render.manifest import file_names
from pipeline.render.model import PageModel
from pipeline.render.page import File, Page
from pipeline.run.results import Results

GOLDEN = Path(__file__).parent / "golden"
COMMITS = {"sample-topic": "0123456789"}


@pytest.fixture(scope="module")
def models(sample: Sources, sample_results: Mapping[str, Results]) -> tuple[PageModel, ...]:
    return page_models(sample, sample_results, COMMITS)


@pytest.fixture(scope="module")
def pages(sample: Sources, models: tuple[PageModel, ...]) -> Mapping[str, Page]:
    return {page.title: page for page in wikitext.pages(models, sample)}


@pytest.fixture(scope="module")
def files(sample: Sources, models: tuple[PageModel, ...]) -> Mapping[str, File]:
    return {file.title: file for file in wikitext.files(models, sample)}


@pytest.mark.parametrize(
    "title",
    [
        "Sample Topic",
        "Sample Topic/es",
        "Sample Topic/zh",
        "Sample Topic/summary",
        "Sample Topic/summary/es",
        "Other Topic",
        "Glossary:Learning rate",
        "Glossary:Learning rate/es",
        "Category:Optimization",
        "Category:最优化",
    ],
)
def test_a_page_is_written_as_an_editor_would(title: str, pages: Mapping[str, Page]) -> None:
    path = GOLDEN / f"{file_names([title])[title]}.wiki"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(pages[title].text + "\n", encoding="utf-8")
    assert pages[title].text + "\n" == path.read_text(encoding="utf-8")


def test_each_page_knows_its_kind_its_language_and_its_source(pages: Mapping[str, Page]) -> None:
    page = pages["Sample Topic/es"]
    assert (page.kind, page.language, page.source) == ("topic", "es", "articles/sample-topic/es.md")
    page = pages["Glossary:Gradient/zh"]
    assert (page.kind, page.language, page.source) == ("glossary", "zh", "articles/glossary/gradient.yaml")


def test_rendering_twice_gives_the_same_text(
    sample: Sources, sample_results: Mapping[str, Results], pages: Mapping[str, Page]
) -> None:
    again = wikitext.pages(page_models(sample, sample_results, COMMITS), sample)
    assert {page.title: page for page in again} == pages


def test_a_figure_is_a_file_in_each_language_and_a_picture_is_one_for_all(files: Mapping[str, File]) -> None:
    assert sorted(files) == [
        "File:Sample Topic - curve (en).png",
        "File:Sample Topic - curve (es).png",
        "File:Sample Topic - curve (zh).png",
        "File:Sample Topic - picture.png",
        "File:Sample Topic - placed (en).png",
        "File:Sample Topic - placed (es).png",
        "File:Sample Topic - placed (zh).png",
    ]


def test_a_file_says_what_it_shows_and_how_it_was_made(files: Mapping[str, File]) -> None:
    file = files["File:Sample Topic - curve (es).png"]
    assert file.text == (
        '<div lang="es" dir="ltr">\n'
        "La curva en 5,0\u00a0%, véase [[Other Topic|el otro tema]].\n\n"
        "Calculada y dibujada por el código de [[Sample Topic/es|Tema de muestra]].\n</div>"
    )


def test_a_file_leaves_out_the_marks_of_notes_that_stand_elsewhere(files: Mapping[str, File]) -> None:
    assert "<ref" not in files["File:Sample Topic - placed (en).png"].text


def test_two_pictures_of_one_name_are_an_error(sample: Sources, models: tuple[PageModel, ...], tmp_path: Path) -> None:
    box = next(node for node in walk(models[1].blocks) if isinstance(node, FigureBox))
    other = tmp_path / "other.png"
    other.write_bytes(b"another picture")
    changed = replace(models[1], blocks=(replace(box, path=str(other)),))
    with pytest.raises(SourceError) as caught:
        wikitext.files((*models, changed), sample)
    assert "two pictures would be" in str(caught.value.problems[0])


def test_an_outdated_translation_says_which_sections(
    sample: Sources, sample_results: Mapping[str, Results], models: tuple[PageModel, ...]
) -> None:
    spanish = next(model for model in models if model.title == "Sample Topic/es")
    page = next(iter(wikitext.pages((replace(spanish, outdated=("Celdas", "Tablas")),), sample)))
    assert "Celdas, Tablas</div>\n\n'''Tema de muestra'''" in page.text


def test_a_category_of_one_language_never_names_a_page_of_another(pages: Mapping[str, Page]) -> None:
    spanish = {page.title for page in pages.values() if page.kind == "category" and page.language == "es"}
    for page in pages.values():
        used = {line[2:-2] for line in page.text.splitlines() if line.startswith("[[Category:")}
        if page.kind in ("topic", "glossary"):
            assert used <= set(pages)
            assert bool(used & spanish) == (page.language == "es")


def test_a_page_template_that_does_not_compile_is_an_error_with_its_line(
    sample: Sources, models: tuple[PageModel, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "templates" / "page"
    folder.mkdir(parents=True)
    (folder / "topic.wiki.j2").write_text("one\n{% if %}\n")
    with pytest.raises(SourceError) as caught:
        wikitext.pages(models, replace(sample, root=tmp_path))
    assert str(caught.value.problems[0]).startswith("templates/page/topic.wiki.j2:2:1: ")


def test_a_page_template_that_asks_for_what_is_not_there_is_an_error(
    sample: Sources, models: tuple[PageModel, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "templates" / "page"
    folder.mkdir(parents=True)
    (folder / "topic.wiki.j2").write_text("{{ sumary }}")
    with pytest.raises(SourceError) as caught:
        wikitext.pages(models, replace(sample, root=tmp_path))
    assert "'sumary' is undefined" in str(caught.value.problems[0])
