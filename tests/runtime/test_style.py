"""Figures come in one size and style whatever a machine has set, and are published or refused."""

from __future__ import annotations

from typing import Any

import matplotlib
import pytest
from matplotlib import font_manager, pyplot
from matplotlib.figure import Figure

import runtime
from runtime import figure
from runtime.style import CHINESE, LATIN


def test_a_figure_is_sized_for_the_page() -> None:
    fig, ax = runtime.subplots()
    assert tuple(fig.get_size_inches()) == pytest.approx((5.6, 3.584))
    assert ax.get_facecolor() == (1.0, 1.0, 1.0, 1.0)


def test_plots_above_each_other_make_a_higher_figure() -> None:
    low, _ = runtime.subplots(1, 1)
    high, axes = runtime.subplots(3, 1, sharex=True)
    assert high.get_figheight() > 2 * low.get_figheight()
    assert axes.shape == (3,)


@pytest.mark.parametrize("size", [{"width": 0}, {"height": -1}, {"width": -2.0}])
def test_a_size_that_is_none_is_refused(size: Any) -> None:
    with pytest.raises(ValueError, match="size"):
        runtime.subplots(**size)


def test_what_a_machine_has_set_does_not_change_the_style() -> None:
    matplotlib.rcParams.update({"lines.linewidth": 9.0, "axes.facecolor": "black", "font.size": 30})
    _, ax = runtime.subplots()
    (line,) = ax.plot([1, 2])
    assert line.get_linewidth() == 2.2
    assert ax.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert ax.set_title("x").get_fontsize() == 13.0


def test_the_fonts_are_the_ones_that_come_along() -> None:
    runtime.subplots()
    assert font_manager.findfont(LATIN).startswith(matplotlib.get_data_path())
    assert font_manager.findfont(CHINESE).endswith("runtime/fonts/MaroviSansSC-Regular.otf")


def test_many_open_figures_give_no_warning() -> None:
    for _ in range(25):
        runtime.subplots()


def test_a_figure_is_published_with_its_own_name_as_caption(kept: Any) -> None:
    fig, ax = runtime.subplots()
    ax.plot([1, 2])
    figure("line", fig)
    figure("again", fig, caption="line")
    assert kept.figures == {"line": (fig, "line"), "again": (fig, "line")}


@pytest.mark.parametrize(("name", "caption"), [("two words", None), ("a/b", None), ("", None), ("line", "a b")])
def test_a_name_that_is_no_identifier_is_refused(name: str, caption: str | None, kept: Any) -> None:
    fig, ax = runtime.subplots()
    ax.plot([1, 2])
    with pytest.raises(ValueError, match="cannot name"):
        figure(name, fig, caption)
    assert not kept.figures


def test_axes_are_no_figure() -> None:
    _, ax = runtime.subplots()
    with pytest.raises(TypeError, match="not its axes"):
        figure("line", ax)
    with pytest.raises(TypeError, match="NoneType"):
        figure("line", None)  # type: ignore[arg-type]


def test_an_empty_figure_is_refused(kept: Any) -> None:
    fig, ax = runtime.subplots()
    ax.set_title("nothing below")
    ax.text(0.5, 0.5, "only words")
    ax.plot([], [], label="empty")
    ax.legend()
    with pytest.raises(ValueError, match="'nothing' is empty"):
        figure("nothing", fig)
    with pytest.raises(ValueError, match="empty"):
        figure("bare", Figure())
    assert not kept.figures


def test_a_session_without_a_screen_closes_what_it_cannot_show() -> None:
    fig, ax = runtime.subplots()
    ax.plot([1, 2])
    figure("line", fig)
    assert pyplot.get_fignums() == []
