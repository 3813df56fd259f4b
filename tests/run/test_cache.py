"""Results are kept by what they depend on, are checked when read, and cost nothing when nothing changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.read.article import Article
from pipeline.run import Progress, RunReport, RunSettings, cache, run
from tests.run.topics import article, line_of

pytestmark = pytest.mark.slow  # each test starts servers that import torch

CELLS = (
    "x = 1 / 3\nglue('p', x); verify.close('thirds', 1.0, x + x + x)",
    "fig, ax = runtime.subplots()\nax.plot([1, 2])\nax.set_xlabel('steps')\nfigure('curve', fig)",
)
LABELS = {"es": {"steps": "pasos"}}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with one topic in it, run once."""
    folder = tmp_path_factory.mktemp("filled")
    report = run([topic(folder)], RunSettings(folder / "cache", ("en", "es"), reproduce=False))
    assert report.problems == ()
    return folder / "cache"


@pytest.fixture
def kept(filled: Path, tmp_path: Path) -> RunSettings:
    """Settings whose cache has the topic in it."""
    shutil.copytree(filled, tmp_path / "cache")
    return RunSettings(tmp_path / "cache", ("en", "es"), reproduce=False)


def topic(folder: Path, **changes: object) -> Article:
    return article(folder / "topic", *CELLS, **{"prints": ["p:.2f"], "labels": LABELS, "figures": ["curve"], **changes})  # type: ignore[arg-type]


def key(of: Article, settings: RunSettings) -> str:
    return cache.key_of(of, ("en", "es"), cache.foundation(settings))


def stages(report_of: Article, settings: RunSettings) -> tuple[RunReport, list[str]]:
    events: list[Progress] = []
    return run([report_of], settings, events.append), [event.stage for event in events]


def test_what_is_unchanged_is_not_run_again(kept: RunSettings, tmp_path: Path) -> None:
    report, seen = stages(topic(tmp_path), kept)
    assert seen == ["cached"]
    assert report.results["topic"].cached and report.results["topic"].level == "executed"
    assert report.results["topic"].figures["curve"].images["es"].path.is_file()


