"""The preview's site: every page in every language, an overview of the topics, the glossary and the categories."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.errors import SourceError
from pipeline.read.article import Sources
from pipeline.read.document import FigureBox, walk
from pipeline.render.html.addresses import PATH_FOLDER, Addresses, addresses, category_folder, relative
from pipeline.render.html.blocks import blocks
from pipeline.render.html.figures import figure_place
from pipeline.render.html.formulas import Formulas
from pipeline.render.html.heads import category, concept_box, how_folder, language_bar
from pipeline.render.html.hubs import path_image
from pipeline.render.html.inline import Writing, inlines
from pipeline.render.html.page import topic_page
from pipeline.render.html.policy import POLICY
from pipeline.render.html.site_pages import about_category, concepts_in, glossary, members, overview, used_in
from pipeline.render.hubs import learning_path, path_picture
from pipeline.render.model import PageModel
from pipeline.render.numbers import direction
from pipeline.render.plain import plain
from pipeline.render.resolve import language_entries, language_name, name_of
from pipeline.render.targets import definition
from pipeline.titles import capitalised, glossary_page

LEVELS = ("executed", "reproduced", "cross-checked", "cross-device")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language of the site: its code, its name in itself, and where this page is in it, if anywhere."""

    code: str
    name: str
    link: str | None


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
    site = _Site(sources, models, frozenset(pictures))
    files = dict(site.pages())
    if site.formulas.problems:
        raise SourceError(site.formulas.problems)
    files |= _assets(sources.root / "templates" / "site" / "assets")
    files["assets/formulas.css"] = site.formulas.stylesheet.encode()
    for model in models:
        for node in walk(model.blocks):
            if isinstance(node, FigureBox):
                files[figure_place(node.file)] = Path(node.path).read_bytes()
    for language, content in pictures.items():
        files[figure_place(path_picture(language))] = content
    return dict(sorted(files.items()))


