"""Each kind of change that people make finds its way to its place in the source, or is said to have none."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.deploy.drift import Drift
from pipeline.pull import pull
from pipeline.pull.proving import tracer_of
from pipeline.pull.rendering import render_one
from tests.pull.conftest import EDIT, Wiki

EN = "articles/sample-topic/en.md"
# What stood on the page, what a person made of it, and the lines of the source that come and go.
CHANGES = (Path(__file__).parent / "changes.txt").read_text(encoding="utf-8").split("##### ")[1:]


def changed_lines(wiki: Wiki, *changes: tuple[str, str], title: str = "Sample Topic") -> list[str]:
    """The lines of the patch that come or go; everything was taken over and comes out again."""
    now = wiki.edited(*changes, title=title)
    pulled = wiki.pulled(now, title)
    assert pulled.pulls[0].is_whole, pulled.pulls[0]
    assert wiki.made_of(pulled, title) == now
    lines = pulled.patch.split("\n")
    return [line for line in lines if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))]


@pytest.mark.parametrize("change", CHANGES, ids=[change.split("\n")[0] for change in CHANGES])
def test_a_change_comes_into_its_lines_alone(wiki_of_sample: Wiki, change: str) -> None:
    name, old, new, expected = re.fullmatch(r"(.*?)\n(.*)\n=====\n(.*)\n-----\n(.*)\n*", change, re.DOTALL).groups()
    assert changed_lines(wiki_of_sample, (old, new)) == expected.strip("\n").split("\n"), name


def test_a_paragraph_keeps_every_byte_that_was_not_changed(wiki_of_sample: Wiki) -> None:
    lines = changed_lines(
        wiki_of_sample,
        ("emphasis with", "some emphasis with"),
        ("a number 1986", "the number 1987"),
        ('two citations <ref name="cauchy1847" /><ref name="nesterov2018" />', 'a citation <ref name="cauchy1847" />'),
        ("<math>\\eta =", "<math>\\theta ="),
    )
    assert lines[-2:] == [
        "+**Sample Topic** has a {term}`learning rate` $\\theta = \\glue{rate:.3f}$, "
        "*some emphasis with **strong** in it*, `code with {{braces}}`, the",
        "+number {lit}`1987`, a citation {cite}`cauchy1847`, and a footnote[^first].[^second]",
    ]


def test_a_new_link_to_a_renamed_heading_is_followed(wiki_of_sample: Wiki) -> None:
    title = "Sample Topic/summary"
    text = wiki_of_sample.page(title)
    heading = next(line for line in text.split("\n") if line.startswith("== "))
    words = heading.strip("= ")
    pulled = wiki_of_sample.pulled(text.replace(heading, f"== {words} anew =="), title)
    assert pulled.pulls[0].is_whole and f"+## {words} anew" in pulled.patch


@pytest.mark.parametrize(
    ("old", "new", "name", "computed", "written"),
    [
        ("<math>\\eta = 0.050</math>", "<math>\\eta = 0.051</math>", "rate:.3f", "0.050", "0.051"),
        ("1,234,567", "1,234,568", "big:,d", "1,234,567", "1,234,568"),
        ("97.6\\%", "98.6\\%", "share:.1%", "97.6\\%", "98.6\\%"),
        ("| 0.0991\n", "| 0.0999\n", "steps[1].loss", "0.0991", "0.0999"),
        ("rate is 0.05,", "rate is 0.06,", "rate", "0.05", "0.06"),
    ],
)
def test_a_computed_number_is_never_pulled(
    wiki_of_sample: Wiki, old: str, new: str, name: str, computed: str, written: str
) -> None:
    pulled = wiki_of_sample.pulled(wiki_of_sample.edited((old, new)))
    (page,) = pulled.pulls
    (found,) = page.disagreements
    assert (found.name, found.computed, found.written) == (name, computed, written)
    assert found.where.file == EN and found.where.line > 1
    assert (found.by, found.when) == (EDIT.user, EDIT.timestamp)
    assert not page.is_whole and pulled.patch == ""


def test_around_a_changed_number_the_words_are_pulled(wiki_of_sample: Wiki) -> None:
    pulled = wiki_of_sample.pulled(
        wiki_of_sample.edited(("the rate is 0.05,", "the learning rate is 0.06,"), ("* One", "* The first"))
    )
    (page,) = pulled.pulls
    assert [one.written for one in page.disagreements] == ["0.06"] and page.untraced == ()
    made = wiki_of_sample.made_of(pulled)
    assert "the learning rate is 0.05," in made and "* The first" in made


def test_a_sentence_with_a_number_may_go(wiki_of_sample: Wiki) -> None:
    lines = changed_lines(wiki_of_sample, ("; the rate is 0.05, and <math>a|b</math>", ""))
    assert lines[-1] == "+summary: A topic of every kind of node {cite}`cohen2021`."


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("\nrate = 0.05", "\nrate = 0.06", "it is code"),
        ("{{braces}} [[links]] ~~~~</pre>", "{{braces}}</pre>", "it is code"),
        ("return {", "return [{", "code is never pulled"),
        ("| difficulty = Introductory", "| difficulty = Advanced", "made by the pipeline"),
        ("[[Category:Introductory]]", "[[Category:Advanced]]", "made by the pipeline"),
        ("[[Category:Introductory]]", "[[Category:Introductory]]\n[[Category:Mine]]", "made by the pipeline"),
        ("* Two\n", "* [[Nowhere|Two]]\n", "a link to 'Nowhere', which no source makes"),
        ("* Two\n", "* Two<ref>A book.</ref>\n", "it holds a note"),
        ("* Two\n", "* Two {{Unknown}}\n", "the template Unknown"),
        ("* Two\n", "* '''''Two\n", "which may be markup"),
        ("* Two\n", "* Two http://example.org\n", "an address without brackets"),
        ("Comptes Rendus", "C. R.", "made by the pipeline"),
        ("== Cells ==", "{| class=x\n| 1\n|}\n\n== Cells ==", "several lines"),
        ("A quotation\n\n", "A quotation\n\nMore of it\n\n", "in the middle of a block"),
        ("</math>, again ==", "</math>, anew ==", "otherwise"),
    ],
)  # fmt: skip
def test_what_cannot_be_traced_is_said(wiki_of_sample: Wiki, old: str, new: str, why: str) -> None:
    now = wiki_of_sample.edited((old, new))
    pulled = wiki_of_sample.pulled(now)
    (page,) = pulled.pulls
    (found,) = page.untraced
    assert why in found.why
    lines = now.split("\n")
    assert found.now == "" or lines[found.line - 1] == found.now.split("\n")[0]
    assert pulled.patch == "" and page.traced == ()


@pytest.mark.parametrize(
    ("written", "source", "spelled"),
    [
        ("[[Other Topic|Other Topic]]", "[Other Topic](../other-topic/)", "[[Other Topic]]"),
        ("<b>Two</b>", "**Two**", "'''Two'''"),
        ("T&ntilde;o", "Tño", "Tño"),
    ],
)
def test_other_markup_for_the_same_is_pulled_and_reported(
    wiki_of_sample: Wiki, written: str, source: str, spelled: str
) -> None:
    pulled = wiki_of_sample.pulled(wiki_of_sample.edited(("* Two\n", f"* {written}\n")))
    (page,) = pulled.pulls
    assert [one.now for one in page.respelled] == [f"* {written}"] and not page.is_whole
    assert f"+- {source}\n" in pulled.patch
    assert f"\n* {spelled}\n" in wiki_of_sample.made_of(pulled)


def test_one_change_that_cannot_be_traced_does_not_hold_up_another(wiki_of_sample: Wiki) -> None:
    pulled = wiki_of_sample.pulled(wiki_of_sample.edited(("* One", "* [[Nowhere]]"), ("* Three", "* The third")))
    (page,) = pulled.pulls
    assert len(page.traced) == len(page.untraced) == 1
    assert "+- The third" in pulled.patch and "Nowhere" not in pulled.patch


def test_the_patch_is_one_that_git_applies(wiki_of_sample: Wiki, tmp_path: Path) -> None:
    pulled = wiki_of_sample.pulled(wiki_of_sample.edited(("* One", "* 一"), (">Another footnote.", ">Another one.")))
    for file, text in pulled.before.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=pulled.patch.encode(), check=True)
    assert {file: (tmp_path / file).read_text(encoding="utf-8") for file in pulled.after} == pulled.after


def test_lines_that_the_sources_changed_too_are_left_and_the_others_are_traced(wiki_of_sample: Wiki) -> None:
    bot = wiki_of_sample.edited(("* One", "* Once one"), ("A quotation", "A question"))  # what the sources said then
    now = bot.replace("* Once one", "* Once a one").replace("* Three", "* The third")
    pulled = wiki_of_sample.pulled(now, before=bot)
    (page,) = pulled.pulls
    assert page.sources_moved_on and [one.before for one in page.untraced] == ["* Once one"]
    assert [line for line in pulled.patch.split("\n") if line.startswith("+-")] == ["+- The third"]


def test_what_the_sources_say_already_is_not_pulled_again(wiki_of_sample: Wiki) -> None:
    bot = wiki_of_sample.edited(("* One", "* Once one"))
    pulled = wiki_of_sample.pulled(wiki_of_sample.page(), before=bot)
    assert pulled.pulls[0].is_whole and pulled.patch == ""


def test_a_definition_is_pulled_into_the_glossary(wiki_of_sample: Wiki) -> None:
    title = "Glossary:Learning rate/es"
    rendering = render_one(wiki_of_sample.sources, wiki_of_sample.results, {}, title)
    (run,) = rendering.runs
    words = rendering.text[run.start : run.end]
    now = rendering.text.replace(words, f"{words} Y: más")
    pulled = wiki_of_sample.pulled(now, title)
    assert pulled.pulls[0].is_whole and wiki_of_sample.made_of(pulled, title) == now
    assert set(pulled.after) == {"articles/glossary/learning-rate.yaml"}


def test_two_pages_change_one_file(wiki_of_sample: Wiki) -> None:
    changed = []
    for title in ("Glossary:Learning rate", "Glossary:Learning rate/es"):
        rendering = render_one(wiki_of_sample.sources, wiki_of_sample.results, {}, title)
        (run,) = rendering.runs
        now = f"{rendering.text[: run.end]} More{rendering.text[run.end :]}"
        changed.append(Drift(title, rendering.file, (EDIT,), rendering.text, now))
    pulled = pull(changed, wiki_of_sample.sources, wiki_of_sample.results)
    assert [page.is_whole for page in pulled.pulls] == [True, True]
    assert wiki_of_sample.made_of(pulled, changed[0].title) == changed[0].now
    assert wiki_of_sample.made_of(pulled, changed[1].title) == changed[1].now


def test_a_page_that_no_article_makes_and_one_that_a_person_made(wiki_of_sample: Wiki) -> None:
    template = Drift("Template:Term", "templates/wiki/Template/Term.wiki", (EDIT,), "a\nb", "a\nc")
    own = replace(template, title="Sample Topic", before="", now="mine")
    emptied, redirect = replace(own, before="a", now=""), replace(own, before="a", now="#REDIRECT [[b]]")
    given = [template, own, emptied, redirect]
    pages = pull(given, wiki_of_sample.sources, wiki_of_sample.results).pulls
    assert "change templates/wiki/Template/Term.wiki" in pages[0].untraced[0].why and pages[0].untraced[0].line == 2
    whys = [page.untraced[0].why for page in pages[1:]]
    assert "a person made this page" in whys[0] and "was emptied" in whys[1] and "a redirect" in whys[2]


@pytest.mark.parametrize("title", ["Sample Topic", "Sample Topic/es", "Sample Topic/zh", "Sample Topic/summary"])
def test_the_place_of_every_run_of_words_is_known(wiki_of_sample: Wiki, title: str) -> None:
    rendering = render_one(wiki_of_sample.sources, wiki_of_sample.results, {}, title)
    tracer = tracer_of(rendering, wiki_of_sample.sources)
    runs = [run for run in rendering.runs if not run.value]
    assert len(runs) > 3
    for run in runs:
        tracer.source_signs(run)  # raises Lost where the source does not read as the page
