"""The documentation of templates: a page a language, with the parameters as TemplateData."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.errors import Problem, SourceError
from pipeline.read.article import Sources
from pipeline.read.context import Known, Reading
from pipeline.read.yaml_source import check_schema
from pipeline.render.numbers import direction
from pipeline.render.page import Page
from pipeline.render.templates.files import Described, stored
from pipeline.render.wikitext.code import preformatted
from pipeline.titles import topic_page


def documentation_pages(described: Iterable[Described], sources: Sources) -> Iterator[Page]:
    """`Template:X/doc` and its translations. Raises SourceError where a description is incomplete."""
    problems: list[Problem] = []
    for item in described:
        reading = Reading(item.file.path, "", Known())
        fits = check_schema(item.mapped, "template", reading)
        if fits:
            _check_languages(item, sources.languages[0], reading)
        problems += reading.problems
        if reading.problems:
            continue
        written = [language for language in sources.languages if language in item.mapped.data["about"]]
        for language in written:
            title = topic_page(f"{item.template}/doc", language, sources.languages[0])
            yield Page(title, "template", _text(item, language, written, sources), language, item.file.path)
    if problems:
        raise SourceError(problems)


def _check_languages(item: Described, source: str, reading: Reading) -> None:
    """Every description is in the same languages as the template's own, the source language among them."""
    data = item.mapped.data
    wanted = {source, *data["about"]}
    places: list[tuple[tuple[str, ...], Mapping[str, str]]] = [(("about",), data["about"])]
    for name, parameter in data.get("parameters", {}).items():
        places.append((("parameters", name, "about"), parameter["about"]))
    for path, texts in places:
        for language in sorted(wanted - set(texts)):
            where = reading.where(item.mapped.key(*path).line)
            reading.report(
                where,
                f"{path[-2] if len(path) > 1 else item.template!r} is not described in {language!r}",
                f"add {language}:",
                "key",
            )


def _text(item: Described, language: str, written: list[str], sources: Sources) -> str:
    words, data = sources.messages[language], item.mapped.data
    only = "" if language == sources.languages[0] else language
    parts = [
        f"{{{{LanguageBar|page={item.template}/doc|languages={','.join(written)}}}}}",
        data["about"][language].strip(),
        f"== {words['doc-usage']} ==",
        preformatted(data["example"].rstrip("\n")),
        f'<div class="marovi-parameters">\n<templatedata>\n{_template_data(data, only)}\n</templatedata>\n</div>',
        words["doc-version"].replace("$1", str(data["version"])),
    ]
    text = "\n\n".join(parts)
    if language != sources.languages[0]:
        text = f'<div lang="{language}" dir="{direction(language)}">\n{text}\n</div>'
    return stored(text)


def _template_data(data: Mapping[str, Any], only: str) -> str:
    """What VisualEditor and the table of parameters read.

    The template's own has all languages, of which they pick the reader's; a translated page has its language `only`.
    """

    def words(texts: Mapping[str, str]) -> object:
        return texts.get(only) if only else texts

    parameters = {}
    for name, parameter in data.get("parameters", {}).items():
        entry: dict[str, Any] = {"description": words(parameter["about"]), "type": parameter["type"]}
        entry |= {key: parameter[key] for key in ("aliases", "example") if key in parameter}
        need = parameter.get("need", "optional")
        if need != "optional":
            entry[need] = True
        parameters[str(name)] = entry
    described = {
        "description": words(data["about"]),
        "format": data.get("format", "block"),
        "params": parameters,
        "paramOrder": list(parameters),
    }
    return json.dumps(described, ensure_ascii=False, indent=1)
