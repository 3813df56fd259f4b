"""A page whose words a person wrote keeps the commit it names, until something else of it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.render import render
from pipeline.render.adopted import as_taken_over
from pipeline.render.page import Rendered
from pipeline.taken_over import TakenOver

TITLE = "Sample Topic/es"
WIKI = "https://wiki.example.org/w/"


@pytest.fixture
def before_and_after(sample, sample_results):
    def made(commit: str):
        return render(sample, sample_results, dict.fromkeys(sample_results, commit))

    return made("aaaaaaa")[0], *made("bbbbbbb")


def text_of(rendered: Rendered, title: str = TITLE) -> str:
    return next(page.text for page in rendered.pages if page.title == title)


def test_the_text_that_stands_on_the_wiki_stays_to_the_letter(sample, before_and_after) -> None:
    before, after, models = before_and_after
    stands = next(page for page in before.pages if page.title == TITLE)
    kept = as_taken_over(after, models, sample, {WIKI: {TITLE: TakenOver(7, stands.sha1, "aaaaaaa")}})
    assert text_of(kept) == stands.text != text_of(after)
    others = [page for page in kept.pages if page.title != TITLE]
    assert others == [page for page in after.pages if page.title != TITLE]
    assert set(kept.taken_over[WIKI]) == {TITLE}


def test_a_page_that_changed_otherwise_names_the_present_commit(sample, before_and_after) -> None:
    _, after, models = before_and_after
    kept = as_taken_over(after, models, sample, {WIKI: {TITLE: TakenOver(7, "0" * 40, "aaaaaaa")}})
    assert kept.pages == after.pages
    assert replace(kept, taken_over={}) == after


def test_the_revision_of_any_of_several_wikis_will_do(sample, before_and_after) -> None:
    before, after, models = before_and_after
    stands = next(page for page in before.pages if page.title == TITLE)
    record = {"https://a.example.org/": {TITLE: TakenOver(3, "0" * 40, "ccccccc")}}
    kept = as_taken_over(after, models, sample, record | {WIKI: {TITLE: TakenOver(7, stands.sha1, "aaaaaaa")}})
    assert text_of(kept) == stands.text
