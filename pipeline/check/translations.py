"""Translations that are missing, or that do not know what they were made from, or that their source left behind."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem, Where
from pipeline.read.article import Sources


def translations(sources: Sources) -> Iterator[Problem]:
    for article in (page for topic in sources.articles.values() for page in topic.pages):
        for language in sources.languages:
            version = article.versions.get(language)
            if version is None:
                where = Where(article.source.file)
                remedy = f"add {language}.md beside it"
                yield Problem(where, f"not translated into {language!r}", remedy, "translation", "warning")
            elif version is article.source:
                continue
            elif not version.metadata.translated_from:
                remedy = f"when it is complete, run `marovi stamp {article.slug.removesuffix('/summary')} {language}`"
                message = "does not say which text of the source it was made from"
                yield Problem(version.metadata.where, message, remedy, "translation", "warning")
            elif version.outdated:
                sections = ", ".join(section or "the lead" for section in version.outdated)
                remedy = (
                    f"bring it up to date, then run `marovi stamp {article.slug.removesuffix('/summary')} {language}`"
                )
                yield Problem(version.metadata.where, f"outdated: {sections}", remedy, "translation", "warning")
