"""Templates, modules and interface pages: templates/wiki as it stands, and the data that the modules read."""

from __future__ import annotations

from pipeline.errors import Problem, SourceError
from pipeline.read.article import Sources
from pipeline.render.page import Page
from pipeline.render.templates.checks import problems_of
from pipeline.render.templates.data import data_pages
from pipeline.render.templates.documentation import documentation_pages
from pipeline.render.templates.files import FOLDER, documentation_files, read_files, wiki_page


def wiki_pages(sources: Sources) -> tuple[Page, ...]:
    """Every page that topics need to look right: Template:, Module:, MediaWiki: and Help: pages.

    Raises SourceError as `template_pages` does.
    """
    return (*template_pages(sources), *data_pages(sources))


def template_pages(sources: Sources) -> tuple[Page, ...]:
    """The pages that are published as they are, with the documentation of templates.

    Raises SourceError with every file that cannot be read, has no place on the wiki, or does not compile.
    """
    problems: list[Problem] = []
    files = read_files(sources.root / FOLDER, sources.root, problems)
    pages = [page for file in files if (page := wiki_page(file, sources.languages, problems)) is not None]
    for file in files:
        problems += problems_of(file)
    described = documentation_files(files, problems)
    if problems:
        raise SourceError(problems)
    return (*pages, *documentation_pages(described, sources))
