"""A new topic builds at once and takes nothing from another one."""

from __future__ import annotations

import pytest
import yaml

from pipeline.build import build
from pipeline.check import check
from pipeline.check.rules import RULES, RULES_OF_WRITING
from pipeline.config import load
from pipeline.errors import MaroviError
from pipeline.starting import Wanted, start
from pipeline.starting.planned import without_topic


def files(root) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}


@pytest.mark.slow
def test_a_new_topic_reads_and_checks_without_an_error_of_its_own(project) -> None:
    made = start(load(project.root), Wanted("odd-sums", "Odd Sums"))
    assert made.file == "articles/odd-sums/en.md" and not made.linked
    sources, problems = project.read()
    found = (*problems, *check(sources, (*RULES, *RULES_OF_WRITING)))
    own = [one for one in found if "odd-sums" in one.where.file]
    assert {(one.rule, one.severity) for one in own} == {("translation", "warning"), ("orphan", "warning")}


@pytest.mark.slow
def test_a_new_topic_builds(built) -> None:
    start(load(built.root), Wanted("odd-sums", "Odd Sums", "paper", prerequisites=("tiny",)))
    outcome = build(load(built.root), accept=True)
    assert {line.slug: (line.values, line.figures, line.checks) for line in outcome.topics}["odd-sums"] == (2, 1, 2)


def test_a_planned_topic_has_its_title_and_its_line_goes(project) -> None:
    project.write(
        "articles/planned.yaml",
        "# planned\nneural-networks: {en: Neural Networks, es: Redes neuronales}\n# next\n"
        "sets:\n  en: Sets\n  es: Conjuntos\n# last\nmaps: {en: Maps, es: Mapas}  # short\n",
    )
    made = start(load(project.root), Wanted("sets"))
    assert (made.title, made.titles) == ("Sets", {"es": "Conjuntos"})
    left = (project.root / "articles/planned.yaml").read_text()
    assert left == (
        "# planned\nneural-networks: {en: Neural Networks, es: Redes neuronales}\n# next\n"
        "# last\nmaps: {en: Maps, es: Mapas}  # short\n"
    )
    assert [one for one in project.problems() if "error" in one] == []


def test_the_last_planned_topic_leaves_a_file_that_reads() -> None:
    assert yaml.safe_load(without_topic("# all\na: {en: A}\n", "a")) is None
    assert without_topic("{a: {en: A}, b: {en: B}}\n", "a") == "b:\n  en: B\n"


def test_a_planned_topic_that_others_link_to_is_linked(project) -> None:
    assert start(load(project.root), Wanted("neural-networks")).linked
    assert project.problems() == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("tiny", "Another"), "is taken by articles/tiny"),
        (Wanted("Odd Sums", "Odd Sums"), "how about 'odd-sums'?"),
        (Wanted("glossary", "Words"), "cannot be a slug"),
        (Wanted("odd", "tiny Topic"), "starts in lower case"),
        (Wanted("odd", "Tiny Topic"), "is taken by articles/tiny/en.md"),
        (Wanted("odd", "Neural Networks"), "is planned for 'neural-networks'"),
        (Wanted("odd", "C#"), "which MediaWiki keeps"),
        (Wanted("odd"), "has no title"),
        (Wanted("odd", "Odd", field="Machine Lerning"), "did you mean 'Machine Learning'?"),
        (Wanted("odd", "Odd", difficulty="Introductry"), "did you mean 'Introductory'?"),
        (Wanted("odd", "Odd", prerequisites=("tinny",)), "did you mean 'tiny'?"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(project, wanted, said) -> None:
    before = files(project.root)
    with pytest.raises(MaroviError, match=said.replace("?", r"\?")):
        start(load(project.root), wanted)
    assert files(project.root) == before


def test_a_folder_that_is_there_is_never_written_into(project) -> None:
    project.write("articles/papers/odd/notes.txt", "mine")
    with pytest.raises(MaroviError, match="is taken by articles/papers/odd"):
        start(load(project.root), Wanted("odd", "Odd"))
    assert [path.name for path in (project.root / "articles/papers/odd").iterdir()] == ["notes.txt"]
