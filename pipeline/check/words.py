"""One word a concept: a {term} shows the concept's own word, and prose uses none that the glossary says to avoid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.check.prose import Places, Run, is_wide, runs
from pipeline.errors import Problem
from pipeline.read.article import Concept, ConceptText, Sources
from pipeline.read.document import Term, walk

WORD = re.compile(r"[^\W_]+")
# What a language puts between words, so that a term may be inflected or shortened around it.
SMALL = frozenset(WORD.findall("a an and con de del el en for in la las los of por se the to un una y"))
ENDING = 3  # signs by which an inflected word may differ at its end
STEM = 5  # signs that make two words one family: desvanecerse, desvanecimiento


def words(sources: Sources) -> Iterator[Problem]:
    yield from _shown(sources)
    yield from _avoided(sources)


def _shown(sources: Sources) -> Iterator[Problem]:
    for topic in sources.articles.values():
        for page in topic.pages:
            for language, version in page.versions.items():
                head = version.metadata
                captions = () if page.parent else tuple(figure.caption for figure in head.figures.values())
                for node in walk((head.summary, head.key_points, captions, version.document)):
                    if isinstance(node, Term) and language in sources.concepts[node.key].texts:
                        right = _right(sources.concepts[node.key].texts[language])
                        if not any(_is_form(node.text, word) for word in right):
                            message = f"{node.text!r} stands for the concept {node.key!r}"
                            choices = " or ".join(map(repr, right))
                            remedy = f"say {choices}, or add an alias to {sources.concepts[node.key].file}"
                            yield Problem(node.where, message, remedy, "term")


def _right(text: ConceptText) -> list[str]:
    """The words a page may use for a concept; an alias to avoid is only told to who looks for it."""
    return [text.term, *(word for word in text.aliases if word not in text.avoid)]


def _is_form(shown: str, word: str) -> bool:
    """Whether `shown` is a form of `word`: inflected, shortened to some of its words, or with more words around it."""
    if any(map(is_wide, word)):
        return word in shown or shown in word
    ours, theirs = _content(shown), _content(word)
    return _within(ours, theirs) or _within(theirs, ours)


def _content(text: str) -> list[str]:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    found = WORD.findall(bare)
    return [word for word in found if word not in SMALL] or found


def _within(some: list[str], all_: list[str]) -> bool:
    return all(any(_inflected(one, other) for other in all_) for one in some)


def _inflected(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    same = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    return one == other or same >= STEM or (same >= 3 and max(len(one), len(other)) - same <= ENDING)


def _avoided(sources: Sources) -> Iterator[Problem]:
    places = Places(sources.root)
    for language in sources.languages:
        wrong = {
            word: concept
            for concept in sources.concepts.values()
            if language in concept.texts
            for word in concept.texts[language].avoid
        }
        if not wrong:
            continue
        right = [
            word
            for concept in sources.concepts.values()
            if language in concept.texts
            for word in _right(concept.texts[language])
        ]
        avoided, allowed = _any_of(wrong), _any_of(right)
        for run in runs(sources, (language,)):
            if run.kind == "alias":
                continue
            yield from _avoided_in(run, wrong, avoided, allowed, places)


def _avoided_in(
    run: Run, wrong: dict[str, Concept], avoided: re.Pattern[str], allowed: re.Pattern[str], places: Places
) -> Iterator[Problem]:
    matches = list(avoided.finditer(run.text))
    kept = [found.span() for found in allowed.finditer(run.text)] if matches else []
    for found in matches:
        inside = any(start <= found.start() and found.end() <= end for start, end in kept)
        if inside or any(start <= found.start() < end for start, end in run.foreign):
            continue  # a part of another concept's word, or a word that is spoken of
        concept = wrong[next(word for word in wrong if word.casefold() == found[0].casefold())]
        message = f"{found[0]!r} is not this wiki's word for {concept.key!r}"
        term = concept.texts[run.language].term
        yield Problem(places.of(run, found.start()), message, f"say {term!r}", "term")


def _any_of(choices: dict[str, Concept] | list[str]) -> re.Pattern[str]:
    """A pattern for whole words, of which Chinese has none."""
    parts = []
    for word in sorted(choices, key=len, reverse=True):
        edges = ("", "") if any(map(is_wide, word)) else (r"(?<!\w)", r"(?!\w)")
        parts.append(edges[0] + re.escape(word) + edges[1])
    return re.compile("|".join(parts), re.IGNORECASE)
