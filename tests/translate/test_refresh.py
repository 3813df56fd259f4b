"""A refreshed translation keeps what was not touched, byte for byte, and shows what was."""

from __future__ import annotations

import pytest

from pipeline.check.untranslated import untranslated
from pipeline.errors import MaroviError, SourceError

OUTDATED = "% outdated: the source changed; bring what stands below up to date, then delete these lines\n"
UNTRANSLATED = "% untranslated: this is the source's text; write it in your language, then delete this line\n"
REMOVED = "% removed: the source no longer says this; delete these lines\n"


def below(text: str) -> str:
    return text.split("---\n", 2)[2]


def test_without_a_change_nothing_is_written(translated) -> None:
    before = translated.text
    assert translated.refresh().done == "unchanged"
    assert translated.text == before


def test_wrapping_a_paragraph_anew_is_no_change(translated) -> None:
    before = translated.text
    translated.change("Rates of 1/2 do", "Rates of\n1/2 do")
    assert translated.refresh().done == "unchanged" and translated.text == before


def test_a_changed_paragraph_is_marked_with_the_words_that_changed_and_all_others_stay(translated) -> None:
    before = translated.text
    translated.change("Rates of 1/2 do", "Rates of 1/4 will do")
    assert translated.refresh().marked == {"outdated": 1}
    shown = "% | Rates of 1/[-2-]{+4 will+} do, {glue}`count:d` times.\n"
    assert below(translated.text) == below(before).replace("Las tasas", OUTDATED + shown + "Las tasas")
    assert translated.errors() == []


