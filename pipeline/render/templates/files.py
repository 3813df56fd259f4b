"""The files of templates/wiki: which page each of them is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import Problem, suggest
from pipeline.read.context import Known, Reading
from pipeline.read.source import load
from pipeline.read.yaml_source import Mapped, load_yaml
from pipeline.render.page import Kind, Page

FOLDER = Path("templates") / "wiki"
KINDS: Mapping[str, Kind] = {
    "Template": "template",
    "Module": "module",
    "MediaWiki": "interface",
    "Help": "interface",
}
ENDINGS = {
    "Template": (".wiki", ".yaml"),
    "Module": (".lua",),
    "MediaWiki": (".css", ".js", ".wiki"),
    "Help": (".wiki",),
}
KEPT = (".css", ".js")  # endings that belong to the page's title


@dataclass(frozen=True, slots=True)
class WikiFile:
    """One file: `path` relative to the repository, `name` relative to templates/wiki."""

    path: str
    name: PurePosixPath
    text: str

    @property
    def namespace(self) -> str:
        return self.name.parts[0]

    @property
    def ending(self) -> str:
        return self.name.suffix


@dataclass(frozen=True, slots=True)
class Described:
    """The documentation of a template as its YAML file holds it."""

    file: WikiFile
    mapped: Mapped

    @property
    def template(self) -> str:
        return _title(self.file, self.file.name.with_suffix(""))


def read_files(folder: Path, root: Path, problems: list[Problem]) -> tuple[WikiFile, ...]:
    """Every file below `folder`, by path; README.md says what the folder is and is no page."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        if not path.is_file() or name == PurePosixPath("README.md"):
            continue
        reading = _reading(path.relative_to(root).as_posix())
        if len(name.parts) < 2 or name.parts[0] not in KINDS:
            remedy = suggest(name.parts[0], KINDS) or "move it"
            reading.report(reading.where(), "is in no folder that is a namespace of the wiki", remedy, "template")
        elif name.suffix not in ENDINGS[name.parts[0]]:
            known = ", ".join(ENDINGS[name.parts[0]])
            reading.report(reading.where(), f"no page of {name.parts[0]}: ends so", f"known: {known}", "template")
        else:
            text = load(path, reading)
            if text is not None:
                found.append(WikiFile(reading.file, name, stored(text)))
        problems += reading.problems
    return tuple(found)


def wiki_page(file: WikiFile, languages: tuple[str, ...], problems: list[Problem]) -> Page | None:
    """The page a file is; None for documentation, and for a language that is not configured."""
    if file.ending == ".yaml":
        return None
    name = file.name if file.ending in KEPT else file.name.with_suffix("")
    language = ""
    if file.namespace == "Help" and name.suffix:
        language = name.suffix[1:]
        if language not in languages:
            return None
        name = PurePosixPath(*name.parent.parts, name.stem, *([] if language == languages[0] else [language]))
    return Page(_title(file, name), KINDS[file.namespace], file.text, language, file.path)


def documentation_files(files: Iterable[WikiFile], problems: list[Problem]) -> tuple[Described, ...]:
    """The documentation of every template. A template without one, and one without a template, is a problem."""
    known = {file.name for file in files}
    found = []
    for file in files:
        if file.namespace != "Template":
            continue
        other = file.name.with_suffix(".yaml" if file.ending == ".wiki" else ".wiki")
        reading = _reading(file.path)
        if other not in known:
            reading.report(reading.where(), f"has no {other.name} beside it", f"write {other.name}", "template")
        if file.ending == ".yaml":
            mapped = load_yaml(file.text, reading)
            if mapped is not None:
                found.append(Described(file, mapped))
        problems += reading.problems
    return tuple(found)


def stored(text: str) -> str:
    """The text as MediaWiki keeps it: composed, LF line ends, no white space at the end."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).rstrip(" \t\n\r\0\x0b")


def _title(file: WikiFile, name: PurePosixPath) -> str:
    return f"{file.namespace}:" + "/".join(name.parts[1:])


def _reading(path: str) -> Reading:
    return Reading(path, "", Known())
