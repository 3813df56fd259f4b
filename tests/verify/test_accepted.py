"""results.json: what was accepted stands until somebody accepts something else."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.read.article import Article
from pipeline.run.results import Check, Differs, Results
from pipeline.verify import accept_results, difference_rows, differences, recorded, verify
from pipeline.verify.accepted import agree, disagree
from tests.run.topics import article
from tests.verify.results import results

CLOSE = Check("close", "ours against torch", "c1", 30, 1e-6, 2.345e-9)


@pytest.fixture
def topic(tmp_path: Path) -> Article:
    return article(tmp_path / "topic", "…", prints=["p:.2f", "p:.1%"], figures=["curve"])


def came_out(p: float = 0.976, stdout: str = "one\ntwo\n", digest: str = "ab", **more: object) -> Results:
    return results({"p": p}, stdout=stdout, figures={"curve": digest}, checks=(CLOSE,), **more)  # type: ignore[arg-type]


def digits(topic: Article, results: Results) -> list[tuple[str, int, str]]:
    found: tuple[Problem, ...] = verify(topic, results)
    assert all(problem.rule == "digits" for problem in found)
    return [(problem.severity, problem.where.line, problem.message) for problem in found]


def accepted(topic, came):
    """What `marovi build --accept` does of it: take the results where nothing else is wrong."""
    problems = verify(topic, came, against_accepted=False)
    if not problems:
        accept_results(topic, came)
    return problems


def test_results_nobody_accepted_are_a_warning(topic: Article) -> None:
    (problem,) = verify(topic, came_out())
    assert (problem.severity, str(problem.where)) == ("warning", "articles/topic/results.json:1:1")
    assert "marovi build --accept" in problem.remedy


def test_accepted_results_are_no_problem(topic: Article) -> None:
    assert accepted(topic, came_out()) == ()
    assert verify(topic, came_out()) == ()


def test_each_other_digit_output_and_figure_is_one_error_with_old_and_new(topic: Article) -> None:
    accepted(topic, came_out())
    cell = next(cell for cell in topic.cells if cell.label == "c1").where.line
    prose = topic.source.document.blocks[-1].where.line
    assert digits(topic, came_out(0.981, "one\nthree\n", "cd")) == [
        ("error", cell, "data of figure curve was 'ab' and is now 'cd'"),
        ("error", cell, "output of cell c1 was 'two' and is now 'three'"),
        ("error", prose + 1, "value p:.1% was '97.6%' and is now '98.1%'"),
    ]


def test_digits_that_are_not_printed_may_differ(topic: Article) -> None:
    accepted(topic, came_out())
    assert verify(topic, came_out(0.976 + 1e-9)) == ()


def test_what_is_new_or_gone_is_a_warning(tmp_path: Path, topic: Article) -> None:
    accepted(topic, came_out())
    more = article(tmp_path / "topic", "…", prints=["p:.2f", "p:.3f"], figures=["curve"])
    assert [(severity, message) for severity, _, message in digits(more, came_out())] == [
        ("warning", "value p:.3f is not in results.json"),
        ("warning", "value p:.1% is in results.json but gone"),
    ]


def test_the_table_of_differences_has_old_and_new(topic: Article) -> None:
    accepted(topic, came_out())
    assert difference_rows(differences(topic, came_out(0.5, "", "cd"))) == (
        ("what", "accepted", "now"),
        ("data of figure curve", "ab", "cd"),
        ("output of cell c1", "one", "-"),
        ("value p:.1%", "97.6%", "50.0%"),
        ("value p:.2f", "0.98", "0.50"),
    )


def test_the_file_is_sorted_readable_json_with_rounded_numbers(topic: Article) -> None:
    accepted(topic, came_out(1 / 3))
    text = (topic.folder / "results.json").read_text(encoding="utf-8")
    held = json.loads(text)
    assert text == json.dumps(held, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert held["values"] == {"p": 0.333333333333}
    assert held["printed"] == {"p:.1%": "33.3%", "p:.2f": "0.33"}
    assert held["output"] == {"c1": {"stdout": "one\ntwo\n", "value": ""}}
    assert held["checks"] == [
        {"cell": "c1", "kind": "close", "text": "ours against torch", "tolerance": 1e-6, "difference": 2e-9}
    ]
    assert (held["level"], held["computed"], held["environment"]["device"]) == ("cross-checked", "2026-11-21", "cpu")
    assert [path.name for path in topic.folder.iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({}, False),
        ({"computed": "2027-01-01", "system": "Darwin arm64"}, False),
        ({"p": 0.976 + 1e-10}, False),
        ({"p": 0.977}, True),
        ({"reproduced": False}, True),
        ({"stdout": "other"}, True),
    ],
)
def test_accepting_writes_only_if_more_than_date_and_machine_changed(
    changes: dict[str, object], written: bool, topic: Article
) -> None:
    accepted(topic, came_out())
    file = topic.folder / "results.json"
    before = file.read_bytes()
    accepted(topic, came_out(**changes))  # type: ignore[arg-type]
    assert (file.read_bytes() != before) is written


def test_infinity_is_written_as_text(tmp_path: Path) -> None:
    topic = article(tmp_path / "topic", "…", prints=["p"])
    accepted(topic, results({"p": math.inf}))
    assert json.loads((topic.folder / "results.json").read_text())["values"] == {"p": "inf"}
    assert verify(topic, results({"p": math.inf})) == ()


@pytest.mark.parametrize("damage", ["", "<<<<<<< HEAD\n{}", "[]", "{}", '{"values": 3}', "\xff"])
def test_a_damaged_file_is_one_problem_and_is_replaced_by_accepting(damage: str, topic: Article) -> None:
    (topic.folder / "results.json").write_text(damage, encoding="latin-1")
    (problem,) = verify(topic, came_out())
    assert problem.severity == "error" and problem.message.startswith("cannot be read")
    assert accepted(topic, came_out()) == ()
    assert verify(topic, came_out()) == ()


def test_nothing_is_accepted_while_prose_is_wrong(tmp_path: Path) -> None:
    topic = article(tmp_path / "topic", "…", prints=["gone"])
    assert [problem.rule for problem in accepted(topic, results())] == ["glue"]
    assert not (topic.folder / "results.json").exists()


GPU = {"cuda": ("NVIDIA H200", "2.13.0")}


def level(topic: Article) -> str:
    return str(json.loads((topic.folder / "results.json").read_text())["level"])


def test_a_gpu_that_agrees_raises_the_level_and_a_later_build_keeps_it(topic: Article) -> None:
    accepted(topic, came_out())
    assert agree(topic, came_out(), GPU, "2026-11-22")
    assert level(topic) == recorded(topic, came_out()).level == "cross-device"
    assert recorded(topic, came_out()).devices["cuda"].name == "NVIDIA H200"
    assert not accept_results(topic, recorded(topic, came_out()))
    assert verify(topic, came_out()) == ()


def test_the_cpu_without_vector_instructions_is_noted_and_raises_nothing(topic: Article) -> None:
    accepted(topic, came_out())
    assert agree(topic, came_out(), {"cpu:baseline": ("GenuineIntel", "2.13.0")}, "2026-11-22")
    assert level(topic) == recorded(topic, came_out()).level == "cross-checked"
    assert list(recorded(topic, came_out()).devices) == ["cpu:baseline"]


def test_other_digits_take_the_level_back(topic: Article) -> None:
    accepted(topic, came_out())
    agree(topic, came_out(), GPU, "2026-11-22")
    changed = recorded(topic, came_out(0.99))
    assert changed.level == "cross-checked"
    assert accept_results(topic, changed)
    assert level(topic) == "cross-checked" and recorded(topic, came_out(0.99)).devices == {}


def test_other_cells_with_the_same_digits_take_the_level_back(tmp_path: Path, topic: Article) -> None:
    accepted(topic, came_out())
    agree(topic, came_out(), GPU, "2026-11-22")
    edited = article(tmp_path / "topic", "… # edited", prints=["p:.2f", "p:.1%"], figures=["curve"])
    assert recorded(edited, came_out()).level == "cross-checked"


def test_nothing_is_noted_of_results_that_nobody_accepted(topic: Article) -> None:
    assert not agree(topic, came_out(), GPU, "2026-11-22")
    accepted(topic, came_out())
    assert not agree(topic, came_out(0.99), GPU, "2026-11-22")
    assert level(topic) == "cross-checked"


def test_a_device_that_no_longer_agrees_is_taken_out(topic: Article) -> None:
    accepted(topic, came_out())
    agree(topic, came_out(), GPU, "2026-11-22")
    disagree(topic, ["cuda"])
    assert level(topic) == "cross-checked" and "devices" not in json.loads((topic.folder / "results.json").read_text())


def timed(seconds: float, digest: str = "ab") -> Results:
    declared = {what: Differs("run", "A time is measured.") for what in ("value p", "figure curve")}
    return replace(came_out(seconds, digest=digest), differs=declared)


def test_a_time_may_come_out_otherwise_and_the_page_keeps_the_accepted_one(topic: Article) -> None:
    accepted(topic, timed(0.976))
    assert verify(topic, timed(0.5, "cd")) == ()
    assert recorded(topic, timed(0.5)).glued["p"].value == 0.976
    assert not accept_results(topic, recorded(topic, timed(0.5)))


def test_what_differs_by_device_must_still_come_out_the_same_here(topic: Article) -> None:
    chaotic = {"value p": Differs("device", "Training is chaotic.")}
    accepted(topic, replace(came_out(), differs=chaotic))
    assert [message for _, _, message in digits(topic, replace(came_out(0.5), differs=chaotic))] == [
        "value p:.2f was '0.98' and is now '0.50'",
        "value p:.1% was '97.6%' and is now '50.0%'",
    ]
