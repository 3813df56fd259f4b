"""The pages of the preview's site, each written by itself: topics, lists of them, the glossary, the categories."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from pipeline.errors import Problem, Where
from pipeline.read.article import Sources
from pipeline.render.compiled import compiled_in
from pipeline.render.html.addresses import PATH_FOLDER, Addresses, category_folder, relative
from pipeline.render.html.blocks import blocks
from pipeline.render.html.code import highlighted
from pipeline.render.html.formulas import Formulas
from pipeline.render.html.heads import category, concept_box, how_folder, language_bar
from pipeline.render.html.hubs import path_image
from pipeline.render.html.inline import Writing, inlines
from pipeline.render.html.page import topic_page
from pipeline.render.html.policy import POLICY
from pipeline.render.html.site_pages import Category, about_category, glossary, named_concepts, overview, used_in
from pipeline.render.hubs import learning_path
from pipeline.render.model import PageModel
from pipeline.render.numbers import direction
from pipeline.render.plain import plain
from pipeline.render.resolve import language_entries, name_of
from pipeline.render.targets import definition
from pipeline.titles import capitalised, glossary_page

LEVELS = ("executed", "reproduced", "cross-checked", "cross-device")
FOLDER = "templates/site"


class Name(NamedTuple):
    """A page of the site: its kind, its language, and the topic's slug or the concept's or category's key."""

    kind: str  # start | missing | overview | glossary | how | path | concept | category | topic
    language: str
    key: str = ""

    @property
    def path(self) -> str:
        """Where the page stands in the site."""
        return "404.html" if self.kind == "missing" else f"{self.folder}index.html"

    @property
    def folder(self) -> str:
        """Where the page stands, for links from it."""
        match self.kind:
            case "start" | "missing":
                return ""
            case "overview":
                return f"{self.language}/"
            case "how":
                return how_folder(self.language)
            case "path":
                return PATH_FOLDER.format(self.language)
            case "category":
                return category_folder(self.key, self.language)
            case "glossary" | "concept":
                return "/".join(filter(None, (self.language, "glossary", self.key))) + "/"
            case _:
                return f"{self.language}/{self.key}/"


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page as it is written, with the styles of its formulas (class -> rules) and what is wrong with them."""

    path: str
    content: bytes
    styles: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language of the site: its code, its name in itself, and where this page is in it, if anywhere."""

    code: str
    name: str
    link: str | None


