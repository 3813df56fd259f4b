"""Running topics: what comes out, in which order, drawn in which languages, and what a second run must agree on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.read.article import Article
from pipeline.run import Progress, RunReport, RunSettings, run
from tests.run.topics import article, line_of

CURVE = """
fig, ax = runtime.subplots()
ax.plot([1, 2, 4])
ax.set_xlabel("steps")
figure("curve", fig)
"""


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Article]:
    folder = tmp_path_factory.mktemp("topics")
    topics = [
        article(
            folder / "output",
            "import os\nprint('first')\nos.write(1, b'second\\n')\nprint('temperatura: ñ 温')\nx = 2\nx * 3",
            "import ctypes\nctypes.CDLL(None).printf(b'from C\\n');",
            "import warnings, sys\n\nwarnings.warn('take care')\nprint('aside', file=sys.stderr)\n'text'",
            "None",
        ),
        article(
            folder / "checks", "verify.close('a', 1 + 1e-9, 1.0)\n\nfor i in (1, 2):\n    verify.claim('b', i > 0)"
        ),
        article(
            folder / "figure", CURVE, labels={"es": {"steps": "pasos"}, "zh": {"steps": "步数"}}, figures=["curve"]
        ),
        article(
            folder / "unlabelled", CURVE, labels={"es": {"steps": "pasos", "loss": "x"}, "zh": {}}, figures=["curve"]
        ),
        article(folder / "glyph", CURVE, labels={"es": {"steps": "ሀ"}}, figures=["curve"]),
        article(
            folder / "main",
            "glue('name', __name__)\nclass A:\n    pass\nimport pickle\npickle.loads(pickle.dumps(A()));",
        ),
        article(folder / "order", "glue('first', list({'a', 'b', 'c', 'd', 'e'})[:2])", prints=["first"]),
        article(folder / "unprinted", "glue('first', list({'a', 'b', 'c', 'd', 'e'})[:2])"),
        article(folder / "clock", "import time\ntime.time_ns()"),
        article(
            folder / "noise",
            "import random, os\nfig, ax = runtime.subplots()\n"
            "ax.plot([int.from_bytes(os.urandom(4), 'big'), 0])\nfigure('noise', fig)",
            figures=["noise"],
        ),
        article(
            folder / "seeded",
            "import random, torch, numpy as np\n"
            "glue('p', [random.random(), float(np.random.rand()), torch.rand(1).item()])",
            prints=["p:.12f"],
        ),
        article(folder / "second", "import os\nif os.environ['PYTHONHASHSEED'] == '1':\n    1 / 0"),
        article(folder / "first", "import os\nif os.environ['PYTHONHASHSEED'] == '0':\n    1 / 0"),
        article(folder / "threads", "import os, torch\nglue('n', torch.get_num_threads())", prints=["n"]),
    ]
    return {topic.slug: topic for topic in topics}


@pytest.fixture(scope="module")
def report(topics: dict[str, Article], tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    """All topics in one run, each of them run twice."""
    settings = RunSettings(tmp_path_factory.mktemp("cache"), ("en", "es", "zh"), workers=3)
    return run(tuple(topics.values()), settings)


def problems(report: RunReport, slug: str) -> list[str]:
    return [str(problem) for problem in report.problems if f"articles/{slug}/" in problem.where.file]


def test_output_is_captured_in_order_whoever_prints_it(report: RunReport) -> None:
    outputs = report.results["output"].outputs
    assert outputs["c1"].stdout == "first\nsecond\ntemperatura: ñ 温\n"
    assert outputs["c2"].stdout == "from C\n"
    assert outputs["c3"].stdout == outputs["c4"].stdout == ""


def test_the_last_expression_is_shown_unless_it_is_none_or_silenced(report: RunReport) -> None:
    outputs = report.results["output"].outputs
    assert [outputs[cell].value for cell in ("c1", "c2", "c3", "c4")] == ["6", "", "'text'", ""]


def test_warnings_are_kept_with_their_line_and_standard_error_beside_them(
    topics: dict[str, Article], report: RunReport
) -> None:
    outputs = report.results["output"].outputs
    line = line_of(topics["output"], "c3", 3)
    found, aside = outputs["c3"].warnings
    assert found == f"articles/output/en.md:{line}: UserWarning: take care"
    assert aside == "stderr: aside"


def test_cells_run_as_the_main_module(report: RunReport) -> None:
    assert report.results["main"].glued["name"].value == "__main__"


def test_checks_are_kept_with_their_line_and_raise_the_level(topics: dict[str, Article], report: RunReport) -> None:
    results = report.results["checks"]
    first = results.checks[0]
    line = line_of(topics["checks"], "c1")
    assert [(check.kind, check.text, check.cell, check.line - line) for check in results.checks] == [
        ("close", "a", "c1", 0), ("claim", "b", "c1", 3), ("claim", "b", "c1", 3),
    ]  # fmt: skip
    assert first.tolerance == 1e-6 and first.difference is not None and 0.9e-9 < first.difference < 1.1e-9
    assert results.level == "cross-checked"
    assert report.results["output"].level == "reproduced"


def test_a_figure_is_drawn_in_each_language_of_the_topic(report: RunReport) -> None:
    figure = report.results["figure"].figures["curve"]
    assert sorted(figure.images) == ["en", "es", "zh"]
    assert len({image.sha1 for image in figure.images.values()}) == 3
    for image in figure.images.values():
        assert image.path.read_bytes().startswith(b"\x89PNG")
        assert image.width == 1120 and image.height > 300


def test_a_text_without_label_is_an_error_and_a_label_without_text_a_warning(report: RunReport) -> None:
    assert problems(report, "unlabelled") == [
        "articles/unlabelled/es.md:2:1: no figure draws 'loss'; take it out of `labels:` [labels]",
        "articles/unlabelled/zh.md:2:1: the figure 'curve' draws 'steps', which has no label in this language; "
        'add it to `labels:`, as "steps": … [labels]',
    ]
    assert "unlabelled" not in report.results


def test_a_label_no_font_can_draw_is_a_problem_of_its_translation(report: RunReport) -> None:
    (problem,) = problems(report, "glyph")
    assert problem.startswith("articles/glyph/es.md:2:1: cell 'c1' draws the figure 'curve': ")
    assert "ሀ" in problem


def test_a_printed_value_that_depends_on_the_hash_seed_is_not_reproduced(report: RunReport) -> None:
    (problem,) = problems(report, "order")
    assert "'first' prints '(" in problem and "in one run and '(" in problem and "[reproduce]" in problem
    assert "order" not in report.results


def test_only_what_is_printed_must_be_reproduced(report: RunReport) -> None:
    assert problems(report, "unprinted") == []
    assert report.results["unprinted"].reproduced


def test_output_and_figures_must_be_reproduced(report: RunReport) -> None:
    (clock,), (noise,) = problems(report, "clock"), problems(report, "noise")
    assert "cell 'c1' ends with '1" in clock
    assert "the figure 'noise' shows other numbers in another run" in noise


def test_random_numbers_are_seeded(report: RunReport) -> None:
    assert report.results["seeded"].reproduced


def test_the_second_run_has_another_number_of_threads(report: RunReport) -> None:
    (problem,) = problems(report, "threads")
    assert "'n' prints '1' in one run and '2' in another" in problem


def test_an_error_of_either_run_is_told_once(report: RunReport) -> None:
    (first,), (second,) = problems(report, "first"), problems(report, "second")
    assert "fails: ZeroDivisionError: division by zero" in first and "only in a second run" not in first
    assert "fails: ZeroDivisionError: division by zero (only in a second run" in second


def test_seconds_memory_environment_and_day_are_measured(report: RunReport) -> None:
    results = report.results["output"]
    assert 0 < results.seconds < 20
    assert 50 * 2**20 < results.peak_bytes < 2 * 2**30
    assert results.environment.device == "cpu" and results.environment.torch.startswith("2.")
    assert len(results.computed) == len("2026-11-21")


def test_nothing_stands_between_cells_and_machine_is_said(report: RunReport) -> None:
    if os.uname().sysname == "Linux" and os.uname().machine in ("x86_64", "aarch64"):
        assert not any("processes" in sentence or "network" in sentence for sentence in report.unprotected)


def test_a_topic_without_cells_has_nothing_to_run(tmp_path: Path, settings: RunSettings) -> None:
    topic = article(tmp_path / "empty")
    source = replace(topic.source, document=replace(topic.source.document, blocks=()))
    topic = replace(topic, source=source, versions={"en": source})
    events: list[Progress] = []
    results = run([topic], settings, events.append).results["empty"]
    assert results.glued == {} and results.level == "reproduced"
    assert [event.stage for event in events] == ["cached"]
