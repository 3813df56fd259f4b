"""A translation knows the text it was made from, and finds out when that moves on."""

from __future__ import annotations

from dataclasses import replace

from pipeline.translate import stamp

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"


def stamped(project) -> str:
    sources, problems = project.read()
    assert problems == ()
    text = (project.root / ES).read_text()
    project.write(ES, stamp(sources.articles["tiny"], "es", text))
    return text


def outdated(project) -> tuple[str, ...]:
    return project.read()[0].articles["tiny"].versions["es"].outdated


def test_a_stamp_changes_nothing_but_its_own_key(project) -> None:
    before = stamped(project)
    after = (project.root / ES).read_text()
    assert [line for line in after.split("\n") if line not in before.split("\n")] == [
        "translated_from:",
        *[line for line in after.split("\n") if line.startswith(('  "": ', "  first-part: "))],
    ]
    assert outdated(project) == ()


def test_stamping_twice_gives_the_same_file(project) -> None:
    stamped(project)
    once = (project.root / ES).read_text()
    stamped(project)
    assert (project.root / ES).read_text() == once


def test_a_section_that_changed_is_outdated_and_no_other(project) -> None:
    stamped(project)
    project.change(EN, "See [the first part]", "Look at [the first part]")
    assert outdated(project) == ("first-part",)


def test_wrapping_a_paragraph_anew_outdates_nothing(project) -> None:
    stamped(project)
    project.change(EN, "and [networks]", "and\n[networks]")
    assert outdated(project) == ()


def test_a_new_section_is_outdated_until_it_is_translated(project) -> None:
    stamped(project)
    project.add(EN, "\n## More\n\nWords.\n")
    project.add(ES, "\n## Más\n\nPalabras.\n")
    assert outdated(project) == ("more",)


def test_a_digest_of_digits_alone_stays_a_word(project) -> None:
    article = project.read()[0].articles["tiny"]
    sections = {"": "298545090637", "first-part": "12345e678901"}
    digits = replace(article, source=replace(article.source, sections=sections))
    text = stamp(digits, "es", (project.root / "articles/tiny/es.md").read_text())
    project.write("articles/tiny/es.md", text)
    stamped = project.read()[0].articles["tiny"].versions["es"].metadata.translated_from
    assert stamped == sections
