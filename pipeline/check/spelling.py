"""Each word is one of its language: in a hunspell dictionary, in articles/words/, or the name of somebody cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.check.lexicon import Lexicon, find_dictionary
from pipeline.check.prose import Places, Run, runs
from pipeline.config import Config
from pipeline.errors import Problem, Where
from pipeline.read.article import Sources

FOLDER = "articles/words"
FOREIGN = "en"
# Languages written without spaces between their words: only the foreign words in them can be looked up.
UNSPACED = {"zh", "ja", "th"}
WORD = re.compile(r"(?<![\w\\])[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w])")
POSSESSIVE = re.compile(r"['’]s$")
ACRONYM = re.compile(r"[A-Z]{2,6}s?")
NO_LETTERS = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff]+|[\u00b2\u00b3\u00b9\u2070-\u209f]"
)  # Chinese characters, and what Python takes for letters


def spelling(sources: Sources) -> Iterator[Problem]:
    """Words that are in no dictionary, with what may have been meant; and languages that have no dictionary."""
    names = _cited(sources) | word_list(sources.root, "names")
    lists = {language: names | word_list(sources.root, language) for language in sources.languages}
    for language in UNSPACED & lists.keys():
        lists[language] |= lists.get(FOREIGN, frozenset())
    places = Places(sources.root)
    with lexicons(sources, sources.languages) as found:
        for language in set(sources.languages) - found.keys() - UNSPACED:
            remedy = f"install one (on Debian or Ubuntu: apt-get install hunspell-{language}): no word is looked up"
            message = f"there is no hunspell dictionary for {language!r}"
            yield Problem(Where("pyproject.toml"), message, remedy, "spelling")
        for run in runs(sources):
            language = FOREIGN if run.language in UNSPACED else run.language
            if language in found:
                others = [(found[other], lists[other]) for other in found if other != language]
                yield from _wrong(run, found[language], lists[run.language], others, places)


@contextmanager
def lexicons(sources: Sources, languages: Iterable[str]) -> Iterator[dict[str, Lexicon]]:
    """The dictionaries there are for these languages; what was looked up in them is remembered at the end."""
    memory = Config(sources.root).state / "spelling"
    found = {}
    for language in languages:
        path = None if language in UNSPACED else find_dictionary(language)
        if path is not None:
            found[language] = Lexicon(path, memory / f"{language}.json")
    try:
        yield found
    finally:
        for lexicon in found.values():
            lexicon.remember()


def word_list(root: Path, language: str) -> frozenset[str]:
    """The project's own words of a language, one a line; what follows a # is a remark."""
    path = root / FOLDER / f"{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return frozenset(filter(None, (line.partition("#")[0].strip() for line in lines)))


def words(run: Run) -> Iterator[tuple[int, str]]:
    """The words of a run with their offsets, but neither acronyms nor single letters nor what has a digit in it."""
    spaced = NO_LETTERS.sub(lambda found: " " * len(found[0]), run.text)
    for found in WORD.finditer(spaced):
        if len(found[0]) > 1 and not ACRONYM.fullmatch(POSSESSIVE.sub("", found[0])):
            yield found.start(), found[0]


def is_listed(word: str, listed: frozenset[str]) -> bool:
    """Whether a list has the word: as it stands, in lower case, or without a possessive s."""
    bare = POSSESSIVE.sub("", word)
    return bool({word, word.lower(), bare, bare.lower()} & listed)


def _wrong(
    run: Run,
    lexicon: Lexicon,
    listed: frozenset[str],
    others: Sequence[tuple[Lexicon, frozenset[str]]],
    places: Places,
) -> Iterator[Problem]:
    for offset, word in words(run):
        plain = word.replace("’", "'")
        if is_listed(word, listed) or plain in lexicon:
            continue
        foreign = run.kind == "alias" or any(start <= offset < end for start, end in run.foreign)
        if foreign and any(is_listed(word, theirs) or plain in other for other, theirs in others):
            continue  # words of another language stand in italics or in quotes
        meant = lexicon.meant(plain)
        choices = " or ".join(repr(other) for other in meant)
        remedy = f"did you mean {choices}? " if meant else ""
        lists_of = FOREIGN if run.language in UNSPACED else run.language
        remedy += f"a new term goes into {FOLDER}/{lists_of}.txt, a name into {FOLDER}/names.txt"
        yield Problem(places.of(run, offset), f"{word!r} is not in the dictionary", remedy, "spelling")


def _cited(sources: Sources) -> frozenset[str]:
    """The names and titles of articles/references.bib."""
    found: set[str] = set()
    for reference in sources.references.values():
        for text in reference.fields.values():
            found.update(word for word in re.findall(r"[^\W\d_]+", text) if word[:1].isupper())
    return frozenset(found)
