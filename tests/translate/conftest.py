"""A topic in git with a translation that says what it was made from."""

from __future__ import annotations

import subprocess

import pytest

from pipeline.config import load
from pipeline.translate.command import Outcome, stamp_topic, translate
from tests.project import Project

EN, ES = "articles/tiny/en.md", "articles/tiny/es.md"


class Translated:
    """The small project, committed and stamped; `refresh` runs what `marovi translate tiny es` does."""

    def __init__(self, project: Project) -> None:
        self.project = project
        for name, old, new in (
            (EN, "See [the first", "Rates of 1/2 do, {glue}`count:d` times.\n\nSee [the first"),
            (ES, "Véase [la", "Las tasas de 1/2 sirven, {glue}`count:d` veces.\n\nVéase [la"),
        ):
            project.change(name, old, new)
        project.change(EN, 'glue("count", 3)\n', "from runtime import glue\n\n" + 'glue("count", 3)\n')
        project.change(EN, " and [networks](../neural-networks/)", "")
        git(project, "init", "-q")
        self.stamp()
        self.commit()

    def change(self, old: str, new: str) -> None:
        self.project.change(EN, old, new)

    def stamp(self) -> list[str]:
        return list(stamp_topic(load(self.project.root), "tiny", "es"))

    def commit(self) -> None:
        git(self.project, "add", "-A")
        git(self.project, "-c", "user.name=Test", "-c", "user.email=t@example.org", "commit", "-qm", "one")

    def refresh(self, language: str = "es") -> Outcome:
        return translate(load(self.project.root), "tiny", language)[0]

    @property
    def text(self) -> str:
        return (self.project.root / ES).read_text()

    def errors(self) -> list[str]:
        return [str(one) for one in self.project.read()[1] if one.severity == "error"]


def git(project: Project, *words: str) -> None:
    subprocess.run(["git", "-C", str(project.root), *words], check=True, capture_output=True)


@pytest.fixture
def translated(project: Project) -> Translated:
    return Translated(project)
