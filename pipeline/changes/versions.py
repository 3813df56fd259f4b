"""Templates and modules by version: none changes what it does on the wiki under the version it had."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import Problem, Where

FOLDER = Path("templates") / "wiki"
RULE = "version"
WORDS = ("about", "example")  # they describe a template and change nothing of it
_LUA = re.compile(r"^-- Version (\d+\.\d+)[ \t]*$", re.MULTILINE)
_HEAD = re.compile(r"\A(?:--.*\n)*")


@dataclass(frozen=True, slots=True)
class Versioned:
    """A template or a module: `substance` is what may not change under one version."""

    title: str  # on the wiki: "Template:Article"
    version: str  # "2.0", "" where it has none
    substance: str
    where: Where  # of the version, or where it belongs


def versioned(root: Path) -> Mapping[str, Versioned]:
    """Every template and module of a project by its title."""
    folder = root / FOLDER
    found = [_template(path, root) for path in sorted((folder / "Template").glob("**/*.wiki"))]
    found += [_module(path, root) for path in sorted((folder / "Module").glob("**/*.lua"))]
    return {one.title: one for one in found}


def version_problems(before: Mapping[str, Versioned], now: Mapping[str, Versioned]) -> Iterator[Problem]:
    """Yield a problem for each one that has no version, or changed without a higher one, or went back."""
    for title, one in now.items():
        old = before.get(title)
        if not one.version:
            yield Problem(one.where, f"{title} has no version", f"write {_written(one, '1.0')}", RULE)
        elif old is None or not old.version:
            continue
        elif _number(one.version) < _number(old.version):
            message = f"{title} went back from version {old.version} to {one.version}"
            yield Problem(one.where, message, "the wiki may have the higher one: raise it above that", RULE)
        elif one.substance != old.substance and one.version == old.version:
            message = f"{title} changed, and its version is {one.version} as before"
            yield Problem(one.where, message, f"raise it, such as {_written(one, _next(one.version))}", RULE)


def _template(path: Path, root: Path) -> Versioned:
    described = path.with_suffix(".yaml")
    text = described.read_text(encoding="utf-8") if described.is_file() else ""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:  # what is wrong with it, the check of templates says
        data = None
    data = data if isinstance(data, dict) else {}
    lines = text.split("\n")
    line = next((number for number, words in enumerate(lines, 1) if words.startswith("version:")), 1)
    substance = f"{path.read_text(encoding='utf-8')}\n{_without_words(data)!r}"
    where = Where(described.relative_to(root).as_posix(), line)
    return Versioned(_title(path, root), str(data.get("version", "")), substance, where)


def _module(path: Path, root: Path) -> Versioned:
    text = path.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    found = _LUA.search(head[0]) if head else None
    where = path.relative_to(root).as_posix()
    if found is None:
        return Versioned(_title(path, root), "", text, Where(where))
    line = text.count("\n", 0, found.start()) + 1
    return Versioned(_title(path, root), found[1], text.replace(found[0], "", 1), Where(where, line))


def _without_words(data: dict[str, Any]) -> dict[str, Any]:
    """What the documentation of a template says but for its version and the words that describe it."""
    kept = {key: value for key, value in data.items() if key not in (*WORDS, "version")}
    parameters = kept.get("parameters")
    if isinstance(parameters, dict):
        kept["parameters"] = {
            name: {key: value for key, value in held.items() if key not in WORDS} if isinstance(held, dict) else held
            for name, held in parameters.items()
        }
    return kept


def _title(path: Path, root: Path) -> str:
    namespace, *rest = path.relative_to(root / FOLDER).with_suffix("").parts
    return f"{namespace}:{'/'.join(rest)}"


def _written(one: Versioned, version: str) -> str:
    lua = one.title.startswith("Module:")
    return f"`-- Version {version}` in the comment at its head" if lua else f'`version: "{version}"`'


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _next(version: str) -> str:
    *first, last = version.split(".")
    return ".".join([*first, str(int(last) + 1)]) if last.isdigit() else version
