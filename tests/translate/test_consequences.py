"""What a pull request that changes a source means for a translation, paragraph by paragraph."""

from __future__ import annotations

from pipeline.changes.compare import changes_of
from pipeline.config import load
from pipeline.translate.consequences import Consequence, consequences
from pipeline.translate.history import state_of
from tests.translate.conftest import EN, ES


def found(translated, *changes: tuple[str, str]) -> tuple[Consequence, ...]:
    from pipeline.pull.names import known

    names = known(translated.project.read()[0], "en")
    before = state_of((translated.project.root / EN).read_text(), names)
    for old, new in changes:
        translated.change(old, new)
    after = state_of((translated.project.root / EN).read_text(), names)
    return consequences(before, after, translated.text)


def test_a_changed_paragraph_is_shown_word_by_word_beside_the_translations_with_its_line(translated) -> None:
    (one,) = found(translated, ("Rates of 1/2 do", "Rates of 1/4 do"))
    line = next(number for number, text in enumerate(translated.text.split("\n"), 1) if text.startswith("Las tasas"))
    was, now = (f"Rates of 1/{number} do, {{glue}}`count:d` times." for number in (2, 4))
    assert one == Consequence("first-part", was, now, "Las tasas de 1/2 sirven, {glue}`count:d` veces.", line)
    assert one.change == "changed"
    assert one.difference == "Rates of 1/[-2-]{+4+} do, {glue}`count:d` times."


def test_new_and_lost_paragraphs_and_words_of_the_head_are_told(translated) -> None:
    told = found(
        translated,
        ("Rates of 1/2 do, {glue}`count:d` times.\n\nSee", "See"),
        ("## First part\n", "## First part\n\nSomething else entirely.\n"),
        ("alt: It rises.", "alt: It falls."),
    )
    assert [(one.section, one.change) for one in told] == [
        ("", "changed"),
        ("first-part", "new"),
        ("first-part", "gone"),
    ]
    assert told[0].translation == "Sube." and told[2].translation.startswith("Las tasas")


def test_values_that_are_taken_over_by_themselves_are_not_told(translated) -> None:
    assert found(translated, ("{glue}`count:d`", "{glue}`count:.1f`")) == ()


def test_the_report_of_a_pull_request_has_them(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 do")
    (one,) = changes_of(load(translated.project.root), "HEAD").translations
    assert (one.file, one.outdated) == (ES, ("first-part",))
    assert [text.difference for text in one.paragraphs] == ["Rates of 1/[-2-]{+4+} do, {glue}`count:d` times."]
