"""The text of each page is one answer: an edit costs the page that it is on, a run those that print its values."""

from __future__ import annotations

from pipeline.config import load
from pipeline.memo.resident import ResidentMemo, keys_of, resident
from pipeline.memo.results import ran
from pipeline.memo.runs import Runs
from pipeline.memo.texts import PageText, page_texts
from pipeline.run import RunSettings, run
from tests.project import Project


def begun(project: Project) -> ResidentMemo:
    """A memo for which nothing was built before and no cell has run."""
    return resident(load(project.root), "no such folder")


def texts(memo: ResidentMemo) -> dict[str, PageText]:
    return {page.folder: page for page in page_texts(memo)}


def all_of(page: PageText) -> list[str]:
    return [piece.text for section in page.sections for piece in section.pieces]


def test_topics_summaries_and_concepts_have_their_texts(prose: Project) -> None:
    found = texts(begun(prose))
    assert {folder: page.kind for folder, page in found.items()} == {
        "en/alpha/": "topic",
        "es/alpha/": "topic",
        "en/alpha/summary/": "summary",
        "en/beta/": "topic",
        "es/beta/": "topic",
        "en/glossary/learning-rate/": "concept",
        "es/glossary/learning-rate/": "concept",
    }
    alpha = found["es/alpha/"]
    assert (alpha.language, alpha.title, alpha.folded_title) == ("es", "Alfa", "alfa")
    lead, part, references = alpha.sections
    assert [piece.text for piece in lead.pieces] == [
        "Sobre Alfa.",
        "Un punto.",
        "Alfa tiene una tasa de aprendizaje y $x^2$.",
    ]
    assert (part.heading, part.anchor) == ("Una parte", "una-parte")
    assert [piece.text for piece in part.pieces][1:] == ["El cuadrado.", "Un cuadrado."]
    assert references.anchor == "_ref-cauchy1847"
    assert "Augustin-Louis" in references.pieces[0].text
    assert all_of(found["en/glossary/learning-rate/"]) == ["How far a step goes. · step size"]


def test_what_is_compared_holds_all_that_is_shown(prose: Project) -> None:
    for page in page_texts(begun(prose)):
        title, *sections = page.folded_text.split("\f")
        assert title == page.folded_title
        assert len(sections) == len(page.sections)
        for text, section in zip(sections, page.sections, strict=True):
            assert len(text.split("\n")) == 1 + len(section.pieces)


def test_an_edit_costs_the_page_that_it_is_on(prose: Project) -> None:
    memo = begun(prose)
    before = texts(memo)
    prose.change("articles/alpha/es.md", "tiene una", "posee una")
    memo.again(keys_of(["articles/alpha/es.md"]))
    after = texts(memo)
    assert [folder for folder in after if after[folder] is not before[folder]] == ["es/alpha/"]
    assert "Alfa posee una tasa" in all_of(after["es/alpha/"])[2]


def test_a_topic_that_cannot_be_read_keeps_no_other_from_being_found(prose: Project) -> None:
    prose.write("articles/alpha/en.md", "---\n: [\n---\nNo head.\n")
    assert [folder for folder in texts(begun(prose)) if "glossary" not in folder] == ["en/beta/", "es/beta/"]


def test_values_stand_in_the_text_once_their_cells_have_run(whole: Project) -> None:
    memo = begun(whole)
    memo.put(ran("tiny"), None)
    assert all_of(texts(memo)["es/tiny/"])[0] == "Un tema de … líneas."
    settings = RunSettings.of(load(whole.root))
    runs = Runs(memo, settings)
    due = runs.due(lambda event: None)
    runs.take(due, run(due, settings))
    page = texts(memo)["es/tiny/"]
    assert all_of(page)[0] == "Un tema de 3 líneas."
    assert {"Una curva.", "Sube."} <= set(all_of(page))
    assert any(piece.is_code and "verify.close" in piece.text for section in page.sections for piece in section.pieces)
