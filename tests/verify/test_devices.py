"""Topics on several devices: what differs is told, what agrees is recorded, and a device that is not there is named."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from pipeline.cli import main, parser
from pipeline.config import Config, load
from pipeline.errors import MaroviError
from pipeline.read import read
from pipeline.run.instructions import BASELINE, environment_of
from pipeline.verify import accept_results
from pipeline.verify.devices import compare_devices, missing
from tests.run.topics import article

SAMPLE = Path(__file__).parents[1] / "sample"
no_cuda = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device here")
vectors = pytest.mark.skipif(
    not environment_of(BASELINE)["NPY_DISABLE_CPU_FEATURES"], reason="this CPU has no vector instructions to leave out"
)

SUMS = """
import numpy as np
a = np.random.default_rng(0).normal(size=(300, 300))
total = (a @ a).sum()
glue("total", total)
glue("grown", 1e9 * (total - round(total, 9)), differs_by_device="What is left of a sum is rounding.")
fig, ax = runtime.subplots()
ax.plot(a[0])
figure("row", fig)
print(f"{total:.3f}")
"""


@pytest.fixture
def sample(tmp_path: Path) -> Config:
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root)
    return load(root)


@vectors
@pytest.mark.slow
def test_a_digit_that_hangs_on_vector_instructions_is_told_and_fewer_digits_agree(
    tmp_path: Path, sample: Config
) -> None:
    exact = article(tmp_path / "exact", SUMS, prints=["total", "total:.3f", "grown:.3f"], figures=["row"])
    rounded = article(tmp_path / "rounded", SUMS, prints=["total:.3f", "grown:.3f"], figures=["row"])
    (one, other) = compare_devices(sample, [exact, rounded], ["cpu", BASELINE])
    (found,) = one.disagreements
    assert (one.verdict, found.what) == ("differs", "value total") and found.one != found.other
    assert (other.verdict, other.disagreements, other.declared) == ("not accepted", (), 1)


@pytest.mark.slow
def test_topics_that_agree_are_noted_and_a_broken_one_has_its_problem(sample: Config) -> None:
    (first, second) = read(sample).articles.values()
    for topic in (first, second):
        (topic.folder / "results.json").unlink(missing_ok=True)
    broken = article(second.folder.parent / "broken", "1 / 0")
    (one, other) = compare_devices(sample, [first, broken], ["cpu", BASELINE])
    assert one.verdict == "not accepted" and not (first.folder / "results.json").exists()
    assert other.verdict == "fails" and "division by zero (on cpu)" in other.problems[0].message


@pytest.mark.slow
def test_the_command_records_what_agrees(sample: Config, capsys: pytest.CaptureFixture[str]) -> None:
    root = ["--root", str(sample.root)]
    slug = next(iter(read(sample).articles))
    _accept(sample, slug)
    assert main([*root, "verify", "--devices", "cpu,cpu:baseline", "--json", slug]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [(topic["slug"], topic["verdict"]) for topic in said["topics"]] == [(slug, "agrees")]
    held = json.loads((sample.root / "articles" / slug / "results.json").read_text())
    assert list(held["devices"]) == ["cpu:baseline"] and held["level"] != "cross-device"


def _accept(sample: Config, slug: str) -> None:
    from pipeline.run import RunSettings, run

    topic = read(sample).articles[slug]
    results = run([topic], replace(RunSettings.of(sample), reproduce=True)).results[slug]
    assert accept_results(topic, results)


@no_cuda
def test_without_a_gpu_verify_says_so_and_nothing_fails(sample: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(sample.root), "verify", "--devices", "cpu,cuda"]) == 0
    said = capsys.readouterr()
    assert said.out == "Nothing was compared.\n" and said.err.startswith("note: this machine cannot compute on cuda")


@no_cuda
@pytest.mark.parametrize("command", [("verify", "--require"), ("build", "--device", "cuda")])
def test_without_a_gpu_what_requires_one_is_an_error(command: tuple[str, ...], sample: Config) -> None:
    options = parser().parse_args(command)
    with pytest.raises(MaroviError, match="this machine cannot compute on cuda"):
        options.run(sample, options)


@pytest.mark.parametrize("devices", ["cpu", "cpu,cpu", "cpu,tpu", ""])
def test_what_are_no_two_devices_is_refused(devices: str, sample: Config) -> None:
    options = parser().parse_args(["verify", "--devices", devices])
    with pytest.raises(MaroviError, match="no device 'tpu'" if "tpu" in devices else "are not two devices"):
        options.run(sample, options)


def test_each_machine_has_a_cpu() -> None:
    assert missing("cpu") == missing(BASELINE) == ""


@cuda
@pytest.mark.slow
def test_a_gpu_prints_the_same_digits_and_raises_the_level(sample: Config) -> None:
    articles = [read(sample).articles[slug] for slug in read(sample).articles]
    for topic in articles:
        _accept(sample, topic.slug)
    for found in compare_devices(sample, articles, ["cpu", "cuda"]):
        assert found.verdict == "agrees", found
        held = json.loads((sample.root / "articles" / found.slug / "results.json").read_text())
        assert held["level"] == "cross-device" and held["devices"]["cuda"]["name"] == torch.cuda.get_device_name()