def test_a_second_refresh_changes_nothing(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 will do")
    translated.refresh()
    once = translated.text
    assert translated.refresh().done == "unchanged"
    assert translated.text == once


def test_a_second_change_is_shown_below_the_first_one(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 will do")
    translated.refresh()
    translated.change("Rates of 1/4 will do", "Rates of 1/4 will hardly do")
    assert translated.refresh().marked == {"outdated": 1}
    assert translated.text.count(OUTDATED) == 2 and "will{+ hardly+} do" in translated.text


def test_what_was_brought_up_to_date_is_not_marked_again(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 will do")
    translated.change("See [the", "Please see [the")
    translated.refresh()
    done = translated.text
    start = done.index("% outdated")
    done = done[:start] + done[done.index("Las tasas") :].replace("1/2", "1/4")
    translated.project.write("articles/tiny/es.md", done)
    assert translated.refresh().done == "unchanged"
    assert translated.text == done


def test_a_new_paragraph_stands_in_its_place_as_the_sources_words(translated) -> None:
    translated.change("See [the", "Each {term}`step size` counts, see [it](#first-part).\n\nSee [the")
    assert translated.refresh().marked == {"untranslated": 1}
    wanted = "Each {term}`tasa de aprendizaje` counts, see [it](#primera-parte).\n\nVéase"
    assert UNTRANSLATED + wanted in translated.text
    assert translated.errors() == []


def test_a_paragraph_that_the_source_lost_is_kept_for_the_translator_only(translated) -> None:
    translated.change("Rates of 1/2 do, {glue}`count:d` times.\n\n", "")
    assert translated.refresh().marked == {"removed": 1}
    assert REMOVED + "% | Las tasas de 1/2 sirven, {glue}`count:d` veces.\n\nVéase" in translated.text
    assert translated.errors() == []


def test_a_value_with_another_format_is_carried_over_without_a_mark(translated) -> None:
    translated.change("{glue}`count:d`", "{glue}`count:.1f`")
    outcome = translated.refresh()
    assert outcome.marked == {} and "Las tasas de 1/2 sirven, {glue}`count:.1f` veces." in translated.text


@pytest.mark.slow
def test_a_value_that_is_gone_cannot_break_the_translation(translated) -> None:
    translated.change("do, {glue}`count:d` times", "do quite often, {glue}`number:d` times")
    translated.change('glue("count", 3)', 'glue("number", 3)')
    translated.change("A topic of {glue}`count` lines", "A topic of {glue}`number` rows")
    translated.refresh()
    assert "\nRates of 1/2 do quite often, {glue}`number:d` times." in translated.text
    assert "% | Las tasas de 1/2 sirven, {glue}`count:d` veces." in translated.text
    assert 'summary: "A topic' in translated.text or "summary: A topic" in translated.text


@pytest.mark.slow
def test_a_new_cell_and_a_new_section_are_carried_over(translated) -> None:
    cell = '```{code-cell} python\n:label: second\nglue("more", 4)\n```\n'
    translated.project.add("articles/tiny/en.md", f"\n## Second part\n\nIt goes on.\n\n{cell}")
    assert translated.refresh().marked == {"untranslated": 2}
    assert translated.text.endswith(
        f"\n{UNTRANSLATED}## Second part\n\n{UNTRANSLATED}It goes on.\n\n```{{embed}} #second\n```\n"
    )
    assert translated.errors() == []


def test_a_section_that_the_source_lost_goes_and_its_words_stay_in_comments(translated) -> None:
    text = (translated.project.root / "articles/tiny/en.md").read_text()
    translated.project.write("articles/tiny/en.md", text[: text.index("## First part")])
    translated.refresh()
    body = below(translated.text)
    assert "embed" not in body and "% | ## Primera parte" in body
    assert [line for line in body.split("\n")[1:] if line and not line.startswith("%")] == []
    assert translated.errors() == []


def test_a_renamed_heading_is_the_same_section(translated) -> None:
    translated.change("## First part", "## Beginning")
    translated.change("(#first-part)", "(#beginning)")
    assert translated.refresh().marked == {"outdated": 1}
    assert "% | ## [-First part-]{+Beginning+}\n## Primera parte\n" in translated.text
    assert "Véase [la primera parte](#primera-parte)." in translated.text
    assert translated.errors() == []


def test_the_words_of_the_head_are_marked_in_comments_of_its_own(translated) -> None:
    translated.change("summary: A topic of", "summary: A small topic of")
    translated.change("key_points: [It is small.]", "key_points: [It is small., It is old.]")
    translated.change("caption: A curve.", "caption: A line.")
    translated.refresh()
    head = translated.text.split("---\n")[1]
    assert "# | A{+ small+} topic of {glue}`count` lines.\nsummary: Un tema" in head
    assert '  - "Es pequeño."\n  # untranslated:' in head and '  - "It is old."\n' in head
    assert "  # | curve.caption: A [-curve-]{+line+}.\n  curve:" in head
    assert translated.errors() == []


def test_a_figure_that_came_or_went_is_in_the_head(translated) -> None:
    translated.change("  curve: {caption: A curve., alt: It rises.}", "  bars: {caption: Bars., alt: Two.}")
    translated.refresh()
    head = translated.text.split("---\n")[1]
    assert '  bars:\n    caption: "Bars."' in head and "# | curve: Una curva. / Sube." in head
    assert translated.errors() == []


def test_where_git_knows_nothing_the_section_is_marked_and_said(translated) -> None:
    text = translated.text
    stamp = next(line for line in text.split("\n") if line.startswith("  first-part: "))
    translated.project.change("articles/tiny/es.md", stamp, "  first-part: 0123456789ab")
    outcome = translated.refresh()
    assert outcome.untraced == ("first-part",) and outcome.marked == {"untraced": 1}
    assert "% untraced: nobody knows" in translated.text and translated.errors() == []


def test_a_change_that_is_in_no_commit_is_traced_too(translated) -> None:
    for old, new in (("do, {glue}", "do it, {glue}"), ("do it, {glue}", "do it well, {glue}")):
        translated.change(old, new)
        outcome = translated.refresh()
        assert outcome.untraced == ()
    assert "{+ well+}" in translated.text or "{+well+}" in translated.text


@pytest.mark.slow
def test_a_new_translation_reads_well_and_says_that_it_waits(translated) -> None:
    (translated.project.root / "articles/tiny/es.md").unlink()
    outcome = translated.refresh()
    assert outcome.done == "begun" and translated.errors() == []
    assert "**Tiny Topic** has a {term}`tasa de aprendizaje` {cite}`cauchy1847`." in translated.text
    warned = list(untranslated(translated.project.read()[0]))
    assert len(warned) == outcome.marked["untranslated"] and {one.severity for one in warned} == {"warning"}
    assert translated.refresh().done == "unchanged"


def test_the_sections_stay_outdated_until_they_are_stamped_and_marks_forbid_a_stamp(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 will do")
    translated.refresh()
    assert translated.project.read()[0].articles["tiny"].versions["es"].outdated == ("first-part",)
    with pytest.raises(SourceError) as caught:
        translated.stamp()
    line = translated.text.split("\n").index(OUTDATED.strip()) + 1
    assert [one.where.line for one in caught.value.problems] == [line]
    lines = [line for line in translated.text.split("\n") if not line.startswith("%")]
    translated.project.write("articles/tiny/es.md", "\n".join(lines))
    translated.stamp()
    assert translated.project.read()[0].articles["tiny"].versions["es"].outdated == ()
    assert "marks compare" not in translated.text


def test_headings_that_cannot_be_told_apart_are_an_error_and_change_nothing(translated) -> None:
    translated.change("## First part", "## First part\n\n## Between\n\nWords.\n\n## Another")
    translated.project.add("articles/tiny/es.md", "\n## Otra\n\nPalabras.\n")
    before = translated.text
    with pytest.raises(MaroviError, match="has 2 headings where its source has 3 and had 1"):
        translated.refresh()
    assert translated.text == before


@pytest.mark.parametrize(("slug", "language"), [("tinny", "es"), ("tiny", "fr"), ("tiny", "en")])
def test_an_unknown_topic_or_language_is_said(translated, slug, language) -> None:
    from pipeline.config import load
    from pipeline.translate.command import translate

    with pytest.raises(MaroviError):
        translate(load(translated.project.root), slug, language)
