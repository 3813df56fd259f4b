"""What is wrong with the sources, as queries: by topic, and of all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.check.lead import lead
from pipeline.check.prerequisites import prerequisites
from pipeline.check.translations import translations
from pipeline.check.unused import cited_by, uncited
from pipeline.errors import Problem
from pipeline.memo import reading
from pipeline.memo.engine import Memo, query
from pipeline.memo.inputs import content, listing, stamp
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.memo.sources import written
from pipeline.read import shared
from pipeline.read.causes import first_causes
from pipeline.read.document import ImageFigure, walk_blocks
from pipeline.read.linking import link_topic, taken_titles

Problems = tuple[Problem, ...]


@query
def problems_of_reading(memo: Memo) -> Problems:
    """What keeps something from being read as it was meant, and what does not fit together."""
    found: list[Problem] = [
        *reading.topics(memo)[1],
        *reading.vocabulary(memo)[1],
        *reading.planned(memo)[1],
        *reading.references(memo)[1],
        *reading.messages(memo)[1],
    ]
    for key in reading.concept_keys(memo):
        found += reading.concept(memo, key)[1]
    for language in memo.given.config.languages:
        found += reading.words(memo, language)[1]
    for slug in reading.topics(memo)[0]:
        found += read_problems(memo, slug)
    for slug in written(memo):
        found += link_problems(memo, slug)
    found += title_problems(memo)
    return first_causes(found)


@query
def problems_of_structure(memo: Memo) -> Problems:
    """What a build asks of sources that can be read: pages that break these rules would come out wrong."""
    found = [*circles(memo), *unused(memo)]
    for slug in written(memo):
        found += structure_problems(memo, slug)
    return _sorted(found)


@query
def read_problems(memo: Memo, slug: str) -> Problems:
    """What is wrong with the files of one topic, each by itself."""
    config, folder = memo.given.config, memo.given.root / reading.folder_of(memo, slug)
    name = reading.folder_of(memo, slug)
    listing(memo, name)
    listing(memo, f"{name}/{SUMMARY}")
    found = list(shared.unknown_languages(config, folder))
    source = config.source_language
    if stamp(memo, reading.file_of(memo, slug, ARTICLE, source)) is None:
        return (*found, shared.missing_source(config, folder))
    for part in (ARTICLE, SUMMARY):
        there = reading.languages(memo, slug, ARTICLE)
        if part == SUMMARY and (not there or listing(memo, f"{name}/{SUMMARY}") is None):
            continue
        of_part: list[Problem] = []
        for language in config.languages if part == ARTICLE else there:
            file = reading.file_of(memo, slug, part, language)
            if stamp(memo, file) is None or (part == ARTICLE and language != source and not there):
                continue
            of_part += [*reading.file_problems(memo, file), *reading.head(memo, slug, part, language)[2]]
            if reading.head(memo, slug, part, language)[0] is not None:
                of_part += reading.body(memo, slug, part, language)[1]
        if part == SUMMARY and not reading.languages(memo, slug, SUMMARY) and not of_part:
            of_part.append(shared.missing_source(config, folder / SUMMARY, "summary"))
        found += of_part
    return tuple(found)


@query
def link_problems(memo: Memo, slug: str) -> Problems:
    """What does not fit between the files of one topic, and between them and other topics."""
    article = memo.given.sources.articles[slug]
    for page in article.pages:
        for version in page.versions.values():
            for node in walk_blocks(version.document.blocks):
                if isinstance(node, ImageFigure):
                    content(memo, f"{reading.folder_of(memo, slug)}/{node.path}")
    return tuple(link_topic(article, memo.given.sources.articles))


@query
def title_problems(memo: Memo) -> Problems:
    return tuple(taken_titles(memo.given.sources.articles))


@query
def structure_problems(memo: Memo, slug: str) -> Problems:
    """The rules that look at one topic at a time."""
    sources = memo.given.sources
    alone = replace(sources, articles={slug: sources.articles[slug]})
    return (*lead(alone), *translations(alone))


@query
def circles(memo: Memo) -> Problems:
    return tuple(prerequisites(memo.given.sources))


@query
def cited(memo: Memo, slug: str) -> tuple[str, ...]:
    return tuple(sorted(cited_by(memo.given.sources.articles[slug])))


@query
def unused(memo: Memo) -> Problems:
    known: Mapping[str, None] = dict.fromkeys(key for slug in written(memo) for key in cited(memo, slug))
    return tuple(uncited(memo.given.sources.references, known))


def _sorted(problems: list[Problem]) -> Problems:
    return tuple(sorted(set(problems)))
