"""Whatever a person does to a page: what is said to be traced comes out of the patched sources as they wrote it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pull.conftest import Wiki

pytestmark = pytest.mark.slow

TITLES = ["Sample Topic", "Sample Topic/es", "Sample Topic/zh", "Sample Topic/summary", "Glossary:Learning rate/es"]
SIGNS = st.text("aé中 *_`$[]{}|&<>\\'\"#-+=:;.,!12%~", min_size=1, max_size=6)
PIECES = st.one_of(
    SIGNS,
    st.sampled_from([
        "word", "a word or two", "0.051", "in 1986,", "''so''", "'''so'''", "<math>x^2</math>", "<code>x|y</code>",
        "[[Other Topic|elsewhere]]", "[[Other Topic]]", "[[Nowhere]]", "[https://example.org out]", "&nbsp;",
        "<!-- x -->", "{{Term|gradient|slope}}", '<ref name="cauchy1847" />', "<ref>A source.</ref>", "<br />",
        "[[#Lists|below]]",
        "<nowiki>''</nowiki>", "{{Unknown|x}}", "https://example.org", "\n", "\n\n", "\n* item", "\n\nA paragraph.\n\n",
        "\n== Heading ==\n", "\n|-\n| a\n| b\n| c", "\n<math display=\"block\">\ny\n</math>\n",
    ]),
)  # fmt: skip
Edit = Callable[[str], str]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """Put something in at a place, in the place of what stands there, or take a line out."""
    where, length, piece = draw(st.floats(0, 1)), draw(st.integers(0, 12)), draw(PIECES)
    kind = draw(st.sampled_from(["insert", "replace", "delete", "line", "word"]))

    def edit(text: str) -> str:
        place = int(where * len(text))
        if kind == "insert":
            return text[:place] + piece + text[place:]
        if kind == "replace":
            return text[:place] + piece + text[place + length :]
        if kind == "delete":
            return text[:place] + text[place + length :]
        if kind == "word":
            start = text.find(" ", place)
            end = text.find(" ", start + 1)
            return text if min(start, end) < 0 else f"{text[:start]} {piece}{text[end:]}"
        lines = text.split("\n")
        del lines[int(where * (len(lines) - 1))]
        return "\n".join(lines)

    return edit


@pytest.mark.parametrize("title", TITLES)
@given(st.lists(edits(), min_size=1, max_size=4))
@settings(max_examples=60)
def test_what_is_traced_comes_out_as_the_person_wrote_it(wiki_of_sample: Wiki, title: str, done: list[Edit]) -> None:
    before = now = wiki_of_sample.page(title)
    for edit in done:
        now = edit(now)
    pulled = wiki_of_sample.pulled(now, title)
    (page,) = pulled.pulls
    made = wiki_of_sample.made_of(pulled, title)
    if page.is_whole:
        assert made == now
    elif not page.disagreements and not page.respelled:
        known = {*before.split("\n"), *now.split("\n")}
        assert [line for line in made.split("\n") if line not in known] == []
    for one in page.traced:
        if not page.disagreements:
            assert one.now in made
    assert (made == before) == (not page.traced and not page.respelled)
    if now != before:
        assert page.traced or page.respelled or page.untraced or page.disagreements
