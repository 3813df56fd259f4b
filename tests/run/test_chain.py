"""The state that cells lead to: what it depends on, and what not."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.run.chain import chain_of
from pipeline.run.record import CellWork, Work


def work(**changes: Any) -> Work:
    cells = [
        CellWork(label=label, source=f"{label} = 1", line=10 * number, indent=0) for number, label in enumerate("abc")
    ]
    known = {"labels": {"es": {"x": "y"}}, "source_language": "en", "draw": True, "memory": 1, "output": 2}
    return Work(**{"file": "articles/x/en.md", "folder": "x", "sandboxed": False, "cells": cells, **known, **changes})


def test_an_edit_changes_the_state_after_its_cell_and_all_below() -> None:
    before = chain_of(work())
    assert len(before) == 3 and len(set(before)) == 3
    edited = work()
    edited["cells"][1]["source"] += "\n"
    assert [one == other for one, other in zip(before, chain_of(edited), strict=True)] == [True, False, False]
    renamed = work()
    renamed["cells"][2]["label"] = "d"
    assert [one == other for one, other in zip(before, chain_of(renamed), strict=True)] == [True, True, False]


def test_where_cells_stand_changes_nothing() -> None:
    moved = work()
    for cell in moved["cells"]:
        cell["line"] += 7
        cell["indent"] = 3
    assert chain_of(moved) == chain_of(work())


def test_order_and_what_comes_before_count() -> None:
    turned = work()
    turned["cells"].reverse()
    assert not set(chain_of(turned)) & set(chain_of(work()))


@pytest.mark.parametrize(
    "change",
    [{"labels": {"es": {"x": "z"}}}, {"labels": {}}, {"draw": False}, {"memory": 3}, {"output": 3}, {"file": "y"}],
)
def test_what_the_whole_topic_is_told_changes_every_state(change: dict[str, Any]) -> None:
    assert not set(chain_of(work(**change))) & set(chain_of(work()))
