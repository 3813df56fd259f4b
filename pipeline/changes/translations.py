"""What a change of a source means for its translations: the sections, and in them the paragraphs, that it leaves."""

from __future__ import annotations

from pipeline.changes.model import Paragraph, Translation
from pipeline.literal import shortened
from pipeline.pull.names import known
from pipeline.read.article import Article, Sources
from pipeline.translate.consequences import consequences
from pipeline.translate.history import State, state_of

LONGEST = 1_500  # signs of a paragraph


def translation_changes(old: Sources | None, new: Sources) -> tuple[Translation, ...]:
    """Return each translation that has other outdated sections than before, by file."""
    before = _outdated(old) if old else {}
    found = []
    for file, sections in sorted(_outdated(new).items()):
        was = before.get(file, ())
        outdated = tuple(section for section in sections if section not in was)
        settled = tuple(section for section in was if section not in sections)
        if outdated or settled:
            still = tuple(section for section in sections if section in was)
            paragraphs = _paragraphs(old, new, file) if old and outdated else ()
            found.append(Translation(file, outdated, still, settled, paragraphs))
    return tuple(found)


def _paragraphs(old: Sources, new: Sources, file: str) -> tuple[Paragraph, ...]:
    """The texts that changed in the source of a translation, beside what the translation says."""
    source = file.rpartition("/")[0] + f"/{new.languages[0]}.md"
    before, after = _state(old, source), _state(new, source)
    if before is None or after is None:
        return ()
    translation = (new.root / file).read_text(encoding="utf-8")
    return tuple(
        Paragraph(
            one.section, one.change, shortened(one.difference, LONGEST), shortened(one.translation, LONGEST), one.line
        )
        for one in consequences(before, after, translation)
    )


def _state(sources: Sources, source: str) -> State | None:
    path = sources.root / source
    summary = source.split("/")[-2] == "summary"
    names = known(sources, sources.languages[0])
    return state_of(path.read_text(encoding="utf-8"), names, summary) if path.is_file() else None


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
