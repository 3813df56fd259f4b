"""Two runs agree when a reader could not tell their pages apart; what is declared to differ is left out."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.run.drawn_numbers import MOST, UnpackedError, pack, unpack
from pipeline.run.record import Record
from pipeline.verify.agreement import disagreements, furthest
from tests.run.topics import article


def record(p: float = 0.976, curve: Any = (1.0, 2.0, 4.0), stdout: str = "one\n", **declared: Any) -> Record:
    """A run that glued p, drew a curve and printed; `declared` goes to both."""
    numbers = np.array(curve, dtype=float)
    figure = {"caption": "curve", "cell": "c1", "data_sha256": repr(curve), "texts": [], "images": {}}
    made: Any = {
        "values": {"p": {"value": p, "cell": "c1", **declared}},
        "figures": {"curve": {**figure, "numbers": pack([("Line2D", numbers)]), **declared}},
        "outputs": {"c1": {"stdout": stdout, "value": "", "warnings": [], "seconds": 0.1}},
        "checks": [],
        "seconds": 0.1,
    }
    return made


def differing(tmp_path: Path, one: Record, other: Record) -> list[tuple[str, str, str]]:
    topic = article(tmp_path / "topic", "…", prints=["p:.2f"], figures=["curve"])
    return [(item.what, item.one, item.other) for item in disagreements(topic, one, other)]


def test_what_a_reader_cannot_see_is_no_difference(tmp_path: Path) -> None:
    assert differing(tmp_path, record(), record(0.976 + 1e-9, (1.0, 2.0 + 1e-5, 4.0))) == []


def test_a_line_and_a_point_are_told_with_both_sides(tmp_path: Path) -> None:
    assert differing(tmp_path, record(), record(0.976, (1.0, 2.1, 4.0), "two\n")) == [
        ("figure curve", "Line2D: 2", "2.1"),
        ("output of cell c1", "one", "two"),
    ]


def test_another_printed_digit_is_told(tmp_path: Path) -> None:
    assert differing(tmp_path, record(), record(0.99)) == [("value p:.2f", "0.98", "0.99")]


def test_another_number_of_points_is_told(tmp_path: Path) -> None:
    (found,) = differing(tmp_path, record(), record(curve=(1.0, 2.0)))
    assert found == ("figure curve", "1 things of 3 numbers", "1 things of 2 numbers")


@pytest.mark.parametrize("by", ["device", "run"])
def test_what_is_declared_to_differ_is_not_compared(by: str, tmp_path: Path) -> None:
    declared = {"differs": {"by": by, "reason": "Training is chaotic."}}
    assert differing(tmp_path, record(**declared), record(0.5, (1.0, 3.0, 9.0), **declared)) == []


def test_a_figure_may_have_a_tolerance_of_its_own(tmp_path: Path) -> None:
    assert differing(tmp_path, record(rtol=0.1), record(curve=(1.0, 2.1, 4.0), rtol=0.1)) == []


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ([1.0, 1.0], [1.0, 1.00009], True),
        ([1.0, 1.0], [1.0, 1.0003], False),
        ([1000.0, 0.0], [1000.0, 0.0009], True),  # a rounding error of what is drawn with it
        ([1e-9, 1e-9], [1e-9, 2e-9], False),
        ([np.nan, 1.0], [np.nan, 1.0], True),
        ([np.nan, 1.0], [0.0, 1.0], False),
        ([np.inf, 1.0], [np.inf, 1.0], True),
        ([np.inf, 1.0], [-np.inf, 1.0], False),
        ([0.0, 0.0], [0.0, 0.0], True),
        ([], [], True),
    ],
)
def test_numbers_agree_relative_to_themselves_and_to_the_largest(
    one: list[float], other: list[float], agree: bool
) -> None:
    excess, _ = furthest(np.array(one), np.array(other), rtol=1e-4)
    assert (excess <= 1) is agree


def test_numbers_arrive_as_they_were_sent() -> None:
    sent = [
        ("axis x linear", np.array([0.0, 1.0])),
        ("Line2D", np.array([np.nan, -np.inf, 1e-300])),
        ("none", np.empty(0)),
    ]
    for (what, numbers), (name, got) in zip(sent, unpack(pack(sent)), strict=True):
        assert what == name
        np.testing.assert_array_equal(numbers, got)


def test_a_large_figure_is_thinned_out() -> None:
    (_, got), _ = unpack(pack([("Line2D", np.arange(3.0 * MOST)), ("PathCollection", np.arange(10.0))]))
    assert got.size <= MOST and got[1] == 4


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "no base64",
        base64.b64encode(b"not compressed").decode(),
        base64.b64encode(zlib.compress(bytes(2**26))).decode(),
        base64.b64encode(zlib.compress((20).to_bytes(4, "big") + json.dumps([["Line2D", 10**9]]).encode())).decode(),
        base64.b64encode(zlib.compress((2).to_bytes(4, "big") + b"{}" + bytes(7))).decode(),
    ],
)
def test_what_is_no_packed_figure_is_refused(sent: str) -> None:
    with pytest.raises(UnpackedError):
        unpack(sent)
