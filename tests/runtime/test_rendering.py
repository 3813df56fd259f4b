"""A figure in each language: the same bytes on each run, the original untouched, no character lost."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter
from PIL import Image

import runtime
from runtime.figures import Rendered, render_each, render_png, texts

from .test_package import python


def one() -> tuple[Figure, Any]:
    fig, ax = runtime.subplots()
    ax.plot(np.linspace(0, 1, 30) ** 2, np.linspace(0, 0.1, 30), label=r"rate $\eta_0$")
    ax.set(title="loss by step", xlabel="step")
    ax.legend()
    return fig, ax


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)


def drawn(png: bytes, fig: Figure) -> Any:
    assert pixels(png).shape == tuple(round(side * 200) for side in fig.get_size_inches()[::-1])
    return pixels(png)


MANY = """
import hashlib, numpy as np, runtime
from runtime.figures import render_png, data_sha256
fig, axes = runtime.subplots(2, 2, height=5)
x = runtime.rng().normal(size=(40, 40))
axes[0, 0].plot(x[0], label="loss"); axes[0, 0].legend()
fig.colorbar(axes[0, 1].imshow(x), label="height")
axes[1, 0].contour(x); axes[1, 0].quiver(x[:4, :4], x[4:8, :4])
axes[1, 1].scatter(x[0], x[1], c=x[2]); axes[1, 1].set_title("points")
solid, ax = runtime.subplots(subplot_kw={"projection": "3d"})
ax.plot_surface(*np.meshgrid(range(40), range(40)), x); ax.set_zlabel("height")
labels = {"loss": "损失", "height": "高度", "points": "点"}
for figure in (fig, solid):
    for language in ("en", "es", "zh"):
        png = render_png(figure, labels if language == "zh" else {}, language)
        print(language, hashlib.sha256(png).hexdigest(), data_sha256(figure))
