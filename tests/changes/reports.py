"""Reports for tests: any that foreign code may write, and one of everything."""

from __future__ import annotations

from hypothesis import strategies as st

from pipeline.changes.model import Changes, Number, Page, Paragraph, Picture, Topic, Translation, Version

NASTY = "@maintainers #1 <img src=x onerror=alert(1)> | `x` [a](http://example.org) ![b](http://example.org/c.png)"
WORDS = st.sampled_from([NASTY, "x", "", "a\nb", "\u202e\u200b", "數" * 40, "|" * 50]) | st.text(max_size=30)
SOME = st.lists(WORDS, max_size=4).map(tuple)
NUMBERS = st.lists(st.builds(Number, WORDS, st.none() | WORDS, st.none() | WORDS, SOME), max_size=6).map(tuple)
PARAGRAPHS = st.lists(st.builds(Paragraph, WORDS, WORDS, WORDS, WORDS, st.integers(0, 10**6)), max_size=3).map(tuple)
REPORTS = st.builds(
    Changes,
    WORDS,
    WORDS,
    st.lists(st.builds(Topic, WORDS, WORDS, WORDS, WORDS, NUMBERS, NUMBERS, SOME, SOME), max_size=4).map(tuple),
    st.lists(st.builds(Picture, WORDS, WORDS, WORDS, st.booleans()), max_size=4).map(tuple),
    st.lists(st.builds(Translation, WORDS, SOME, SOME, SOME, PARAGRAPHS), max_size=4).map(tuple),
    st.lists(st.builds(Version, WORDS, WORDS, WORDS, WORDS), max_size=4).map(tuple),
    st.lists(st.builds(Page, WORDS, WORDS, WORDS), max_size=6).map(tuple),
    SOME,
)


def huge(text: str, count: int) -> Changes:
    """A report in which everything is there `count` times, with one text in all places."""
    numbers = tuple(Number(text, text, text, (text,) * 20) for _ in range(count))
    topics = tuple(
        Topic(text, text, text, text + "2", numbers, numbers, (text,) * 5, (text,) * 5) for _ in range(count)
    )
    return Changes(
        text,
        text,
        topics,
        (Picture(text, "changed", text),) * count,
        (Translation(text, (text,) * 9, (text,) * 9, (text,) * 9, (Paragraph(text, text, text, text, 7),) * 3),)
        * count,
        (Version(text, text, text, text),) * count,
        tuple(Page(text, text + str(number), "new") for number in range(count)),
        (text,) * count,
    )
