"""The glossary and its use."""

from __future__ import annotations

import pytest

from pipeline.check.glossary import glossary
from pipeline.check.words import words

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"
RATE = "articles/glossary/learning-rate.yaml"


def test_a_concept_that_all_pages_mark_and_whose_section_exists(project, found) -> None:
    project.change(
        RATE, "domain: Machine Learning\n", "domain: Machine Learning\narticle: tiny\narticle_section: first-part\n"
    )
    assert found(glossary) == []


def test_a_concept_that_nobody_uses(project, found) -> None:
    text = (project.root / RATE).read_text()
    project.write(
        "articles/glossary/step.yaml", text.replace("rate", "step").replace("tasa", "paso").replace("step size", "x")
    )
    assert [line.partition(";")[0] for line in found(glossary)] == [
        "articles/glossary/step.yaml:1:1: no page uses the concept 'step'"
    ]


def test_a_concept_that_a_translation_does_not_mark(project, found) -> None:
    project.change(ES, "{term}`tasa de aprendizaje`", "tasa de aprendizaje")
    assert found(glossary)[0].startswith(f"{ES}:2:1: does not mark 'learning-rate' with {{term}}, as {EN} does")


def test_a_section_that_is_not_there(project, found) -> None:
    project.change(
        RATE, "domain: Machine Learning\n", "domain: Machine Learning\narticle: tiny\narticle_section: first-prat\n"
    )
    assert found(glossary) == [
        f"{RATE}:3:1: no heading of {EN} has the id 'first-prat'; did you mean 'first-part'? [anchor]"
    ]


@pytest.mark.parametrize("shown", ["tasas de aprendizaje", "la tasa", "tasa de aprendizaje inicial", "tasas"])
def test_a_form_of_the_concept_s_word(shown: str, project, found) -> None:
    project.change(ES, "{term}`tasa de aprendizaje`", f"{{term}}`{shown} <learning-rate>`")
    assert found(words) == []


def test_another_word_for_a_concept(project, found) -> None:
    project.change(ES, "{term}`tasa de aprendizaje`", "{term}`ritmo de estudio <learning-rate>`")
    assert found(words) == [
        f"{ES}:8:29: 'ritmo de estudio' stands for the concept 'learning-rate'; "
        f"say 'tasa de aprendizaje', or add an alias to {RATE} [term]"
    ]


def test_a_word_to_avoid(project, found) -> None:
    project.change(RATE, "tasa de aprendizaje,", "tasa de aprendizaje, avoid: [ritmo, tasa],")
    project.add(ES, "\nEl Ritmo, el *ritmo*, las arritmias y la tasa de aprendizaje.\n")
    assert found(words) == [
        f"{ES}:17:4: 'Ritmo' is not this wiki's word for 'learning-rate'; say 'tasa de aprendizaje' [term]"
    ]


def test_a_word_cannot_be_both_used_and_avoided(project) -> None:
    project.change(RATE, "tasa de aprendizaje,", "tasa de aprendizaje, avoid: [tasa de aprendizaje],")
    assert any("is to be used and to be avoided" in line for line in project.problems())
