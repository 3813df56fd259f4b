"""From sources and results to everything that is to stand on the wiki; no network, no clock, the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pipeline.errors import Problem, SourceError, Where
from pipeline.read.article import Sources
from pipeline.render.model import PageModel
from pipeline.render.page import KINDS, File, Newest, Page, Rendered
from pipeline.render.resolve import page_model
from pipeline.run.results import Results
from pipeline.titles import problem_of_page


def render(
    sources: Sources,
    results: Mapping[str, Results],
    commits: Mapping[str, str],
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[Rendered, tuple[PageModel, ...]]:
    """Render every article that has results, in each of its languages, with the glossary, categories and templates.

    `commits` names the last commit of each slug; `pictures` are those of the learning path by language. Also returns
    the page models, which the preview shows. Raises SourceError with what is wrong: a value that does not fit, a
    template, a title taken twice.
    """
    from pipeline.render import wikitext
    from pipeline.render.templates import wiki_pages
    from pipeline.render.templates.newest import newest

    models = page_models(sources, results, commits)
    pages = (*wiki_pages(sources), *wikitext.pages(models, sources, pictures))
    return ordered(pages, wikitext.files(models, sources, pictures), newest(sources)), models


def ordered(pages: tuple[Page, ...], files: tuple[File, ...], newest: Newest) -> Rendered:
    """Put what was rendered in its order. Raises SourceError for titles that cannot be, or that two pages want."""
    problems = list(_problems([*pages, *files]))
    if problems:
        raise SourceError(problems)
    in_order = sorted(pages, key=lambda page: (KINDS.index(page.kind), page.title))
    return Rendered(tuple(in_order), tuple(sorted(files, key=lambda file: file.title)), newest=newest)


def page_models(sources: Sources, results: Mapping[str, Results], commits: Mapping[str, str]) -> tuple[PageModel, ...]:
    """Resolve every page. Raises SourceError with the problems of all of them."""
    models: list[PageModel] = []
    problems: list[Problem] = []
    for slug, article in sources.articles.items():
        for page in article.pages if slug in results else ():
            for language in page.versions:
                try:
                    models.append(page_model(sources, page, language, results[slug], commits.get(slug, "")))
                except SourceError as error:
                    problems.extend(error.problems)
    if problems:
        raise SourceError(problems)
    return tuple(models)


def _problems(wanted: list[Page | File]) -> Iterator[Problem]:
    """Titles that MediaWiki cannot have, or that two pages want."""
    taken: dict[str, str] = {}
    for page in wanted:
        where = Where(page.source)
        wrong = problem_of_page(page.title)
        if wrong:
            yield Problem(where, f"the title {page.title!r} {wrong}", "choose another title", "title")
        if page.title in taken:
            message = f"the title {page.title!r} is taken by a page made from {taken[page.title]}"
            yield Problem(where, message, "choose another title", "title")
        taken[page.title] = page.source
