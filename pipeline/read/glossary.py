"""The glossary: one YAML file a concept, all languages in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import Where, suggest
from pipeline.read.article import Concept, ConceptText
from pipeline.read.blocks import parse_inline
from pipeline.read.context import Reading
from pipeline.read.document import Cite, Glue, Term, walk
from pipeline.read.source import load
from pipeline.read.yaml_source import Mapped, check_schema, load_yaml

KEYS = ("domain", "article", "article_section", "difficulty", "related")


def read_concept(path: Path, reading: Reading, languages: tuple[str, ...], keys: frozenset[str]) -> Concept | None:
    """Read one concept's file; `keys` are those of all concepts. None after reporting what is wrong."""
    text = load(path, reading)
    mapped = load_yaml(text, reading) if text is not None else None
    if mapped is None:
        return None
    if not isinstance(mapped.data, dict):
        reading.report(reading.where(), "is not a list of keys", "write domain:, en: and the other languages", "yaml")
        return None
    for key in sorted(set(mapped.data) - set(KEYS) - set(languages)):
        remedy = suggest(key, (*KEYS, *languages))
        reading.report(mapped.key(key), f"unknown key or language {key!r}", remedy, "unknown-key")
        return None
    if not check_schema(mapped, "concept", reading):
        return None
    missing = [language for language in languages if language not in mapped.data]
    for language in missing:
        remedy = f"add {language}: {{term: …, definition: …}}"
        reading.report(mapped.value(), f"the translation key {language!r} is missing", remedy, "key")
    for number, other in enumerate(mapped.data.get("related", ())):
        if other not in keys:
            message = f"unknown related concept {other!r}"
            reading.report(mapped.value("related", number), message, suggest(other, keys), "term")
    article = mapped.data.get("article", "")
    if article and article not in reading.known.topics:
        message = f"unknown topic {article!r}"
        reading.report(mapped.value("article"), message, suggest(article, reading.known.topics), "link")
    texts = {language: _text(mapped, language, reading) for language in languages if language in mapped.data}
    return Concept(
        path.stem,
        reading.file,
        mapped.data["domain"],
        texts,
        article,
        mapped.data.get("article_section", ""),
        mapped.data.get("difficulty", ""),
        tuple(mapped.data.get("related", ())),
    )


def words_of(concepts: Mapping[str, Concept], language: str, reading: Reading) -> dict[str, str]:
    """Term or alias in lower case -> concept key; a word that two concepts claim is a problem."""
    words: dict[str, str] = {}
    for key, concept in concepts.items():
        text = concept.texts.get(language)
        for word in (text.term, *text.aliases) if text else ():
            plain = " ".join(word.lower().split())
            if words.setdefault(plain, key) != key:
                message = f"{word!r} ({language}) is a word for {words[plain]!r} and for {key!r}"
                reading.report(Where(concept.file), message, "take it out of one of them", "term")
    return words


def _text(mapped: Mapped, language: str, reading: Reading) -> ConceptText:
    data: dict[str, Any] = mapped.data[language]
    definition = parse_inline(data["definition"], mapped.value(language, "definition"), reading)
    for node in walk(definition):
        if isinstance(node, (Glue, Cite, Term)):
            reading.report(node.where, "a role in a definition", "use plain words and formulas", "glossary")
    aliases, avoid = tuple(data.get("aliases", ())), tuple(data.get("avoid", ()))
    for number, word in enumerate(avoid):
        if word == data["term"]:
            where = mapped.value(language, "avoid", number)
            reading.report(where, f"{word!r} is to be used and to be avoided", "take it out of one of them", "term")
    return ConceptText(data["term"], definition, aliases, avoid, data.get("status", "draft"))
