"""What a change of the sources changes is found: numbers, claims, figures, translations, pages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.build import build
from pipeline.changes.compare import changes_of
from pipeline.changes.model import Changes
from pipeline.changes.report import write_report
from pipeline.cli import main
from pipeline.config import load
from pipeline.errors import MaroviError
from tests.project import Project

EN, ES, RESULTS = "articles/tiny/en.md", "articles/tiny/es.md", "articles/tiny/results.json"


def results(project: Project, change: Callable[[dict], None]) -> None:
    """Change results.json as a build that accepts would."""
    path = project.root / RESULTS
    held = json.loads(path.read_text()) if path.exists() else dict(HELD)
    change(held)
    project.write(RESULTS, json.dumps(held))


HELD = {
    "level": "reproduced",
    "printed": {"count": "3", "rate:.2f": "0.10"},
    "values": {"count": 3, "rate": 0.1, "hidden": 1.0},
    "output": {"first": {"stdout": "one\ntwo\n", "value": ""}},
    "figures": {"curve": "0" * 64},
    "checks": [{"kind": "claim", "text": "it is small", "tolerance": None}],
}


@pytest.fixture
def held(project: Project, commit: Callable[[Project], str]) -> Project:
    """A committed project with results."""
    results(project, lambda held: None)
    commit(project)
    return project


def found(project: Project) -> Changes:
    return changes_of(load(project.root), "HEAD")


def test_the_same_sources_change_nothing(held: Project) -> None:
    changes = found(held)
    assert changes.nothing and changes.base == changes.head
    assert changes.notes == ("Pages and pictures were not compared: there is no build of the base.",)


def test_a_changed_number_is_shown_with_the_lines_that_print_it(held: Project) -> None:
    results(held, lambda one: one["printed"].update(count="4"))
    (topic,) = found(held).topics
    (number,) = topic.numbers
    assert (topic.slug, topic.status, number.what, number.old, number.new) == (
        "tiny",
        "changed",
        "value count",
        "3",
        "4",
    )
    line = (held.root / EN).read_text().split("\n").index("summary: A topic of {glue}`count` lines.") + 1
    assert f"{EN}:{line}" in number.where and any(place.startswith(f"{ES}:") for place in number.where)


def test_a_number_that_is_gone_is_shown_where_it_was_printed(held: Project) -> None:
    results(held, lambda one: one["printed"].pop("count"))
    held.change(EN, "summary: A topic of {glue}`count` lines.", "summary: A topic.")
    held.change(ES, "summary: Un tema de {glue}`count` líneas.", "summary: Un tema.")
    (number,) = found(held).topics[0].numbers
    assert (number.old, number.new) == ("3", None) and number.where


def test_of_a_changed_output_the_first_other_line_is_shown(held: Project) -> None:
    results(held, lambda one: one["output"]["first"].update(stdout="one\nthree\n"))
    (number,) = found(held).topics[0].numbers
    assert (number.what, number.old, number.new) == ("output of cell first", "two", "three")
    assert number.where[0].startswith(f"{EN}:")


def test_claims_levels_figures_and_values_that_no_page_prints_are_told_apart(held: Project) -> None:
    def change(one: dict) -> None:
        one["checks"] = [{"kind": "close", "text": "sums", "tolerance": 1e-6}]
        one["differs"] = {"seconds": {"by": "run", "reason": "it is a time"}}
        one["level"] = "cross-checked"
        one["figures"]["curve"] = "1" * 64
        one["values"]["hidden"] = 2.0

    results(held, change)
    (topic,) = found(held).topics
    assert [(one.what, one.old, one.new) for one in topic.checks] == [
        ("claim it is small", "holds", None),
        ("close sums", None, "agrees within 1e-06"),
        ("may differ by run: seconds", None, "it is a time"),
    ]
    assert (topic.old_level, topic.new_level) == ("reproduced", "cross-checked")
    assert (topic.numbers, topic.figures, topic.unprinted) == ((), ("curve",), ("hidden",))


def test_new_and_removed_topics_are_named_so(held: Project, commit: Callable[[Project], str]) -> None:
    shutil.copytree(held.root / "articles/tiny", held.root / "articles/other")
    assert [(one.slug, one.status) for one in found(held).topics] == [("other", "new")]
    commit(held)
    shutil.rmtree(held.root / "articles/other")
    assert [(one.slug, one.status) for one in found(held).topics] == [("other", "removed")]


def test_results_that_cannot_be_read_are_as_none(held: Project) -> None:
    held.write(RESULTS, "{ no")
    assert [one.status for one in found(held).topics] == ["removed"]
    held.write(RESULTS, "[]")
    assert [one.status for one in found(held).topics] == ["removed"]


def test_a_changed_section_says_which_translation_it_leaves_behind(
    held: Project, commit: Callable[[Project], str]
) -> None:
    assert main(["--root", str(held.root), "stamp", "tiny", "es"]) == 0
    commit(held)
    assert found(held).translations == ()
    held.change(EN, "See [the first part]", "Look at [the first part]")
    (translation,) = found(held).translations
    assert (translation.file, translation.outdated, translation.settled) == (ES, ("first-part",), ())
    commit(held)
    assert main(["--root", str(held.root), "stamp", "tiny", "es"]) == 0
    (translation,) = found(held).translations
    assert (translation.outdated, translation.settled) == ((), ("first-part",))


def test_a_base_that_cannot_be_read_is_said_and_the_numbers_are_compared(
    held: Project, commit: Callable[[Project], str]
) -> None:
    good = (held.root / "pyproject.toml").read_text()
    held.write("pyproject.toml", "[tool.marovi]\nlanguages = 5\n")
    commit(held)
    held.write("pyproject.toml", good)
    results(held, lambda one: one["printed"].update(count="4"))
    changes = found(held)
    assert "The base's sources cannot be read" in changes.notes[0]
    assert changes.topics[0].numbers[0].new == "4"


def test_links_in_an_earlier_revision_lead_nowhere(
    held: Project, commit: Callable[[Project], str], tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "results.json").write_text(json.dumps({**HELD, "level": "secret"}))
    (held.root / "articles/leak").symlink_to(secret)
    commit(held)
    (held.root / "articles/leak").unlink()
    assert found(held).topics == ()


def test_builds_are_compared_by_page_and_picture(
    built: Project, commit: Callable[[Project], str], tmp_path: Path
) -> None:
    commit(built)
    before = tmp_path / "before"
    shutil.copytree(built.root / "build", before)
    built.change(EN, "ax.plot([1, 2])", "ax.plot([1, 3])")
    built.change(EN, 'glue("count", 3)', 'glue("count", 4)')
    built.change(EN, 'verify.close("count", 3.0, sum([1.0, 2.0]))', 'verify.close("count", 4.0, sum([1.0, 3.0]))')
    build(load(built.root), accept=True)
    changes = changes_of(load(built.root), "HEAD", before)
    assert ("Tiny Topic", "topic", "changed") in {(one.title, one.kind, one.change) for one in changes.pages}
    assert not any(one.kind in ("template", "interface") for one in changes.pages)
    pictures = {one.title: one for one in changes.pictures}
    assert set(pictures) == {"File:Tiny Topic - curve (en).png", "File:Tiny Topic - curve (es).png"}
    assert not any(one.redrawn for one in pictures.values())
    assert changes.topics[0].figures == ("curve",)

    out = tmp_path / "report"
    write_report(changes, out, before, built.root / "build")
    assert json.loads((out / "changes.json").read_text()) == json.loads(json.dumps(changes.to_json()))
    shown = (out / "report.md").read_text()
    names = sorted(path.name for path in (out / "figures").iterdir())
    assert names == ["1-after.png", "1-before.png", "2-after.png", "2-before.png"]
    assert all(f"(figures/{name})" in shown for name in names)
    assert (out / "figures/1-before.png").read_bytes() != (out / "figures/1-after.png").read_bytes()
    assert (out / "index.html").read_text().count("<img ") == 4
    write_report(changes, out, before, built.root / "build")


def test_a_folder_that_is_no_report_is_never_replaced(held: Project, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/diary.txt").write_text("dear")
    with pytest.raises(MaroviError, match="no report to be replaced"):
        write_report(found(held), tmp_path / "mine", None, None)
    assert (tmp_path / "mine/diary.txt").read_text() == "dear"


def test_the_command_prints_markdown_or_json_or_writes_a_folder(
    held: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results(held, lambda one: one["printed"].update(count="4"))
    words = ["--root", str(held.root), "changes", "HEAD"]
    assert main(words) == 0
    assert "### Numbers" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["topics"][0]["numbers"][0]["new"] == "4"
    assert main([*words, "--out", str(tmp_path / "r")]) == 0
    assert (tmp_path / "r/index.html").is_file() and "index.html" in capsys.readouterr().out
    assert main(["--root", str(held.root), "changes", "nowhere"]) == 1
