"""A number that disagrees with the computed one is that of the person whose edit brought it, not of all editors."""

from __future__ import annotations

import pytest

from pipeline.deploy.drift import Drift, Edit
from pipeline.pull import pull
from pipeline.pull.outcome import Disagreement
from pipeline.pull.show import show_pulled
from tests.pull.conftest import Wiki

ANA, BEN, EVA = (Edit(number, user, f"2026-11-2{number}T12:00:00Z", "") for number, user in
                 ((1, "Ana"), (2, "Ben"), (3, "Eva")))  # fmt: skip
NUMBER = ("1,234,567", "1,234,568")


def found(wiki: Wiki, *versions: tuple[Edit, str | None]) -> Disagreement:
    """The one disagreement of the last of these versions, the oldest first."""
    edits, texts = zip(*reversed(versions), strict=True)
    drift = Drift("Sample Topic", "articles/sample-topic/en.md", edits, wiki.page(), texts[0] or "", False, texts)
    pulled = pull([drift], wiki.sources, wiki.results)
    (one,) = pulled.pulls[0].disagreements
    assert (one.computed, one.written) == NUMBER
    said = show_pulled(pulled.pulls)
    assert f"{one.by} wrote 1,234,568" in said if one.by else "who is not known: " in said
    return one


def test_the_first_who_wrote_it_is_named_though_others_edited_before_and_after(wiki_of_sample: Wiki) -> None:
    other = ("* One", "* Once one")
    texts = [wiki_of_sample.edited(other), wiki_of_sample.edited(other, NUMBER)]
    texts.append(texts[1].replace("* Three", "* The third"))
    one = found(wiki_of_sample, (ANA, texts[0]), (BEN, texts[1]), (EVA, texts[2]))
    assert (one.by, one.when, one.revision) == ("Ben", BEN.timestamp, 2)


def test_who_wrote_it_again_after_it_was_corrected_is_named(wiki_of_sample: Wiki) -> None:
    wrong = wiki_of_sample.edited(NUMBER)
    one = found(wiki_of_sample, (ANA, wrong), (BEN, wiki_of_sample.page()), (EVA, wrong))
    assert (one.by, one.revision) == ("Eva", 3)


def test_who_wrote_another_wrong_number_before_is_not_named(wiki_of_sample: Wiki) -> None:
    before = wiki_of_sample.edited((NUMBER[0], "1,234,500"))
    one = found(wiki_of_sample, (ANA, before), (BEN, wiki_of_sample.edited(NUMBER)))
    assert (one.by, one.revision) == ("Ben", 2)


@pytest.mark.parametrize("first", [ANA, BEN], ids=["another person's", "the same person's"])
def test_behind_a_hidden_text_nobody_is_accused(first: Edit, wiki_of_sample: Wiki) -> None:
    one = found(wiki_of_sample, (first, None), (BEN, wiki_of_sample.edited(NUMBER)))
    if first is BEN:
        assert (one.by, one.revision, one.unknown) == ("Ben", 0, "")
    else:
        assert (one.by, one.unknown) == ("", "the text of revision 1 by Ana is hidden")


def test_nobody_is_accused_where_an_older_version_of_the_line_cannot_be_followed(wiki_of_sample: Wiki) -> None:
    wrong = wiki_of_sample.edited(NUMBER)
    (line,) = (line for line in wrong.split("\n") if NUMBER[1] in line)
    strange = wrong.replace(line, f"{{{{Box|{line}}}}}\nand more\nlines")
    one = found(wiki_of_sample, (ANA, strange), (BEN, wrong))
    assert one.by == "" and one.unknown == "revision 1 had that line in a form of its own"
