"""The preview's site as queries, a page at a time; where a page leads to is asked link by link."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from pipeline.errors import Problem
from pipeline.memo import pages, reading
from pipeline.memo.engine import Memo, fleeting, query
from pipeline.memo.inputs import content, tree
from pipeline.memo.reading import ARTICLE
from pipeline.memo.results import has_results
from pipeline.memo.sources import written
from pipeline.render.html.addresses import Addresses, addresses, anchors_in
from pipeline.render.html.code import highlighted
from pipeline.render.html.figures import figure_place
from pipeline.render.html.formulas import stylesheet
from pipeline.render.html.site import FOLDER, Name, Site, SitePage
from pipeline.render.html.site_pages import Category, categories
from pipeline.render.page import File
from pipeline.render.site import ASSETS, FORMULAS, terms, users_of
from pipeline.titles import topic_page


class SiteFile(NamedTuple):
    """A file of the site: its path, a digest that changes when its bytes do, and the way to them."""

    path: str
    digest: str
    content: Callable[[], bytes]


def kept_site(memo: Memo) -> Site:
    """What all pages share, asked for piece by piece."""
    return Site(
        memo.given.sources,
        KeptAddresses(memo),
        lambda slugs: pages.models_in_lists(memo, slugs),
        lambda language: tuple(all_categories(memo, language)),
        lambda language, key: category(memo, language, key),
        lambda language, key: users(memo, language, key),
        lambda: frozenset(pages.pictured(memo)),
        lambda code, language: Markup(colored(memo, code, language)),
        memo.given.compiled,
    )


def site(memo: Memo, files: Sequence[File]) -> Iterator[SiteFile]:
    """Every file of the site; `files` are those of the wiki, which its pages show too."""
    for path, name, digest in digests(memo):
        yield SiteFile(path, digest, lambda name=name: page(memo, *name).content)  # type: ignore[misc]
    for file, _ in tree(memo, ASSETS):
        path = "assets/" + file.removeprefix(ASSETS + "/")
        yield SiteFile(path, asset(memo, file), (memo.given.root / file).read_bytes)
    rules = formula_styles(memo).encode()
    yield SiteFile(FORMULAS, hashlib.sha1(rules).hexdigest(), lambda: rules)
    for one in files:
        yield SiteFile(figure_place(one.title), one.sha1, lambda one=one: one.content)  # type: ignore[misc]


@query
def colored(memo: Memo, code: str, language: str) -> str:
    """Code in color, as HTML: the slowest part of a page, and the part that changes least."""
    return str(highlighted(code, language))


@query
def all_names(memo: Memo) -> tuple[tuple[str, str, str, str], ...]:
    """Kind, language, key and part of every page of the site."""
    alone = [(*name, "") for name in memo.given.site.names()]
    return (*alone, *(("topic", language, slug, part) for slug, part, language in pages.topic_parts(memo)))


@query
def digests(memo: Memo) -> tuple[tuple[str, tuple[str, str, str, str], str], ...]:
    """Path, name and digest of every page of the site: of more than its bytes, and known without looking at them."""
    return tuple((path, name, memo.digest((page.name, *name)).hex()) for path, name in names_by_path(memo).items())


@query
def names_by_path(memo: Memo) -> Mapping[str, tuple[str, str, str, str]]:
    """The path of every page of the site -> its kind, language, key and part."""
    return {path_of(*name): name for name in all_names(memo)}


@fleeting
def page(memo: Memo, kind: str, language: str, key: str, part: str) -> SitePage:
    """One page of the site."""
    page_templates(memo)
    if kind == "topic":
        return memo.given.site.topic(pages.model(memo, key, part, language))
    return memo.given.site.page(Name(kind, language, key))


@query
def page_templates(memo: Memo) -> tuple[tuple[str, str | None], ...]:
    """The templates of the site's pages with their hashes, without its fonts and styles."""
    return tuple(one for one in tree(memo, FOLDER) if not one[0].startswith(ASSETS + "/"))


