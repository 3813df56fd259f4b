"""The comparison's tables and their place in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.compare.report import Comparison, report
from bench.compare.table import BEGIN, END, number, replaced, table
from bench.compare.timings import Timings


@pytest.fixture
def timings() -> Timings:
    made = Timings()
    for seconds in (2.0, 1.0, 4.0):
        made.add("ours", "cold", seconds)
    made.add("ours", "nothing", 0.25)
    made.add("theirs", "cold", 68.0)
    return made


def test_a_table_has_medians_ranges_and_ratios(timings: Timings) -> None:
    assert table(timings, "ours", "", {"cold": "cold", "nothing": "nothing changed"}).splitlines() == [
        "|  | cold | nothing changed |",
        "| --- | ---: | ---: |",
        "| **ours** | 2.00 (1.00–4.00) | 0.250 |",
        "| theirs | 68.0, 34× | – |",
    ]


def test_a_ratio_needs_a_time_of_ours(timings: Timings) -> None:
    assert "×" not in table(timings, "somebody else", "", {"cold": "cold"})


def test_a_name_with_a_bar_stays_one_cell(timings: Timings) -> None:
    timings.add("a | b", "cold", 2.0)
    assert "| a \\| b | 2.00, 1× |" in table(timings, "ours", "", {"cold": "cold"})


@pytest.mark.parametrize(
    ("value", "text"), [(0.2134, "0.213"), (4.266, "4.27"), (68.42, "68.4"), (1240.4, "1,240"), (-0.5, "-0.500")]
)
def test_numbers_have_about_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_the_readme_keeps_what_is_around_the_table() -> None:
    once = replaced(f"before\n{BEGIN}\nold\n{END}\nafter\n", "| new |\n")
    assert once == f"before\n{BEGIN}\n\n| new |\n\n{END}\nafter\n"
    assert replaced(once, "| new |\n") == once


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_readme_without_its_marks_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match="marks"):
        replaced(text, "| new |")


def test_the_readme_has_the_marks() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert "| new |" in replaced(readme, "| new |")


def test_a_report_says_how_far_the_goal_is() -> None:
    timings = Timings()
    timings.add("marovi build", "cold", 10.0)
    timings.add("bare script", "cold", 8.0)
    made = report([Comparison("executing", timings, 16)], "a machine, 2 cores", "tool 1.0", "2026-01-02")
    assert "Executing 16 small topics" in made
    assert "5.00 s; `marovi build` takes 2.00 times that." in made
    assert made.endswith("2026-01-02, a machine, 2 cores; tool 1.0.\n")
