"""What a change of a source means for its translations: the sections that it leaves behind."""

from __future__ import annotations

from pipeline.changes.model import Translation
from pipeline.read.article import Article, Sources


def translation_changes(old: Sources | None, new: Sources) -> tuple[Translation, ...]:
    """Return each translation that has other outdated sections than before, by file."""
    before = _outdated(old) if old else {}
    found = []
    for file, sections in sorted(_outdated(new).items()):
        was = before.get(file, ())
        outdated = tuple(section for section in sections if section not in was)
        settled = tuple(section for section in was if section not in sections)
        if outdated or settled:
            found.append(Translation(file, outdated, tuple(section for section in sections if section in was), settled))
    return tuple(found)


def _outdated(sources: Sources) -> dict[str, tuple[str, ...]]:
    return {
        version.file: version.outdated
        for topic in sources.articles.values()
        for article in topic.pages
        for version in article.versions.values()
        if version is not article.source and _stamped(article, version.language)
    }


def _stamped(article: Article, language: str) -> bool:
    return bool(article.versions[language].metadata.translated_from)