def test_an_unchanged_build_imports_nothing_heavy_and_starts_no_process(kept: RunSettings, tmp_path: Path) -> None:
    code = f"""
import sys
sys.path[:0] = [{str(Path(__file__).parents[2])!r}]
from pathlib import Path
from tests.run.test_cache import topic
started = []
sys.addaudithook(lambda event, arguments: started.append(event) if event in ("subprocess.Popen", "os.fork") else None)
for name in ("numpy", "torch", "matplotlib", "pytest"):
    sys.modules.pop(name, None)
from pipeline.run import RunSettings, run
before = set(sys.modules)
report = run([topic(Path({str(tmp_path)!r}))], RunSettings(Path({str(kept.cache)!r}), ("en", "es"), reproduce=False))
assert report.results["topic"].cached
print([name for name in ("numpy", "torch", "matplotlib", "runtime") if name in sys.modules], started)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] []\n"


def test_cells_may_move_in_their_file(kept: RunSettings, tmp_path: Path) -> None:
    moved = topic(tmp_path, first_line=200)
    report, seen = stages(moved, kept)
    assert seen == ["cached"]
    assert report.results["topic"].checks[0].line == line_of(moved, "c1", 2) > 200


@pytest.mark.parametrize("changes", [{"labels": {"es": {"steps": "pasitos"}}}, {"labels": {"es": {}}}, {"labels": {}}])
def test_other_labels_are_another_key(kept: RunSettings, tmp_path: Path, changes: dict[str, object]) -> None:
    before = key(topic(tmp_path), kept)
    other = topic(tmp_path, **changes)
    languages = tuple(other.versions)
    assert cache.key_of(other, languages, cache.foundation(kept)) != before


def test_other_code_and_another_device_are_another_key_but_not_other_limits(kept: RunSettings, tmp_path: Path) -> None:
    before = key(topic(tmp_path), kept)
    assert key(article(tmp_path / "topic", CELLS[0], CELLS[1] + "\n", labels=LABELS), kept) == before
    assert key(article(tmp_path / "topic", CELLS[0] + "\nx = 1", CELLS[1], labels=LABELS), kept) != before
    assert key(topic(tmp_path), replace(kept, device="cuda")) != before
    assert key(topic(tmp_path), replace(kept, time_limit=1.0, memory_limit=1, workers=9)) == before


def test_prose_is_not_part_of_the_key(kept: RunSettings, tmp_path: Path) -> None:
    assert key(topic(tmp_path, prints=["p:.5f"]), kept) == key(topic(tmp_path), kept)


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("results.json", lambda path: path.write_bytes(path.read_bytes()[:-40])),
        ("results.json", lambda path: path.write_text(path.read_text().replace("0.3333", "0.4444"))),
        ("results.json", lambda path: path.write_text("[]")),
        ("results.json", lambda path: path.unlink()),
        ("curve.es.png", lambda path: path.write_bytes(path.read_bytes()[:-1])),
        ("curve.en.png", lambda path: path.unlink()),
    ],
)
def test_a_damaged_entry_is_not_read(file: str, damage: object, kept: RunSettings, tmp_path: Path) -> None:
    name = key(topic(tmp_path), kept)
    entry = cache.load(kept.cache, name, cache.present(kept))
    assert entry is not None
    damage(entry.folder / file)  # type: ignore[operator]
    assert cache.load(kept.cache, name, cache.present(kept)) is None


def test_a_damaged_entry_is_computed_again_and_replaced(kept: RunSettings, tmp_path: Path) -> None:
    (picture,) = kept.cache.glob("results/*/*/*/curve.en.png")
    good = picture.read_bytes()
    picture.write_bytes(b"no picture")
    assert stages(topic(tmp_path), kept)[1] == ["started", "cell", "cell", "cell", "finished"]
    assert picture.read_bytes() == good
    assert stages(topic(tmp_path), kept)[1] == ["cached"]
    assert list((kept.cache / "results").glob("**/.*")) == []


def test_an_entry_run_once_is_reproduced_by_one_more_run(kept: RunSettings, tmp_path: Path) -> None:
    twice = replace(kept, reproduce=True)
    events: list[Progress] = []
    report = run([topic(tmp_path)], twice, events.append)
    assert {event.again for event in events} == {True}
    assert report.results["topic"].level == "cross-checked"
    assert stages(topic(tmp_path), twice)[1] == ["cached"]
    # the pictures are those of the first run
    assert report.results["topic"].figures["curve"].images["en"].path.is_file()


def test_what_one_cache_has_computed_another_finds_in_the_shared_one(tmp_path: Path) -> None:
    one, two = (
        RunSettings(tmp_path / name, ("en", "es"), reproduce=False, shared_cache=str(tmp_path / "shared"))
        for name in ("one", "two")
    )
    assert stages(topic(tmp_path), one)[1][-1] == "finished"
    report, seen = stages(topic(tmp_path), two)
    assert seen == ["cached"] and report.problems == ()
    assert report.results["topic"].figures["curve"].images["es"].path.is_relative_to(tmp_path / "two")
    # what is here needs nobody else
    shutil.rmtree(tmp_path / "shared")
    assert stages(topic(tmp_path), two)[1] == ["cached"]
    assert not (tmp_path / "shared").exists()


def test_a_shared_cache_in_trouble_is_a_warning_of_a_build_that_goes_on(settings: RunSettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    report = run([article(tmp_path / "topic", "1")], replace(settings, shared_cache=str(tmp_path / "file")))
    (problem,) = report.problems
    assert problem.severity == "warning" and "this build goes on without it" in problem.message
    assert report.results["topic"].outputs["c1"].value == "1"


def test_digits_printed_later_are_held_against_both_runs(settings: RunSettings, tmp_path: Path) -> None:
    cell = "import os\nglue('p', 0.25 + int(os.environ['PYTHONHASHSEED']) * 1e-6)"
    twice = replace(settings, reproduce=True)
    rounded = article(tmp_path / "topic", cell, prints=["p:.2f"])
    assert run([rounded], twice).results["topic"].reproduced
    report, seen = stages(article(tmp_path / "topic", cell, prints=["p:.2f", "p:.6f"]), twice)
    assert seen == ["cached"]
    assert ["'p:.6f' prints '0.250000' in one run and '0.250001' in another" in p.message for p in report.problems] == [
        True
    ]
    assert report.results == {}


def test_an_entry_is_one_file_of_results_and_pictures(kept: RunSettings) -> None:
    (file,) = kept.cache.glob("results/*/*/*/results.json")
    assert sorted(path.name for path in file.parent.iterdir()) == ["curve.en.png", "curve.es.png", "results.json"]
