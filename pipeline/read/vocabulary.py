"""The small tables beside the articles: categories, planned topics, and the words the pipeline adds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.read.context import Reading
from pipeline.read.source import load
from pipeline.read.yaml_source import load_yaml

Words = Mapping[str, Mapping[str, str]]


def read_names(path: Path, reading: Reading, languages: tuple[str, ...]) -> Words:
    """Read key -> language -> name; each key must have a name in each language."""
    names: dict[str, dict[str, str]] = {}
    text = load(path, reading) if path.is_file() else None
    if text is None:
        if not path.is_file():
            reading.report(reading.where(), "is missing", "make it: `Machine Learning: {en: …, es: …}`", "unreadable")
        return names
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n")):
        return names  # no topic is planned any more
    mapped = load_yaml(text, reading)
    if mapped is None:
        return names
    data = mapped.data if isinstance(mapped.data, dict) else {}
    if mapped.data and not data:
        reading.report(reading.where(), "is not a list of keys", "write `key: {en: …, es: …}`", "yaml")
    for key, entry in data.items():
        if not isinstance(entry, dict) or not all(isinstance(name, str) and name.strip() for name in entry.values()):
            reading.report(mapped.key(key), f"{key!r} does not give a name a language", "write {en: …, es: …}", "value")
            continue
        for language in languages:
            if language not in entry:
                remedy = f"add {language}: to it"
                message = f"the translation key {language!r} is missing in {key!r}"
                reading.report(mapped.key(key), message, remedy, "key")
        names[str(key)] = {str(language): str(name) for language, name in entry.items()}
    return names


def read_messages(folder: Path, root: Path, languages: tuple[str, ...], problems: Reading) -> Words:
    """Read templates/messages: language -> key -> words; each language has the source language's keys."""
    messages: dict[str, dict[str, str]] = {}
    for language in languages:
        path = folder / f"{language}.yaml"
        reading = Reading(path.relative_to(root).as_posix(), language, problems.known)
        text = load(path, reading)
        mapped = load_yaml(text, reading) if text is not None else None
        data = mapped.data if mapped is not None and isinstance(mapped.data, dict) else {}
        if mapped is not None and not data:
            reading.report(reading.where(), "is not a list of keys", "write `key: words`", "yaml")
        messages[language] = {str(key): str(words) for key, words in data.items()}
        for key in messages[languages[0]]:
            if mapped is not None and key not in messages[language]:
                reading.report(reading.where(), f"the translation key {key!r} is missing", f"add {key}: …", "key")
        problems.extend(reading.problems)
    return messages
