"""A project of prose alone: it builds in a moment, and holds all that one page can see of another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.project import REPOSITORY, Project

TOPIC = """\
---
title: {title}
field: Machine Learning
topic_area: Machine Learning
difficulty: Introductory
prerequisites: [{before}]
categories: [Machine Learning, Introductory]
related: {{articles: [{before}]}}
summary: About {title}.
key_points: [One point.]
provenance: {{generated_date: 2026-11-21}}
---
**{title}** has a {{term}}`learning rate` {{cite}}`cauchy1847` and $x^2$.

## A part

See [that part](../{other}/#a-part), [all of it](../{other}/) and [this part](#a-part).

![A square.](square.png "The square.")
"""
TRANSLATION = """\
---
title: {title}
summary: Sobre {title}.
key_points: [Un punto.]
---
**{title}** tiene una {{term}}`tasa de aprendizaje` {{cite}}`cauchy1847` y $x^2$.

## Una parte

Véase [esa parte](../{other}/#una-parte), [todo](../{other}/) y [esta parte](#una-parte).

![Un cuadrado.](square.png "El cuadrado.")
"""
SUMMARY = """\
---
provenance: {{generated_by: Marovi, generated_date: 2026-11-21, review_state: draft}}
---
**{title}** in short, with [more](../{other}/).
"""


@pytest.fixture
def prose(tmp_path: Path) -> Project:
    """Two topics that know each other, in two languages, one of them with a summary."""
    project = Project(tmp_path / "project")
    shutil.rmtree(project.root / "articles" / "tiny")
    shutil.copytree(REPOSITORY / "templates", project.root / "templates", dirs_exist_ok=True)
    project.add(
        "articles/categories.yaml",
        """\
        Articles: {en: Articles, es: Artículos}
        Glossary: {en: Glossary, es: Glosario}
        """,
    )
    project.write("articles/planned.yaml", "later: {en: Later, es: Después}\n")
    square = (REPOSITORY / "tests" / "sample" / "articles" / "newton-iteration" / "square.png").read_bytes()
    for slug, title, name, other, before in (
        ("alpha", "Alpha", "Alfa", "beta", "later"),
        ("beta", "Beta", "Beta", "alpha", "alpha"),
    ):
        project.write(f"articles/{slug}/en.md", TOPIC.format(title=title, other=other, before=before))
        project.write(f"articles/{slug}/es.md", TRANSLATION.format(title=name, other=other))
        project.write(f"articles/{slug}/square.png", square)
    project.write("articles/alpha/summary/en.md", SUMMARY.format(title="Alpha", other="beta"))
    return project