def path_of(kind: str, language: str, key: str, part: str) -> str:
    return Name(kind, language, key_of(key, part)).path


def key_of(slug: str, part: str) -> str:
    """A topic, or its summary, in a path."""
    return f"{slug}/{part}" if part else slug


@query
def asset(memo: Memo, name: str) -> str:
    """The SHA-1 of a file that is copied."""
    content(memo, name)
    return hashlib.sha1((memo.given.root / name).read_bytes()).hexdigest()


@query
def styles(memo: Memo, kind: str, language: str, key: str, part: str) -> Mapping[str, str]:
    return page(memo, kind, language, key, part).styles


@query
def formula_styles(memo: Memo) -> str:
    return stylesheet(styles(memo, *name) for name in all_names(memo))


@query
def problems(memo: Memo, kind: str, language: str, key: str, part: str) -> tuple[Problem, ...]:
    return page(memo, kind, language, key, part).problems


@query
def formula_problems(memo: Memo) -> tuple[Problem, ...]:
    """Every formula that cannot be drawn."""
    return tuple(problem for name in all_names(memo) for problem in problems(memo, *name))


# --- what is in a category, and who uses a concept ---------------------------------------------------


@query
def all_categories(memo: Memo, language: str) -> Mapping[str, Category]:
    return categories(memo.given.sources, language)


@query
def category(memo: Memo, language: str, key: str) -> Category:
    return all_categories(memo, language)[key]


@query
def terms_of(memo: Memo, slug: str, language: str) -> tuple[str, ...]:
    return terms(pages.model(memo, slug, ARTICLE, language))


@query
def all_users(memo: Memo, language: str) -> Mapping[str, tuple[str, ...]]:
    """Concept -> slugs of the topics that use it."""
    there = [
        slug for slug in written(memo) if language in reading.languages(memo, slug, ARTICLE) and has_results(memo, slug)
    ]
    return users_of((slug, terms_of(memo, slug, language)) for slug in there)


@query
def users(memo: Memo, language: str, key: str) -> tuple[str, ...]:
    return all_users(memo, language).get(key, ())


# --- where a page leads to --------------------------------------------------------------------------


class KeptAddresses(Addresses):
    """The places of pages, each asked for when something leads there."""

    __slots__ = ("_memo",)
    _memo: Memo

    def __init__(self, memo: Memo) -> None:
        object.__setattr__(self, "_memo", memo)

    def folder(self, title: str, language: str) -> str | None:
        return folder(self._memo, title, language)

    def anchor(self, title: str, section: str) -> str:
        return anchor(self._memo, title, section)


@query
def all_folders(memo: Memo) -> Mapping[tuple[str, str], str]:
    """(title on the wiki, language) -> folder in the site."""
    topics = ((title, language, key_of(slug, part)) for title, (slug, part, language) in places(memo).items())
    return addresses(memo.given.sources, topics, {}).pages


@query
def folder(memo: Memo, title: str, language: str) -> str | None:
    return Addresses(all_folders(memo), {}).folder(title, language)


@query
def places(memo: Memo) -> Mapping[str, tuple[str, str, str]]:
    """Title -> slug, part and language of a topic's page."""
    articles, source = memo.given.sources.articles, memo.given.config.source_language
    return {
        topic_page(one.title, language, source): (slug, part, language)
        for slug, part, language in pages.topic_parts(memo)
        if (one := articles[slug].summary if part else articles[slug])
    }


@query
def anchors(memo: Memo, slug: str, part: str, language: str) -> Mapping[str, str]:
    """The words of each heading of a page -> its id."""
    return anchors_in(pages.resolved(memo, slug, part, language).blocks) if has_results(memo, slug) else {}


@query
def anchor(memo: Memo, title: str, section: str) -> str:
    names = places(memo).get(title)
    return anchors(memo, *names).get(section, "") if names else ""
