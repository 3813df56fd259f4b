"""The preview's site: every page in every language, with its figures, fonts and styles, as files in a folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pipeline.errors import SourceError
from pipeline.read.article import Sources
from pipeline.read.document import FigureBox, TermUse, walk, walk_blocks
from pipeline.render.html.addresses import addresses_of
from pipeline.render.html.figures import figure_place
from pipeline.render.html.formulas import stylesheet
from pipeline.render.html.site import FOLDER, Site, SitePage
from pipeline.render.html.site_pages import categories
from pipeline.render.hubs import path_picture
from pipeline.render.model import PageModel

ASSETS = f"{FOLDER}/assets"
FORMULAS = "assets/formulas.css"


def render_site(
    sources: Sources, models: Sequence[PageModel], folder: Path, pictures: Mapping[str, bytes] = MappingProxyType({})
) -> None:
    """Write the site into `folder`, in the place of what was there; all of it, or nothing when something is wrong.

    Raises SourceError with every formula that cannot be drawn.
    """
    files = site_files(sources, models, pictures)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    made.chmod(0o755)
    try:
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def site_files(
    sources: Sources, models: Sequence[PageModel], pictures: Mapping[str, bytes] = MappingProxyType({})
) -> dict[str, bytes]:
    """Every file of the site by its path; the same bytes for the same sources and results.

    Raises SourceError with every formula that cannot be drawn.
    """
    users = {language: users_of(_terms(models, language)) for language in sources.languages}
    inside = {language: categories(sources, language) for language in sources.languages}
    site = Site(
        sources,
        addresses_of(sources, models),
        lambda slugs: models if slugs is None else _of(models, frozenset(slugs)),
        lambda language: tuple(inside[language]),
        lambda language, key: inside[language][key],
        lambda language, key: users[language].get(key, ()),
        lambda: frozenset(pictures),
    )
    pages = [site.page(name) for name in site.names()] + [site.topic(model) for model in models]
    stop(pages)
    files = {page.path: page.content for page in pages}
    files |= {f"assets/{name}": path.read_bytes() for name, path in assets(sources.root)}
    files[FORMULAS] = stylesheet(page.styles for page in pages).encode()
    for model in models:
        for box in figures(model):
            files[figure_place(box.file)] = Path(box.path).read_bytes()
    for language, content in pictures.items():
        files[figure_place(path_picture(language))] = content
    return dict(sorted(files.items()))


def stop(pages: Iterable[SitePage]) -> None:
    """Raise SourceError with every formula that cannot be drawn."""
    problems = [problem for page in pages for problem in page.problems]
    if problems:
        raise SourceError(problems)


def assets(root: Path) -> Iterator[tuple[str, Path]]:
    """What the pages need besides: name below `assets/`, and file."""
    folder = root / ASSETS
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), path


def figures(model: PageModel) -> Iterator[FigureBox]:
    """The pictures of a page."""
    return (node for node in walk_blocks(model.blocks) if isinstance(node, FigureBox))


def users_of(topics: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    """Concept -> slugs of the topics that use it; `topics` are slugs with the concepts that each uses."""
    found: dict[str, list[str]] = {}
    for slug, keys in topics:
        for key in keys:
            found.setdefault(key, []).append(slug)
    return {key: tuple(slugs) for key, slugs in sorted(found.items())}


def _of(models: Iterable[PageModel], slugs: Collection[str]) -> list[PageModel]:
    return [model for model in models if model.article.slug in slugs]


def _terms(models: Iterable[PageModel], language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for model in models:
        if model.language == language and not model.article.parent:
            yield model.article.slug, terms(model)


def terms(model: PageModel) -> tuple[str, ...]:
    """The concepts that a page uses."""
    read = (model.summary, model.key_points, model.blocks)
    return tuple(sorted({node.key for node in walk(read) if isinstance(node, TermUse)}))
