"""A small project on disk that tests change one thing in."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest

from pipeline.build import build
from pipeline.config import load
from pipeline.errors import Problem
from pipeline.read import read_all
from pipeline.read.article import Sources

ENGLISH = """\
---
title: Tiny Topic
field: Machine Learning
topic_area: Machine Learning
difficulty: Introductory
prerequisites: [neural-networks]
categories: [Machine Learning, Introductory]
summary: A topic of {glue}`count` lines.
key_points: [It is small.]
figures:
  curve: {caption: A curve., alt: It rises.}
provenance: {generated_date: 2026-11-21}
---
**Tiny Topic** has a {term}`learning rate` {cite}`cauchy1847`.

## First part

```{code-cell} python
:label: first
glue("count", 3)
```

See [the first part](#first-part) and [networks](../neural-networks/).
"""

SPANISH = """\
---
title: Tema diminuto
summary: Un tema de {glue}`count` líneas.
key_points: [Es pequeño.]
figures:
  curve: {caption: Una curva., alt: Sube.}
---
**Tema diminuto** tiene una {term}`tasa de aprendizaje` {cite}`cauchy1847`.

## Primera parte

```{embed} #first
```

Véase [la primera parte](#primera-parte).
"""

FILES = {
    "pyproject.toml": '[tool.marovi]\nlanguages = ["en", "es"]\n',
    "articles/categories.yaml": (
        "Machine Learning: {en: Machine Learning, es: Aprendizaje automático}\n"
        "Introductory: {en: Introductory, es: Introductorio}\n"
    ),
    "articles/planned.yaml": "neural-networks: {en: Neural Networks, es: Redes neuronales}\n",
    "articles/references.bib": (
        "@article{cauchy1847,\n  author = {Cauchy, Augustin-Louis},\n  title = {M{\\'e}thode},\n"
        "  journal = {Comptes Rendus},\n  year = {1847},\n}\n"
    ),
    "articles/glossary/learning-rate.yaml": (
        "domain: Machine Learning\n"
        "en: {term: learning rate, aliases: [step size], definition: How far a step goes.}\n"
        "es: {term: tasa de aprendizaje, definition: Cuánto avanza un paso.}\n"
    ),
    "articles/tiny/en.md": ENGLISH,
    "articles/tiny/es.md": SPANISH,
    "templates/messages/en.yaml": "summary: Summary\n",
    "templates/messages/es.yaml": "summary: Resumen\n",
}


class Project:
    """A project folder: write files into it, change words in them, read it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in () if (root / "articles").exists() else FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new))

    def add(self, name: str, text: str) -> None:
        self.write(name, (self.root / name).read_text() + textwrap.dedent(text))

    def read(self) -> tuple[Sources, tuple[Problem, ...]]:
        return read_all(load(self.root))

    def problems(self) -> list[str]:
        return [str(problem) for problem in self.read()[1]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


REPOSITORY = Path(__file__).parent.parent
RUNNING = {
    "articles/tiny/en.md": [
        (
            'glue("count", 3)\n',
            "from runtime import figure, glue, subplots, verify\n"
            'glue("count", 3)\n'
            'verify.close("count", 3.0, sum([1.0, 2.0]))\n'
            "fig, ax = subplots()\n"
            "ax.plot([1, 2])\n"
            'ax.set_xlabel("step")\n'
            'figure("curve", fig)\n',
        )
    ],
    "articles/tiny/es.md": [("---\n**Tema", "labels: {step: paso}\n---\n**Tema")],
}


def complete(project: Project) -> Project:
    """Make a project one that can be built: its cells run, and it has the repository's templates."""
    shutil.copytree(REPOSITORY / "templates", project.root / "templates", dirs_exist_ok=True)
    project.add(
        "articles/categories.yaml",
        """\
        Articles: {en: Articles, es: Artículos}
        Glossary: {en: Glossary, es: Glosario}
        """,
    )
    for name, changes in RUNNING.items():
        for old, new in changes:
            project.change(name, old, new)
    return project


@pytest.fixture
def whole(project: Project) -> Project:
    """A project that can be built and was not yet."""
    return complete(project)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built and whose results were accepted, to be copied."""
    root = complete(Project(tmp_path_factory.mktemp("built") / "project")).root
    build(load(root), accept=True)
    return root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Project:
    """A project whose results were accepted and which was built, all of it this test's own."""
    shutil.copytree(built_once, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
