"""glue turns what a cell computed into JSON, or says what cannot be published."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import runtime
from runtime import glue
from runtime.recording import set_recorder
from runtime.values import to_json
from tests.runtime.conftest import Kept


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (True, True),
        ("softmax", "softmax"),
        (0.5, 0.5),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.str_("word"), "word"),
        (np.array(2.5), 2.5),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.longdouble("0.5"), 0.5),
        (torch.tensor(0.25), 0.25),
        (torch.tensor([1.0, 2.0], requires_grad=True), [1.0, 2.0]),
        (torch.tensor([0.5], dtype=torch.bfloat16), [0.5]),
        (torch.nn.Parameter(torch.tensor([3.0])), [3.0]),
        ((1, np.float64(2.0), torch.tensor(3)), [1, 2.0, 3]),
        ([], []),
        ([{"rate": np.float64(0.1), "steps": torch.tensor(4)}], [{"rate": 0.1, "steps": 4}]),
        (np.array([{"a": 1}, {"a": 2}], dtype=object).tolist(), [{"a": 1}, {"a": 2}]),
    ],
)
def test_a_value_becomes_plain_python(value: object, expected: object) -> None:
    converted = to_json(value, "x")
    assert converted == expected
    assert type(converted) is type(expected)
    json.dumps(converted, allow_nan=False)


def test_true_stays_a_bool_and_does_not_become_one() -> None:
    assert to_json(np.array([True, False]), "x") == [True, False]
    assert all(type(item) is bool for item in to_json(torch.tensor([True, False]), "x"))  # type: ignore[union-attr]


def test_rows_keep_the_order_of_the_first_rows_keys() -> None:
    rows: Any = to_json([{"a": 1, "b": 2}, {"b": 4, "a": 3}], "table")
    assert [list(row) for row in rows] == [["a", "b"], ["a", "b"]]


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, np.array([1.0, -np.inf]), torch.tensor(math.nan), [{"a": math.nan}]]
)
def test_a_value_that_is_not_finite_is_refused_by_name(value: object) -> None:
    with pytest.raises(ValueError, match=r"loss.*finite=False"):
        glue("loss", value)


def test_a_value_that_is_not_finite_passes_when_asked_for(kept: Any) -> None:
    glue("loss", np.inf, finite=False)
    assert kept.glued == {"loss": math.inf}


@pytest.mark.parametrize(
    "value",
    [
        None,
        1j,
        object(),
        {1, 2},
        {"a": 1},
        [None],
        b"bytes",
        np.array([1j]),
        torch.tensor(1j),
        lambda: 1,
        [{"a": {"b": 1}}],
        [{"a": 1}, 2],
        [{1: 2}],
        np.datetime64("2020-01-01"),
        np.array([object()]),
    ],
)
def test_what_is_no_value_is_refused_by_name(value: object) -> None:
    with pytest.raises(TypeError, match="broken"):
        glue("broken", value)


def test_rows_with_other_keys_are_refused_with_the_keys() -> None:
    with pytest.raises(ValueError, match=r"table\[1\].*steps"):
        glue("table", [{"rate": 1, "steps": 2}, {"rate": 1}])


def test_masked_entries_are_refused() -> None:
    with pytest.raises(ValueError, match="masked"):
        glue("x", np.ma.masked_less(np.array([1.0, -1.0]), 0))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="Unicode"):
        glue("x", "\ud800")


@pytest.mark.parametrize("name", ["", "1st", "_x", "a b", "a.b", "p[0]", "naïve", "x\n"])
def test_a_name_that_is_no_identifier_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a value"):
        glue(name, 1)


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="string"):
        glue(3, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["p", "p_max", "p-max", "P2"])
def test_identifiers_are_names(name: str, kept: Any) -> None:
    assert glue(name, 1) is None  # type: ignore[func-returns-value]
    assert kept.glued == {name: 1}


def test_a_notebook_may_publish_a_name_again(capsys: pytest.CaptureFixture[str]) -> None:
    set_recorder(None)
    glue("x", 1)
    glue("x", 2)
    assert capsys.readouterr().out == "x = 1\nx = 2\n"


scalars = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8")),
)


@given(st.recursive(scalars, lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_plain_values_survive_json(value: object) -> None:
    assert json.loads(json.dumps(to_json(value, "x"), allow_nan=False)) == value


@given(
    arrays.arrays(
        st.sampled_from([np.float64, np.float32, np.float16, np.int64, np.uint8, np.bool_]),
        arrays.array_shapes(max_dims=3, max_side=4),
        elements={"allow_nan": False, "allow_infinity": False},
    )
)
def test_arrays_and_tensors_keep_every_digit(array: np.ndarray[Any, Any]) -> None:
    for value in (array, torch.from_numpy(array.copy())):
        back = np.array(json.loads(json.dumps(to_json(value, "x"), allow_nan=False))).astype(array.dtype)
        np.testing.assert_array_equal(back, array)


@given(st.lists(st.fixed_dictionaries({"rate": scalars, "loss": scalars}), min_size=1, max_size=5))
def test_rows_survive_json(rows: list[dict[str, object]]) -> None:
    assert json.loads(json.dumps(to_json(rows, "table"), allow_nan=False)) == rows


@pytest.mark.parametrize("by", ["device", "run"])
def test_what_differs_is_passed_on_with_its_reason(by: str, kept: Kept) -> None:
    runtime.glue("p", 0.5, **{f"differs_by_{by}": " A time is measured. "})
    assert kept.declared == {("value", "p"): (by, "A time is measured.")}


@pytest.mark.parametrize("given", [{"differs_by_run": " "}, {"differs_by_run": "One.", "differs_by_device": "Two."}])
def test_a_reason_says_something_and_is_the_only_one(given: dict[str, str], kept: Kept) -> None:
    with pytest.raises(ValueError, match="'p' differs by"):
        runtime.glue("p", 0.5, **given)


def test_a_figure_has_its_own_tolerance_and_reason(kept: Kept) -> None:
    fig, ax = runtime.subplots()
    ax.plot([1, 2])
    runtime.figure("losses", fig, rtol=0.01, differs_by_device="Training is chaotic.")
    assert kept.tolerances == {"losses": 0.01}
    assert kept.declared == {("figure", "losses"): ("device", "Training is chaotic.")}
    with pytest.raises(ValueError, match="rtol must be in"):
        runtime.figure("losses", fig, rtol=1.0)