"""


@pytest.mark.slow
def test_two_processes_draw_the_same_bytes() -> None:
    first = python(MANY, PYTHONHASHSEED="1")
    assert python(MANY, PYTHONHASHSEED="4321", OMP_NUM_THREADS="2") == first
    assert len(set(first.splitlines())) == 6


def test_the_file_says_nothing_of_when_or_with_what_it_was_made() -> None:
    fig, _ = one()
    assert not {"Software", "Creation Time", "Title"} & set(Image.open(io.BytesIO(render_png(fig, {}, "en"))).info)


def test_what_a_cell_has_set_does_not_change_the_picture() -> None:
    fig, _ = one()
    before = render_png(fig, {}, "en")
    matplotlib.rcParams.update({"savefig.bbox": "tight", "savefig.dpi": 30, "savefig.transparent": True})
    assert render_png(fig, {}, "en") == before


def test_a_figure_made_without_the_style_is_drawn_on_white() -> None:
    fig = Figure(facecolor="none")
    fig.add_subplot().plot([1, 2])
    assert drawn(render_png(fig, {}, "en"), fig)[0, 0] == 255


def test_the_next_language_starts_from_the_same_figure() -> None:
    fig, ax = one()
    before, words = render_png(fig, {}, "en"), texts(fig)
    labels = {"loss by step": "pérdida por paso", "step": "paso", r"rate $\eta_0$": r"tasa $\eta_0$"}
    spanish = render_png(fig, labels, "es")
    assert spanish != before
    assert render_png(fig, {}, "en") == before
    assert render_png(fig, labels, "es") == spanish
    assert texts(fig) == words
    assert ax.get_title() == "loss by step"
    assert ax.xaxis.get_major_formatter().format_ticks([0.0, 0.5])[1] == "$\\mathdefault{0.5}$"


def many_kinds() -> Figure:
    """A figure whose layout hangs on its words: a legend, a colour bar, squares, ticks with words, axes within axes."""
    fig, axes = runtime.subplots(2, 2, height=5)
    x = runtime.rng().normal(size=(20, 20))
    axes[0, 0].plot(x[0], label="loss")
    axes[0, 0].set_ylabel("loss")
    axes[0, 0].inset_axes([0.5, 0.5, 0.4, 0.4]).plot(x[1])
    fig.legend(loc="outside upper center")
    fig.colorbar(axes[0, 1].imshow(x), label="height")
    axes[1, 0].set_aspect("equal")
    axes[1, 0].semilogy(abs(x[0]))
    axes[1, 0].twinx().set_ylabel("height")
    axes[1, 1].bar(["loss", "height"], [1, 2])
    return fig


def test_a_figure_that_its_author_laid_out_stays_so() -> None:
    with matplotlib.rc_context({"figure.constrained_layout.use": False}):
        fig = Figure()
        ax = fig.add_subplot()
    ax.set_axis_off()
    ax.add_patch(Rectangle((0, 0), 1, 1, color="black"))
    dark = drawn(render_png(fig, {}, "en"), fig) < 128
    rows, columns = (np.flatnonzero(dark.any(axis=axis)) for axis in (1, 0))
    edges = [columns[0] / dark.shape[1], columns[-1] / dark.shape[1], rows[0] / dark.shape[0], rows[-1] / dark.shape[0]]
    assert edges == pytest.approx([0.125, 0.9, 0.12, 0.89], abs=0.005), "where matplotlib puts a single plot"


def test_one_language_after_another_is_drawn_as_each_is_alone() -> None:
    fig = many_kinds()
    spanish = {"loss": "una pérdida de muchas palabras", "height": "altura sobre\nel nivel del mar"}
    labels = {"es": spanish, "en": {}, "xx": {}, "zh": {"loss": "损失", "height": "\ue000"}, "pt": spanish}
    found = dict(render_each(fig, labels))
    for language in ("es", "en", "pt"):
        one_alone = render_png(fig, labels[language], language)
        rendered = found[language]
        assert isinstance(rendered, Rendered) and rendered.png == one_alone, language
    assert isinstance(found["xx"], ValueError) and "unknown" in str(found["xx"])
    assert isinstance(found["zh"], ValueError) and "U+E000" in str(found["zh"])
    assert isinstance(found["en"], Rendered) and found["en"].texts == texts(fig)
    assert set(texts(fig)) == {"loss", "height"}


def test_a_label_is_drawn_as_if_it_had_been_written_in_the_code() -> None:
    fig, ax = one()
    translated = render_png(fig, {"loss by step": "error por paso"}, "en")
    ax.set_title("error por paso")
    assert render_png(fig, {}, "en") == translated


def test_tick_labels_take_the_mark_of_the_language() -> None:
    fig, ax = runtime.subplots()
    ax.plot([0, 1])
    by_hand, bx = runtime.subplots()
    bx.plot([0, 1])
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    ax.set_xticks(ticks)
    ax.set_yticks(ticks)
    comma = [f"{tick:.1f}".replace(".", ",") for tick in ticks]
    bx.set_xticks(ticks, comma)
    bx.set_yticks(ticks, comma)
    assert render_png(fig, {}, "es") == render_png(by_hand, {}, "en")
    assert render_png(fig, {}, "zh") == render_png(fig, {}, "en")


def test_tick_labels_by_a_function_are_translated_too() -> None:
    def make(word: str) -> Figure:
        fig, ax = runtime.subplots()
        ax.plot([0, 1])
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: word if value > 0.5 else f"{value:.2f}"))
        return fig

    assert render_png(make("high"), {"high": "low"}, "en") == render_png(make("low"), {}, "en")


@pytest.mark.parametrize("shared", [True, False])
def test_shared_axes_are_translated_once(shared: bool) -> None:
    fig, axes = runtime.subplots(2, 1, sharex=shared)
    for ax in axes:
        ax.plot([0, 1.5])
        ax.set_xticks([0, 1], ["a", "b"])
    swap = {"a": "b", "b": "a"}
    for ax in axes:
        ax.set_xticks([0, 1], ["b", "a"])
    swapped = render_png(fig, {}, "en")
    for ax in axes:
        ax.set_xticks([0, 1], ["a", "b"])
    assert render_png(fig, swap, "en") == swapped


def test_an_unknown_language_is_refused() -> None:
    fig, _ = one()
    with pytest.raises(ValueError, match="'xx' is unknown"):
        render_png(fig, {}, "xx")
    assert render_png(fig, {}, "pt-br") != render_png(fig, {}, "en")


def test_a_figure_open_in_pyplot_stays_the_only_one() -> None:
    fig, _ = one()
    numbers, manager = pyplot.get_fignums(), fig.canvas.manager
    render_png(fig, {}, "en")
    assert pyplot.get_fignums() == numbers
    assert fig.canvas.manager is manager is not None


@pytest.mark.parametrize(("text", "other"), [("学习率", "梯度值"), (r"学习率 $\eta$", r"梯度值 $\eta$")])
def test_chinese_is_drawn_with_glyphs_of_its_own_in_words_and_around_formulas(text: str, other: str) -> None:
    fig, ax = one()
    ax.set_title(text)
    first = render_png(fig, {}, "zh")
    ax.set_title(other)
    assert render_png(fig, {}, "zh") != first


def test_chinese_in_any_family_and_weight_is_drawn() -> None:
    fig, ax = runtime.subplots()
    ax.plot([1, 2])
    ax.set_title("梯度下降，“学习率”（％）", fontweight="bold", family="monospace")
    ax.set_xlabel("步 step", style="italic")
    render_png(fig, {}, "zh")


@pytest.mark.parametrize(
    "text",
    [
        "plain \U0001f984",
        "around \U0001f984 $x$",
        "in $x \U0001f984$",
        "hieroglyph \U00013000",
        "in a formula $学$",
        "\u0e01",
    ],
)
def test_a_character_no_font_has_is_named(text: str) -> None:
    fig, ax = one()
    ax.set_title(text)
    with pytest.raises(ValueError, match="characters that the fonts lack") as raised:
        render_png(fig, {}, "en")
    assert repr(text) in str(raised.value)
    assert "U+" in str(raised.value)


def test_a_label_with_a_character_no_font_has_is_named() -> None:
    fig, ax = one()
    ax.set_xticks([0, 1], ["low", "high"])
    for key in ("step", "low"):
        with pytest.raises(ValueError, match="U\\+1F984"):
            render_png(fig, {key: "\U0001f984"}, "es")


def test_a_formula_that_is_none_is_refused() -> None:
    fig, ax = one()
    ax.set_title(r"$\notacommand$")
    with pytest.raises(ValueError, match="notacommand"):
        render_png(fig, {}, "en")


def test_a_title_in_a_label_may_have_a_formula_the_code_has_not() -> None:
    fig, _ = one()
    assert render_png(fig, {"step": r"步 $k$"}, "zh") != render_png(fig, {"step": r"步 $n$"}, "zh")