class _Site:
    """The templates and what all pages share."""

    def __init__(self, sources: Sources, models: Sequence[PageModel], drawn: frozenset[str]) -> None:
        self.sources = sources
        self.drawn = drawn  # languages that have a picture of the learning path
        self.models = models
        self.addresses: Addresses = addresses(sources, models)
        self.formulas = Formulas()
        self.templates = Environment(
            loader=FileSystemLoader(sources.root / "templates" / "site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Path and content of each page."""
        source = self.sources.languages[0]
        yield "index.html", self._overview(source, "")
        yield "404.html", self._missing(source)
        for language in self.sources.languages:
            yield f"{language}/index.html", self._overview(language, f"{language}/")
            yield f"{language}/glossary/index.html", self._glossary(language)
            yield from self._concepts(language)
            yield from self._categories(language)
            yield how_folder(language) + "index.html", self._how(language)
            yield PATH_FOLDER.format(language) + "index.html", self._path(language)
        for model in self.models:
            here = f"{model.language}/{model.article.slug}/"
            yield here + "index.html", self._topic(model, here)

    def _overview(self, language: str, here: str) -> bytes:
        page = self._writing(language, here)
        entries = overview(self.sources, self.models, page)
        words = self.sources.messages[language]
        tongues = self._tongues(here, lambda code: f"{code}/")
        return self._page("index.html.j2", page, words["site-articles"], tongues, entries=entries)

    def _glossary(self, language: str) -> bytes:
        page = self._writing(language, f"{language}/glossary/")
        words = self.sources.messages[language]
        tongues = self._tongues(page.here, lambda code: f"{code}/glossary/")
        entries = glossary(self.sources, page)
        return self._page("glossary.html.j2", page, words["site-glossary"], tongues, entries=entries)

    def _concepts(self, language: str) -> Iterator[tuple[str, bytes]]:
        sources, source = self.sources, self.sources.languages[0]
        for key, concept in sources.concepts.items():
            text = concept.texts.get(language)
            if text is None:
                continue
            page = self._writing(language, f"{language}/glossary/{key}/")
            written = partial("{1}/glossary/{0}/".format, key)
            home = glossary_page(concept.texts[source].term, source, source)
            bar = language_bar(language_entries(sources, home, language, concept.texts), page)
            names = dict.fromkeys(name_of(sources, name, language) for name in ("Glossary", concept.domain) if name)
            content = self._page(
                "concept.html.j2",
                page,
                capitalised(text.term),
                self._tongues(page.here, lambda code: written(code) if code in concept.texts else None),  # noqa: B023
                language_bar=True,
                bar=bar,
                infobox=concept_box(concept, sources, page),
                term=capitalised(text.term),
                definition=inlines(definition(concept, language, sources), page),
                users=used_in(key, sources, self.models, page),
                categories=[category(name, page) for name in names],
            )
            yield page.here + "index.html", content

    def _categories(self, language: str) -> Iterator[tuple[str, bytes]]:
        for key, slugs in members(self.sources, language).items():
            page = self._writing(language, category_folder(key, language))
            about, others = about_category(key, self.sources, page)
            content = self._page(
                "category.html.j2",
                page,
                name_of(self.sources, key, language),
                self._tongues(page.here, partial(category_folder, key)),
                entries=overview(self.sources, self.models, page, None if key == "Articles" else slugs),
                concepts=concepts_in(key, self.sources, page),
                about=about,
                others=others,
            )
            yield page.here + "index.html", content

    def _how(self, language: str) -> bytes:
        page = self._writing(language, how_folder(language))
        return self._page("how.html.j2", page, page.words["meta-how"], self._tongues(page.here, how_folder))

    def _path(self, language: str) -> bytes:
        page = self._writing(language, PATH_FOLDER.format(language))
        hub = learning_path(self.sources, self.models, language)
        return self._page(
            "path.html.j2",
            page,
            page.words["learning-path"],
            self._tongues(page.here, PATH_FOLDER.format),
            language_bar=True,
            bar=language_bar(hub.languages, page),
            above=blocks(hub.above, page),
            picture=path_image(self.sources, page) if language in self.drawn else "",
            below=blocks(hub.below, page),
        )

    def _topic(self, model: PageModel, here: str) -> bytes:
        page = self._writing(model.language, here)
        slug = model.article.slug
        written = {entry.code for entry in model.languages if entry.exists}
        tongues = self._tongues(here, lambda code: f"{code}/{slug}/" if code in written else None)
        parts = topic_page(model, self.sources, page)
        return self._page(
            "topic.html.j2",
            page,
            model.version.metadata.title,
            tongues,
            description=plain(model.summary),
            contents=parts.contents,
            direction=model.direction,
            language_bar=True,
            parts=parts,
        )

    def _missing(self, language: str) -> bytes:
        page = self._writing(language, "")
        words = self.sources.messages[language]
        # Every address may lack a page, so this one alone is linked from the root of the server.
        return self._page("missing.html.j2", page, words["site-missing"], (), link=lambda target: "/" + target)

    def _page(self, template: str, page: Writing, title: str, tongues: Sequence[Tongue], **parts: object) -> bytes:
        context: dict[str, object] = {
            "language": page.language,
            "direction": direction(page.language),
            "here": page.here,
            "title": title,
            "tongues": tongues,
            "words": page.words,
            "levels": {level: page.words[f"level-{level}"] for level in LEVELS},
            "policy": POLICY,
            "link": lambda target: relative(target, page.here),
            "description": "",
            "contents": "",
            "language_bar": False,
        }
        return self.templates.get_template(template).render(context | parts).encode()

    def _writing(self, language: str, here: str) -> Writing:
        return Writing(language, here, self.addresses, self.formulas, self.sources.messages[language])

    def _tongues(self, here: str, folder: Callable[[str], str | None]) -> tuple[Tongue, ...]:
        found = []
        for code in self.sources.languages:
            place = folder(code)
            found.append(Tongue(code, language_name(code), relative(place, here) if place is not None else None))
        return tuple(found)


def _assets(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"assets/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}
