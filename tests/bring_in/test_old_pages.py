"""The older pages of the wiki come over whole, and what could not be carried over is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bring_in import Existing, bring_in
from pipeline.bring_in.model import Brought, Wiki
from pipeline.bring_in.reading_back import problems_of
from pipeline.config import load
from pipeline.read import read_all
from tests.bring_in.old_pages import OLD_PAGES
from tests.project import Project

LINES = {
    # in en.md
    "typed-in numbers": "For `softmax(5, 1, 0.1)` it gives (0.993, 0.005, 0.002).{cite}`bridle1990`",
    "a formula behind a colon": "$$\n\\sigma(z)_i = \\frac{e^{z_i}}{\\sum_{j=1}^K e^{z_j}}\n$$",
    "a plain reference": "[^note-1]: Goodfellow et al., Deep Learning, 2016, p. 183",
    "a link to a section": "[output layers](../neural-networks/#output-layer), in attentions, and in Cross-Entropy Loss.",
    "raised and lowered": "In 10⁻³ s, on H₂O, at the 1${}^{\\text{st}}$ step.",
    "a table": "| T | p₁ | Change |\n|--:|--:|--:|\n| 0.5 | 0.998 | +0.005 |\n| 2 | 0.831 | -0.162 |\n| mean |  | } none |",
    "lists": "  - adding *c* to all logits changes nothing\n    1. neither the order\n    2. nor the ratios\n- Its *sum is 1*",
    "definitions": "Other names\n: softargmax, *normalized exponential*",
    "preformatted": "```\npreformatted line <1>\nanother\n```",
    "an unknown template": "`{{Quote|text=It is soft.|sign=Somebody}}` and under, ''raw'', AT&T, 5\u00a0×\u00a03.\\\nA new line.",
    "a term": "with {term}`temperature` 2 it is 83%",
    "no file": "The curve for *T* = 1.",
}
SAID = {
    "left out": (
        "Calculus", "<!-- check the numbers! -->", "quality_score = 0.92", "unreviewed", "__TOC__", "La fonction softmax.",
        "source_url = https://arxiv.org/abs/1503.02531", "A second paragraph.", "logit", "#REDIRECT [[Softmax Function]]",
    ),
    "changed": ("[[attention]]", "|+ Shares by temperature", "{{Quote|text=It is soft.|sign=Somebody}}", "<u>under</u>"),
    "to do": ("Beginner", "0.993, 0.005, 0.002", "Funcion softmax", "5, 1, 0,1, 0,993, 0,005, 0,002"),
}  # fmt: skip


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> tuple[Brought, Project]:
    project = Project(tmp_path_factory.mktemp("old"))
    project.write("pyproject.toml", '[tool.marovi]\nlanguages = ["en", "es", "zh"]\n')
    for name in ("categories", "planned"):
        content = (Path(__file__).parents[2] / f"tests/sample/articles/{name}.yaml").read_bytes()
        project.write(f"articles/{name}.yaml", content)
    config = load(project.root)
    return bring_in(Wiki("old", OLD_PAGES), Existing(config.languages, read_all(config)[0])), project


@pytest.mark.parametrize("name", LINES)
def test_it_reads_as_an_author_would_write_it(brought: tuple[Brought, Project], name: str) -> None:
    assert LINES[name] in brought[0].files["softmax-function/en.md"].decode()


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_what_does_not_come_over_is_said(brought: tuple[Brought, Project], kind: str, text: str) -> None:
    assert [entry for entry in brought[0].left if entry.kind == kind and entry.text == text]


def test_no_word_is_lost(brought: tuple[Brought, Project]) -> None:
    assert [entry for entry in brought[0].left if entry.kind == "missing"] == []


def test_lines_are_those_of_the_page(brought: tuple[Brought, Project]) -> None:
    pages = {page.title: page.text.split("\n") for page in OLD_PAGES}
    for text in ("<!-- check the numbers! -->", "[[attention]]", "unreviewed", "Calculus"):
        (entry,) = [entry for entry in brought[0].left if entry.text == text]
        assert text in pages[entry.page][entry.line - 1]


def test_translations_and_summaries_join_their_source(brought: tuple[Brought, Project]) -> None:
    assert {name for name in brought[0].files if name.startswith("softmax")} == {
        f"softmax-function/{name}.md" for name in ("en", "es", "zh", "summary/en")
    }
    spanish = brought[0].files["softmax-function/es.md"].decode()
    assert "[capas de salida](../neural-networks/#capa-de-salida); vease [#Temperatura](#temperatura)" in spanish
    assert "**概率分布**：和为1" in brought[0].files["softmax-function/zh.md"].decode()


def test_a_concept_and_new_categories(brought: tuple[Brought, Project]) -> None:
    concept = brought[0].files["glossary/temperature.yaml"].decode()
    assert "article_section: temperature" in concept and "surface_form" not in concept
    added = brought[0].files["categories.yaml"].decode()
    assert "Activation functions: {en: Activation functions, es: Funciones de activacion" in added


def test_what_the_bibliography_lacks_is_added(brought: tuple[Brought, Project]) -> None:
    assert "@article{bridle1990," in brought[0].files["references.bib"].decode()


def test_it_reads_but_for_what_an_author_has_to_write(brought: tuple[Brought, Project]) -> None:
    config = load(brought[1].root)
    (brought[1].root / "templates/messages/zh.yaml").write_text("summary: 摘要\n")
    problems = problems_of(brought[0].files, config, alone=True)
    assert [str(one).partition(";")[0] for one in problems] == [
        "articles/glossary/temperature.yaml:1:1: the translation key 'zh' is missing"
    ]


def test_a_folder_that_is_there_is_left_alone(brought: tuple[Brought, Project]) -> None:
    existing = Existing(("en", "es", "zh"), None, frozenset({"softmax-function"}), frozenset({"temperature"}))
    again = bring_in(Wiki("old", OLD_PAGES), existing)
    assert set(again.topics) == {"attention-is-all-you-need", "neural-networks"} and again.concepts == ()
    assert any("nothing is overwritten" in entry.why for entry in again.left)
