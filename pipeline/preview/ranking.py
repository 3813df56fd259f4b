"""Find the pages that have all that was asked for, the best one first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.memo.reading import SUMMARY
from pipeline.memo.texts import CONCEPT, TOPIC, PageText
from pipeline.preview.wanted import Term

KINDS = (TOPIC, SUMMARY, CONCEPT)
Rank = tuple[bool, bool, int, int, bool, int, int, int, str, str]


def ranked(pages: Iterable[PageText], terms: Sequence[Term], language: str) -> list[PageText]:
    """The pages in which every term stands, in order.

    Those in the reader's `language` come first; then the title decides, then the headings, then whether the terms are
    whole words there, then how often they stand there.
    """
    if not terms:
        return []
    found = [page for page in pages if all(term.is_in(page.folded_text) for term in terms)]
    return sorted(found, key=lambda page: _rank(page, terms, language))


def by_topic(pages: Iterable[PageText]) -> list[tuple[PageText, ...]]:
    """The pages with those in other languages put beside the first of each, in the same order."""
    found: dict[str, list[PageText]] = {}
    for page in pages:
        found.setdefault(page.folder.removeprefix(f"{page.language}/"), []).append(page)
    return [tuple(same) for same in found.values()]


def _rank(page: PageText, terms: Sequence[Term], language: str) -> Rank:
    title = page.folded_title
    is_other = title != " ".join(term.text for term in terms)
    return (
        page.language != language,
        is_other or page.kind == CONCEPT,  # a page says more than the glossary
        -sum(term.fit(title) for term in terms),
        -sum(term.fit(page.folded_headings) for term in terms),
        is_other,
        -sum(term.fit(page.folded_text) for term in terms),
        -sum(term.count(page.folded_text) for term in terms),
        KINDS.index(page.kind),
        page.language,
        title,
    )
