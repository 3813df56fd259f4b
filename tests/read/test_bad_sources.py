"""What bad input gets: one line a problem, with the place, the reason and the remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Only = Callable[[], str]
EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"


def test_the_sample_has_no_problem(project) -> None:
    assert project.problems() == []


# file, text to replace, what it becomes, what the problem must start with and hold
CASES = {
    "broken YAML": (EN, "title: Tiny Topic", "title: [Tiny", f"{EN}:2:8: broken YAML", "quote"),
    "unknown key": (EN, "field:", "feild:", f"{EN}:3:1: unknown key 'feild'", "did you mean 'field'?"),
    "missing key": (EN, "difficulty: Introductory\n", "", f"{EN}:2:1: the key 'difficulty' is missing", "add"),
    "wrong type": (EN, "[It is small.]", "It is small.", f"{EN}:9:13: 'key_points' does not fit", "list"),
    "duplicate key": (EN, "field: Machine", "title: x\nfield: Machine", f"{EN}:3:1: the key 'title'", "keep one"),
    "wrong choice": (EN, "y: Introductory", "y: Introductry", f"{EN}:5:13: difficulty", "'Introductory'?"),
    "unknown category": (EN, "field: Machine", "field: Machin", f"{EN}:3:8: unknown category", "'Machine Learning'?"),
    "unknown prerequisite": (EN, "[neural-networks]", "[neural-network]", f"{EN}:6:17: unknown topic", "'neural-networks'?"),
    "wrong date": (EN, "2026-11-21", "yesterday", f"{EN}:12:30: 'generated_date' does not fit", "2026-11-21"),
    "unknown role": (EN, "{cite}`", "{cites}`", f"{EN}:14:44: unknown role 'cites'", "did you mean 'cite'?"),
    "unknown reference": (EN, "cauchy1847", "cauchy1487", f"{EN}:14:44: unknown reference", "'cauchy1847'?"),
    "unknown term": (EN, "`learning rate`", "`lerning rate`", f"{EN}:14:22: unknown glossary term", "'learning rate'?"),
    "unknown directive": (EN, "{code-cell}", "{code-sell}", f"{EN}:18:1: unknown directive", "'code-cell'?"),
    "unknown option": (EN, ":label: first", ":label: first\n:lable: x", f"{EN}:20:1: unknown option", "'label'?"),
    "no label": (EN, ":label: first\n", "", f"{EN}:18:1: a code cell without a label", ":label: name"),
    "link to nowhere": (EN, "../neural-networks/", "../neural-nets/", f"{EN}:23:39: link to nowhere", "'neural-networks'?"),
    "strange link": (EN, "../neural-networks/", "somewhere.html", f"{EN}:23:39: link to nowhere", "../its-slug/"),
    "dead anchor": (EN, "(#first-part)", "(#first-prat)", f"{EN}:23:5: no heading of {EN} has the id", "'first-part'?"),
    "open fence": (EN, "3)\n```\n", "3)\n", f"{EN}:18:1: a code block that is never closed", "close it"),
    "title in the text": (EN, "## First", "# First", f"{EN}:16:1: a heading of level 1", "use ##"),
    "glue that names nothing": (EN, "`count`", "`1count`", f"{EN}:8:21: '1count' does not name", "{glue}"),
    "glue that names nothing, in quotes": (EN, "A topic of {glue}`count` lines.", '"A topic of {glue}`1count` lines."', f"{EN}:8:22: '1count' does not name", "{glue}"),
    "quote that never ends": (EN, "title: Tiny", 'title: "Tiny', f"{EN}:2:8: broken YAML", "quote"),
    "footnote without text": (EN, "See [", "See[^n] [", f"{EN}:23:4: the footnote 'n' has no text", "[^n]:"),
    "open brace in a formula": (EN, "See [", "See $\\frac{1{2}$ [", f"{EN}:23:5: a formula with a {{", "balance"),
    "literal without braces in a formula": (EN, "See [", "See $\\lit 12$ [", f"{EN}:23:5: \\lit without braces", "\\lit{1986}"),
    "empty literal in a formula": (EN, "See [", "See $x\\lit{ }$ [", f"{EN}:23:5: an empty", "write the number"),
    "table with a row too long": (EN, "See [", "| a |\n|--|\n| $x|y$ |\n\nSee [", f"{EN}:25:1: a table row", "\\|"),
    "picture that is not there": (EN, "See [", "![a](b.png)\n\nSee [", f"{EN}:23:1: there is no picture 'b.png'", "PNG"),
    "picture without words": (EN, "See [", "x ![a](b.png) [", f"{EN}:23:3: a picture stands inside", "paragraph"),
    "title MediaWiki cannot have": (EN, "Tiny Topic\nfield", "Tiny <Topic>\nfield", f"{EN}:2:1: the title", "choose"),
    "unpaired emphasis": (EN, "See [", "**注意：**文字 [", f"{EN}:23:1: a `*` that does not pair up", "punctuation"),
    "unpaired dollar sign": (EN, "See [", "$h = $ [", f"{EN}:23:1: a `$` that does not pair up", "no space inside"),
    "translation without its summary": (ES, "summary: Un tema de {glue}`count` líneas.\n", "", f"{ES}:2:1: the key 'summary'", "add"),
    "translation without a caption": (ES, "figures:\n  curve: {caption: Una curva., alt: Sube.}\n", "", f"{ES}:2:1: the translation key figures.curve", "caption"),
    "translation with a source's key": (ES, "summary:", "difficulty: Advanced\nsummary:", f"{ES}:3:1: unknown key", "known"),
    "translation that misses a cell": (ES, "```{embed} #first\n```\n", "", f"{ES}:2:1: the cell 'first' is missing", "{embed}"),
    "embed of nothing": (ES, "#first", "#frist", f"{ES}:12:1: no cell is labelled 'frist'", "did you mean 'first'?"),
    "translation that misses a heading": (ES, "## Primera parte\n", "", f"{ES}:2:1: 0 headings where", "sections"),
    "term of the wrong language": (ES, "`tasa de aprendizaje`", "`learning rate`", f"{ES}:8:29: unknown glossary term", "tasa de aprendizaje"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_line_says_where_what_and_what_to_do(name: str, project) -> None:
    file, old, new, start, remedy = CASES[name]
    project.change(file, old, new)
    found = project.problems()
    assert any(line.startswith(start) and remedy in line for line in found), found


def test_all_problems_show_in_one_run(project) -> None:
    project.change(EN, "{cite}`cauchy1847`", "{site}`cauchy1847`")
    project.change(EN, "../neural-networks/", "../nowhere/")
    project.change(ES, "{cite}`cauchy1847`", "{cite}`nobody`")
    assert len(project.problems()) == 3


def test_a_file_that_is_not_utf8(project, problem: Only) -> None:
    project.write(EN, "---\ntitle: Caf\xe9\n---\n".encode("latin-1"))
    assert problem() == f"{EN}:2:11: is not UTF-8 (byte 0xe9); save it with the encoding UTF-8 [encoding]"


def test_a_file_with_windows_line_ends(project, problem: Only) -> None:
    text = (project.root / EN).read_bytes()
    project.write(EN, text.replace(b"\n", b"\r\n"))
    assert problem().startswith(f"{EN}:1:4: has Windows line ends (CRLF); save it with LF")


def test_an_empty_file(project, problem: Only) -> None:
    project.write(ES, "\n \n")
    assert problem() == f"{ES}:1:1: is empty; write it, or delete the file [empty]"


def test_a_file_without_text_below_its_head(project) -> None:
    text = (project.root / ES).read_text()
    project.write(ES, text[: text.index("**Tema")])
    assert any("has a head but no text" in line for line in project.problems())


def test_a_label_used_twice(project, problem: Only) -> None:
    project.add(EN, "\n```{code-cell} python\n:label: first\nx = 1\n```\n")
    assert problem().startswith(f"{EN}:25:1: the label 'first' is used twice, first on line 18")


def test_two_topics_with_one_title(project, problem: Only) -> None:
    project.write("articles/other/en.md", (project.root / EN).read_text())
    assert problem() == (
        "articles/tiny/en.md:2:1: the title 'Tiny Topic' is taken by articles/other/en.md; "
        "give each topic a title of its own [title]"
    )


def test_a_topic_without_its_source(project) -> None:
    (project.root / EN).unlink()
    assert project.problems() == [f"{EN}:1:1: is missing; write it: it is the source of the topic [unreadable]"]


def test_a_file_of_an_unknown_language(project, problem: Only) -> None:
    project.write("articles/tiny/ens.md", "x")
    assert problem().startswith("articles/tiny/ens.md:1:1: 'ens' is not a configured language; did you mean")


def test_a_concept_without_a_language(project) -> None:
    project.change(
        "articles/glossary/learning-rate.yaml",
        "es: {term: tasa de aprendizaje, definition: Cuánto avanza un paso.}\n",
        "",
    )
    assert any(
        line.startswith("articles/glossary/learning-rate.yaml:1:1: the translation key 'es' is missing")
        for line in project.problems()
    )


def test_a_word_that_two_concepts_claim(project) -> None:
    text = (project.root / "articles/glossary/learning-rate.yaml").read_text()
    project.write("articles/glossary/step.yaml", text)
    assert any("'step size' (en) is a word for 'learning-rate' and for 'step'" in line for line in project.problems())


def test_a_reference_with_a_missing_field(project, problem: Only) -> None:
    project.change("articles/references.bib", "  journal = {Comptes Rendus},\n", "")
    assert problem().startswith("articles/references.bib:1:1: cauchy1847: the field 'journal' is missing")


def test_a_message_that_is_not_translated(project, problem: Only) -> None:
    project.add("templates/messages/en.yaml", "notes: Notes\n")
    assert problem() == "templates/messages/es.yaml:1:1: the translation key 'notes' is missing; add notes: … [key]"


def test_an_unknown_setting(project) -> None:
    from pipeline.config import load
    from pipeline.errors import ConfigurationError

    project.change("pyproject.toml", "languages", "langauges")
    with pytest.raises(ConfigurationError, match=r"no setting 'langauges'; did you mean 'languages'\?"):
        load(project.root)


def test_planned_topics_may_all_be_written(project) -> None:
    project.write("articles/planned.yaml", "# none\n")
    project.change(EN, "[neural-networks]", "[]")
    project.change(EN, " and [networks](../neural-networks/)", "")
    assert project.problems() == []


BIB = "articles/references.bib"


@pytest.mark.parametrize("new", ["year = {1847,", "year = {{1847},"])
def test_a_bibliography_that_cannot_be_read_makes_no_citation_wrong(new: str, project, problem: Only) -> None:
    project.change(BIB, "year = {1847},", new)
    assert problem().startswith(f"{BIB}:1:1: cannot be read")


def test_a_citation_is_still_wrong_beside_an_entry_that_lacks_a_field(project) -> None:
    project.change(BIB, "  journal = {Comptes Rendus},\n", "")
    project.change(EN, "cauchy1847", "cauchy1487")
    assert len(project.problems()) == 2


def test_a_concept_that_cannot_be_read_makes_no_term_wrong(project, problem: Only) -> None:
    project.change("articles/glossary/learning-rate.yaml", "domain: ", "domain: [")
    assert problem().startswith("articles/glossary/learning-rate.yaml:1:9: broken YAML")


def test_what_follows_from_nothing_else_stays(project) -> None:
    project.change(EN, "{code-cell}", "{code-sell}")
    project.change(ES, "`tasa de aprendizaje`", "`tasa`")
    rules = [line.rpartition("[")[2] for line in project.problems()]
    assert rules == ["unknown-directive]", "term]"]
