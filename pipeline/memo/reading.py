"""Reading as queries: each file by itself, its head apart from its prose, and what others look at apart from both.

A topic's pages are told by the slug and a part: "" is the article, "summary" the page beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.memo.engine import Memo, query
from pipeline.memo.inputs import content, listing, stamp
from pipeline.read import shared, summary, version
from pipeline.read.article import Concept, Metadata, Reference, Version
from pipeline.read.context import Known, Reading
from pipeline.read.document import CodeCell, Document, Glue, GluedTable, Heading, unplaced, walk_blocks
from pipeline.read.sections import section_hashes
from pipeline.read.shared import Problems
from pipeline.read.source import load
from pipeline.read.vocabulary import Words
from pipeline.tongues import names_of

ARTICLE, SUMMARY = "", summary.FOLDER

# --- what all topics share --------------------------------------------------------------------------


@query
def topics(memo: Memo) -> tuple[Mapping[str, str], Problems]:
    """Slug -> folder, by slug."""
    listing(memo, shared.ARTICLES)
    listing(memo, shared.PAPERS)
    folders, problems = shared.topic_folders(memo.given.config)
    return {folder.name: folder.relative_to(memo.given.root).as_posix() for folder in folders}, problems


@query
def is_topic(memo: Memo, slug: str) -> bool:
    return slug in topics(memo)[0]


@query
def folder_of(memo: Memo, slug: str) -> str:
    return topics(memo)[0][slug]


@query
def vocabulary(memo: Memo) -> tuple[Words, Problems]:
    content(memo, shared.CATEGORIES)
    return shared.categories(memo.given.config)


@query
def planned(memo: Memo) -> tuple[Words, Problems]:
    content(memo, shared.PLANNED)
    return shared.planned(memo.given.config)


@query
def slugs(memo: Memo) -> tuple[str, ...]:
    """Of every topic, written or planned."""
    return tuple(sorted({*topics(memo)[0], *planned(memo)[0]}))


@query
def references(memo: Memo) -> tuple[Mapping[str, Reference], Problems]:
    content(memo, shared.BIBLIOGRAPHY)
    return shared.references(memo.given.config)


@query
def reference_keys(memo: Memo) -> tuple[str, ...]:
    return tuple(references(memo)[0])


@query
def reference(memo: Memo, key: str) -> Reference:
    return references(memo)[0][key]


@query
def concept_keys(memo: Memo) -> tuple[str, ...]:
    """Of every file in the glossary, whether or not it reads well."""
    listing(memo, shared.GLOSSARY)
    return tuple(path.stem for path in shared.concept_files(memo.given.config))


def key_set(memo: Memo) -> frozenset[str]:
    """`concept_keys`, to look one up."""
    keys = concept_keys(memo)
    return memo.given.made_of((keys,), "concept keys", lambda: frozenset(keys))


def slug_set(memo: Memo) -> frozenset[str]:
    """`slugs`, to look one up."""
    names = slugs(memo)
    return memo.given.made_of((names,), "slugs", lambda: frozenset(names))


def reference_set(memo: Memo) -> frozenset[str]:
    """`reference_keys`, to look one up."""
    keys = reference_keys(memo)
    return memo.given.made_of((keys,), "reference keys", lambda: frozenset(keys))


@query
def concept(memo: Memo, key: str) -> tuple[Concept | None, Problems]:
    name = f"{shared.GLOSSARY}/{key}.yaml"
    content(memo, name)
    given = memo.given
    keys, topics_there = key_set(memo), slug_set(memo)
    return shared.concept(given.config, given.root / name, keys, topics_there, vocabulary(memo)[0])


@query
def concepts(memo: Memo) -> tuple[str, ...]:
    """The keys of the concepts that could be read."""
    return tuple(key for key in concept_keys(memo) if concept(memo, key)[0] is not None)


@query
def words(memo: Memo, language: str) -> tuple[Mapping[str, str], Problems]:
    found = {key: one for key in concepts(memo) if (one := concept(memo, key)[0]) is not None}
    return shared.words(found, language)


@query
def messages(memo: Memo) -> tuple[Words, Problems]:
    for language in memo.given.config.languages:
        content(memo, f"{shared.MESSAGES}/{language}.yaml")
    return shared.messages(memo.given.config)


@query
def tongues(memo: Memo) -> Mapping[str, str]:
    return names_of(memo.given.config.languages)


def known(memo: Memo, language: str) -> Known:
    """The names that a text in a language may refer to."""
    names = (slugs(memo), words(memo, language), concepts(memo), reference_keys(memo))
    return memo.given.made_of(
        names,
        f"known {language}",
        lambda: Known(slug_set(memo), names[1][0], frozenset(names[2]), reference_set(memo)),
    )


# --- one file ---------------------------------------------------------------------------------------


@query
def file_of(memo: Memo, slug: str, part: str, language: str) -> str:
    """The name of a page's source."""
    return "/".join(filter(None, (folder_of(memo, slug), part, f"{language}.md")))


