"""The list of the newest articles: what it may name, and the page that names those that stand on the wiki."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.read.article import Sources
from pipeline.render.page import Listed, Newest, Page
from pipeline.render.resolve import named_topic
from pipeline.render.templates.files import stored
from pipeline.render.templates.lua import Data, module
from pipeline.titles import topic_page

LIST = "Module:Marovi/recent/data"
COMMENT = "The newest articles. Written by the bot from what it published: changes made here are lost."
LONGEST = 10


def newest(sources: Sources) -> Newest:
    """Every article that the list may name, by its title."""
    articles = [article for article in sources.articles.values() if article.source.metadata.kind == "article"]
    listed = []
    for article in sorted(articles, key=lambda article: article.title):
        links = {language: named_topic(sources, article.slug, language) for language in sources.languages}
        title = topic_page(article.title, sources.languages[0], sources.languages[0])
        date = article.source.metadata.provenance.generated_date
        listed.append(Listed(title, date, {language: (link.text, link.title) for language, link in links.items()}))
    return Newest(LIST, "articles", tuple(listed))


def by_their_text(of: Newest) -> Page:
    """The list for a wiki that nobody has asked yet: by the date of each text, then by title, undated ones last."""
    ordered = sorted(of.articles, key=lambda one: one.date, reverse=True)
    return listing(of, [(one, one.date) for one in ordered])


def listing(of: Newest, ordered: Sequence[tuple[Listed, str]], missing: Mapping[str, str] | None = None) -> Page:
    """The page that names the first of `ordered`, each with the date that is shown beside it.

    `missing` says which page takes the place of one that could not be made.
    """
    instead = missing or {}
    entries: list[Data] = []
    for one, date in ordered[:LONGEST]:
        entry: dict[str, Data] = {"date": date}
        for language, (words, page) in one.links.items():
            entry[language] = {"title": words, "page": instead.get(page, page)}
        entries.append(entry)
    return Page(of.title, "list", stored(module(entries, COMMENT)), "", of.source)
