"""The hash of a figure follows its numbers, and neither its words nor its looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, FancyArrowPatch

import runtime
from runtime.drawn import has_data
from runtime.figures import data_sha256, render_png

GRID = np.linspace(0.0, 1.0, 5)
X, Y = np.meshgrid(GRID, GRID)


def flat(draw: Callable[[Any, Any], object], **style: Any) -> Callable[[Any], Figure]:
    def make(numbers: Any) -> Figure:
        fig, ax = runtime.subplots(**style)
        draw(ax, numbers)
        return fig

    return make


def spatial(draw: Callable[[Any, Any], object]) -> Callable[[Any], Figure]:
    return flat(draw, subplot_kw={"projection": "3d"})


def image_with_colorbar(numbers: Any) -> Figure:
    fig, ax = runtime.subplots()
    fig.colorbar(ax.imshow(numbers))
    return fig


KINDS: dict[str, Callable[[Any], Figure]] = {
    "line": flat(lambda ax, n: ax.plot(n[0])),
    "log line": flat(lambda ax, n: ax.semilogy(n[0])),
    "scatter": flat(lambda ax, n: ax.scatter(n[0], n[1])),
    "colours of a scatter": flat(lambda ax, n: ax.scatter(GRID, GRID, c=n[0])),
    "bars": flat(lambda ax, n: ax.bar(GRID, n[0])),
    "histogram": flat(lambda ax, n: ax.hist(n.ravel())),
    "steps": flat(lambda ax, n: ax.stairs(n[0])),
    "band": flat(lambda ax, n: ax.fill_between(GRID, n[0])),
    "error bars": flat(lambda ax, n: ax.errorbar(GRID, GRID, yerr=n[0])),
    "image": flat(lambda ax, n: ax.imshow(n)),
    "image and colour bar": image_with_colorbar,
    "mesh": flat(lambda ax, n: ax.pcolormesh(n)),
    "contour": flat(lambda ax, n: ax.contour(n)),
    "filled contour": flat(lambda ax, n: ax.contourf(n)),
    "quiver": flat(lambda ax, n: ax.quiver(X, Y, n, n)),
    "pie": flat(lambda ax, n: ax.pie(n[0])),
    "annotation": flat(lambda ax, n: ax.annotate("here", n[0][:2], (0.5, 0.5), arrowprops={"arrowstyle": "->"})),
    "arrow": flat(lambda ax, n: ax.add_patch(FancyArrowPatch(n[0][:2], n[1][:2]))),
    "connection": flat(lambda ax, n: ax.add_artist(ConnectionPatch(n[0][:2], n[1][:2], "data"))),
    "horizontal line": flat(lambda ax, n: ax.axhline(n[0][1])),
    "polar": flat(lambda ax, n: ax.plot(n[0]), subplot_kw={"projection": "polar"}),
    "inset": flat(lambda ax, n: ax.inset_axes((0.5, 0.5, 0.4, 0.4)).plot(n[0])),
    "3d line": spatial(lambda ax, n: ax.plot(n[0], n[1], n[2])),
    "3d scatter": spatial(lambda ax, n: ax.scatter(n[0], n[1], n[2])),
    "surface": spatial(lambda ax, n: ax.plot_surface(X, Y, n)),
    "wireframe": spatial(lambda ax, n: ax.plot_wireframe(X, Y, n)),
    "3d bars": spatial(lambda ax, n: ax.bar3d(GRID, GRID, 0, 0.1, 0.1, n[0])),
}
NUMBERS = 0.1 + runtime.rng().random((5, 5))
OTHER = 1 + 1e-3 * np.arange(1, 26).reshape(5, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_hash_follows_each_number(kind: str) -> None:
    make, before = KINDS[kind], data_sha256(KINDS[kind](NUMBERS))
    assert data_sha256(make(NUMBERS)) == before
    assert data_sha256(make(NUMBERS * OTHER)) != before
    assert data_sha256(make(NUMBERS * (1 + 1e-13))) == before


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_drawing_counts_as_drawn(kind: str) -> None:
    assert has_data(KINDS[kind](NUMBERS))


@pytest.mark.parametrize("kind", KINDS)
def test_drawing_a_figure_does_not_change_its_hash(kind: str) -> None:
    fig = KINDS[kind](NUMBERS)
    before = data_sha256(fig)
    render_png(fig, {}, "en")
    assert data_sha256(fig) == before


def test_words_and_looks_do_not_count() -> None:
    def make(word: str, color: str, width: float) -> str:
        fig, ax = runtime.subplots(width=width)
        ax.plot([1, 2, 4], label=word, color=color, linewidth=width)
        ax.set_title(word)
        ax.legend(title=word)
        ax.text(1, 2, word)
        return data_sha256(fig)

    assert make("loss", "red", 4.0) == make("a much longer word for it", "blue", 6.0)


def test_limits_and_scales_count() -> None:
    def make(**settings: Any) -> str:
        fig, ax = runtime.subplots()
        ax.plot([1, 2, 4])
        ax.set(**settings)
        return data_sha256(fig)

    assert len({make(), make(xlim=(0, 1)), make(ylim=(1, 4)), make(yscale="log", ylim=(1, 4))}) == 4


def test_the_point_of_view_counts() -> None:
    fig = KINDS["surface"](NUMBERS)
    before = data_sha256(fig)
    fig.axes[0].view_init(elev=80)  # type: ignore[attr-defined]
    assert data_sha256(fig) != before


def test_what_is_hidden_does_not_count() -> None:
    fig, ax = runtime.subplots()
    (line,) = ax.plot([1, 2])
    line.set_visible(False)
    assert not has_data(fig)


def test_rounding_noise_about_zero_does_not_count() -> None:
    def make(zero: float) -> str:
        fig, ax = runtime.subplots()
        ax.plot([zero, 1.0, -zero])
        ax.set_ylim(-1, 1)
        return data_sha256(fig)

    assert make(0.0) == make(1e-17) == make(-3e-16)
    assert make(0.0) != make(1e-3)


def test_a_gap_in_a_line_counts() -> None:
    def make(value: float) -> str:
        fig, ax = runtime.subplots()
        ax.plot([1.0, value, 3.0])
        return data_sha256(fig)

    assert make(np.nan) != make(2.0)


def test_only_gaps_are_nothing() -> None:
    fig, ax = runtime.subplots()
    ax.plot([np.nan, np.nan])
    assert not has_data(fig)
