"""What `marovi check` says of sources that read well."""

from __future__ import annotations

from pipeline.check import check
from pipeline.check.rules import STRUCTURE

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"


def found(project) -> list[str]:
    sources, problems = project.read()
    assert problems == ()
    return [str(problem) for problem in check(sources, STRUCTURE)]


def test_a_translation_without_a_stamp_is_a_warning_with_the_command(project) -> None:
    assert found(project) == [
        f"{ES}:2:1: does not say which text of the source it was made from; "
        "when it is complete, run `marovi stamp tiny es` [translation]"
    ]


def test_a_first_paragraph_without_the_title_in_bold(project) -> None:
    project.change(EN, "**Tiny Topic** has", "Tiny Topic has")
    assert any("lacks the title in bold; write **Tiny Topic**" in line for line in found(project))


def test_a_missing_translation_is_a_warning(project) -> None:
    (project.root / ES).unlink()
    assert found(project) == [f"{EN}:1:1: not translated into 'es'; add es.md beside it [translation]"]


def test_a_reference_that_nobody_cites(project) -> None:
    project.change(EN, " {cite}`cauchy1847`", "")
    project.change(ES, " {cite}`cauchy1847`", "")
    assert any("articles/references.bib:1:1: no page cites 'cauchy1847'" in line for line in found(project))