@dataclass(frozen=True)
class Site:
    """What all pages share.

    `models` gives the pages of all topics or of these slugs, of which only what stands in lists is looked at;
    `categories` gives the keys of those that have a page in a language, `category` one of them; `users` gives
    the slugs of the topics that use a concept in a language; `drawn` says which languages have a picture of the
    learning path; `colored` puts code in color.
    """

    sources: Sources
    addresses: Addresses
    models: Callable[[Sequence[str] | None], Sequence[PageModel]]
    categories: Callable[[str], Sequence[str]]
    category: Callable[[str, str], Category]
    users: Callable[[str, str], Sequence[str]]
    drawn: Callable[[], frozenset[str]]
    colored: Callable[[str, str], Markup] = highlighted
    compiled: Path | None = None  # a folder for compiled templates, if they are to be kept

    def names(self) -> Iterator[Name]:
        """Every page but those of the topics."""
        source = self.sources.languages[0]
        yield Name("start", source)
        yield Name("missing", source)
        for language in self.sources.languages:
            for kind in ("overview", "glossary", "how", "path"):
                yield Name(kind, language)
            for key, concept in self.sources.concepts.items():
                if language in concept.texts:
                    yield Name("concept", language, key)
            for key in self.categories(language):
                yield Name("category", language, key)

    def page(self, name: Name) -> SitePage:
        """Write a page that is about no single topic."""
        language, key = name.language, name.key
        match name.kind:
            case "start":
                return self._overview(language, "")
            case "missing":
                return self._missing(language)
            case "overview":
                return self._overview(language, f"{language}/")
            case "glossary":
                return self._glossary(language)
            case "how":
                return self._how(language)
            case "path":
                return self._path(language)
            case "concept":
                return self._concept(key, language)
            case "category":
                return self._category(key, language)
            case _:
                raise ValueError(f"{name} is no page of the site by itself")

    def topic(self, model: PageModel) -> SitePage:
        """Write one topic in one language."""
        here = f"{model.language}/{model.article.slug}/"
        page = self._writing(model.language, here)
        slug = model.article.slug
        written = {entry.code for entry in model.languages if entry.exists}
        tongues = self._tongues(here, lambda code: f"{code}/{slug}/" if code in written else None)
        parts = topic_page(model, self.sources, page)
        return self._page(
            "topic.html.j2",
            page,
            model.version.title,
            tongues,
            description=plain(model.summary),
            contents=parts.contents,
            direction=model.direction,
            language_bar=True,
            parts=parts,
        )

    def framed(
        self, template: str, language: str, title: str, tongues: Sequence[Tongue] = (), **parts: object
    ) -> bytes:
        """Write a page of the preview that is none of the site, in the site's frame; its links start at the root."""
        page = self._writing(language, "")
        return self._page(template, page, title, tongues, path="-", link=lambda target: "/" + target, **parts).content

    def fragment(self, template: str, **parts: object) -> Markup:
        """Write a piece that is to stand on a page."""
        return Markup(self._templates.get_template(template).render(parts))

    def _overview(self, language: str, here: str) -> SitePage:
        page = self._writing(language, here)
        entries = overview(self.sources, self.models(None), page)
        words = self.sources.messages[language]
        tongues = self._tongues(here, lambda code: f"{code}/")
        return self._page("index.html.j2", page, words["site-articles"], tongues, entries=entries)

    def _glossary(self, language: str) -> SitePage:
        page = self._writing(language, f"{language}/glossary/")
        words = self.sources.messages[language]
        tongues = self._tongues(page.here, lambda code: f"{code}/glossary/")
        entries = glossary(self.sources, page)
        return self._page("glossary.html.j2", page, words["site-glossary"], tongues, entries=entries)

    def _concept(self, key: str, language: str) -> SitePage:
        sources, source = self.sources, self.sources.languages[0]
        concept = sources.concepts[key]
        text = concept.texts[language]
        page = self._writing(language, f"{language}/glossary/{key}/")
        home = glossary_page(concept.texts[source].term, source, source)
        bar = language_bar(language_entries(sources, home, language, concept.texts), page)
        names = dict.fromkeys(name_of(sources, name, language) for name in ("Glossary", concept.domain) if name)
        return self._page(
            "concept.html.j2",
            page,
            capitalised(text.term),
            self._tongues(page.here, lambda code: f"{code}/glossary/{key}/" if code in concept.texts else None),
            language_bar=True,
            bar=bar,
            infobox=concept_box(concept, sources, page),
            term=capitalised(text.term),
            definition=inlines(definition(concept, language, sources), page),
            users=used_in(self.users(language, key), sources, page),
            categories=[category(name, page) for name in names],
        )

    def _category(self, key: str, language: str) -> SitePage:
        page = self._writing(language, category_folder(key, language))
        inside = self.category(language, key)
        about, others = about_category(key, inside.is_difficulty, self.sources, page)
        return self._page(
            "category.html.j2",
            page,
            name_of(self.sources, key, language),
            self._tongues(page.here, partial(category_folder, key)),
            entries=overview(self.sources, self.models(inside.topics), page),
            concepts=named_concepts(inside.concepts, self.sources, page),
            about=about,
            others=others,
        )

    def _how(self, language: str) -> SitePage:
        page = self._writing(language, how_folder(language))
        return self._page("how.html.j2", page, page.words["meta-how"], self._tongues(page.here, how_folder))

    def _path(self, language: str) -> SitePage:
        page = self._writing(language, PATH_FOLDER.format(language))
        is_drawn = language in self.drawn()
        hub = learning_path(self.sources, self.models(None), language, is_drawn=is_drawn)
        return self._page(
            "path.html.j2",
            page,
            page.words["learning-path"],
            self._tongues(page.here, PATH_FOLDER.format),
            language_bar=True,
            bar=language_bar(hub.languages, page),
            above=blocks(hub.above, page),
            picture=path_image(self.sources, page) if is_drawn else "",
            below=blocks(hub.below, page),
        )

    def _missing(self, language: str) -> SitePage:
        page = self._writing(language, "")
        words = self.sources.messages[language]
        # Every address may lack a page, so this one alone is linked from the root of the server.
        title = words["site-missing"]
        return self._page("missing.html.j2", page, title, (), path="404.html", link=lambda target: "/" + target)

    def _page(
        self, template: str, page: Writing, title: str, tongues: Sequence[Tongue], path: str = "", **parts: object
    ) -> SitePage:
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
        content = self._templates.get_template(template).render(context | parts).encode()
        formulas = page.formulas
        return SitePage(path or page.here + "index.html", content, formulas.styles, tuple(formulas.problems))

    def _writing(self, language: str, here: str) -> Writing:
        return Writing(language, here, self.addresses, Formulas(), self.sources.messages[language], self.colored)

    def _tongues(self, here: str, folder: Callable[[str], str | None]) -> tuple[Tongue, ...]:
        found = []
        for code in self.sources.languages:
            place = folder(code)
            found.append(Tongue(code, self.sources.tongues[code], relative(place, here) if place is not None else None))
        return tuple(found)

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(self.sources.root / FOLDER),
            bytecode_cache=compiled_in(self.compiled),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )


def template_problem(error: TemplateError) -> Problem:
    """What is wrong with a template of the site, where jinja2 says it is."""
    where = Where(f"{FOLDER}/{getattr(error, 'name', None) or ''}", getattr(error, "lineno", None) or 1)
    return Problem(where, str(error.message), "mend the template", "template")