@query
def halves(memo: Memo, name: str) -> tuple[str | None, str, int, Problems]:
    """The head of a file, the text below it, the line on which that starts, and what is wrong so far."""
    content(memo, name)
    reading = Reading(name, "", Known())
    text = load(memo.given.root / name, reading)
    head, body, line = version.split(text, reading) if text is not None else (None, "", 0)
    return head, body, line, tuple(reading.problems)


@query
def head_text(memo: Memo, name: str) -> str | None:
    return halves(memo, name)[0]


@query
def body_text(memo: Memo, name: str) -> tuple[str, int]:
    return halves(memo, name)[1:3]


@query
def file_problems(memo: Memo, name: str) -> Problems:
    """What is wrong with a file as a whole."""
    return halves(memo, name)[3]


@query
def head(memo: Memo, slug: str, part: str, language: str) -> tuple[Metadata | None, str, Problems]:
    """The metadata of a page in one language, and the words in it that are translated; None where it cannot be read."""
    name = file_of(memo, slug, part, language)
    text = head_text(memo, name)
    if text is None:
        return None, "", ()
    reading = Reading(name, language, known(memo, language))
    if part == SUMMARY:
        parent = head(memo, slug, ARTICLE, language)[0]
        if parent is None:
            return None, "", ()
        return summary.read_head(text, reading, parent), "", tuple(reading.problems)
    original = None
    if language != memo.given.config.source_language:
        original = head(memo, slug, part, memo.given.config.source_language)[0]
        if original is None:
            return None, "", ()
    found = version.read_head(text, reading, vocabulary(memo)[0], original)
    return (found.metadata, found.words, tuple(reading.problems)) if found else (None, "", tuple(reading.problems))


@query
def body(memo: Memo, slug: str, part: str, language: str) -> tuple[Document, Problems]:
    name = file_of(memo, slug, part, language)
    text, line = body_text(memo, name)
    reading = Reading(name, language, known(memo, language))
    read = summary.read_body if part == SUMMARY else version.read_body
    return read(text, line, reading), tuple(reading.problems)


# --- what others look at ----------------------------------------------------------------------------


@query
def languages(memo: Memo, slug: str, part: str) -> tuple[str, ...]:
    """The languages in which a page can be read, the source's first; none where that one cannot."""
    config = memo.given.config
    there = config.languages if part == ARTICLE else languages(memo, slug, ARTICLE)
    names = {language: file_of(memo, slug, part, language) for language in there}
    found = tuple(
        language
        for language, name in names.items()
        if stamp(memo, name) is not None and head(memo, slug, part, language)[0] is not None
    )
    return found if config.source_language in found else ()


@query
def metadata(memo: Memo, slug: str, part: str, language: str) -> Metadata:
    found = head(memo, slug, part, language)[0]
    assert found is not None, "asked only for what `languages` names"
    return found


@query
def title(memo: Memo, slug: str, part: str, language: str) -> str:
    return metadata(memo, slug, part, language).title


def document(memo: Memo, slug: str, part: str, language: str) -> Document:
    return body(memo, slug, part, language)[0]


@query
def headings(memo: Memo, slug: str, part: str, language: str) -> tuple[Heading, ...]:
    """The headings without their places, which change with the text above them."""
    blocks = document(memo, slug, part, language).blocks
    found: tuple[Heading, ...] = unplaced(tuple(block for block in blocks if isinstance(block, Heading)))
    return found


@query
def sections(memo: Memo, slug: str, part: str, language: str) -> Mapping[str, str]:
    text, line = body_text(memo, file_of(memo, slug, part, language))
    said = head(memo, slug, part, language)[1]
    return section_hashes(document(memo, slug, part, language), text, line, said)


@query
def outdated(memo: Memo, slug: str, part: str, language: str) -> tuple[str, ...]:
    """The sections of the source that moved on since this translation was made."""
    source = memo.given.config.source_language
    stamps = metadata(memo, slug, part, language).translated_from
    if language == source or not stamps:
        return ()
    return tuple(name for name, digest in sections(memo, slug, part, source).items() if stamps.get(name) != digest)


@query
def printing(memo: Memo, slug: str, part: str, language: str) -> tuple[Glue | GluedTable, ...]:
    """What prints computed values in a page."""
    version = Version(language, "", metadata(memo, slug, part, language), document(memo, slug, part, language))
    return version.printing


@query
def cells(memo: Memo, slug: str) -> tuple[CodeCell, ...]:
    source = document(memo, slug, ARTICLE, memo.given.config.source_language)
    return tuple(node for node in walk_blocks(source.blocks) if isinstance(node, CodeCell))


@query
def code(memo: Memo, slug: str) -> tuple[CodeCell, ...]:
    """The cells without their places, which change with the prose above them."""
    found: tuple[CodeCell, ...] = unplaced(cells(memo, slug))
    return tuple(replace(cell, line=0) for cell in found)
