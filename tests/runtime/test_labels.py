"""The texts a translation must have labels for, and how numbers without words are put into a language."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import runtime
from runtime.figures import texts
from runtime.labels import _with_mark, has_words


def test_every_drawn_text_with_a_letter_is_found() -> None:
    fig, (left, right) = runtime.subplots(1, 2, height=4)
    fig.suptitle("suptitle")
    fig.supxlabel("supxlabel")
    fig.text(0.1, 0.1, "figure text")
    left.plot([0, 1], label="legend entry")
    left.set(title="title", xlabel="x label", ylabel="y label")
    left.set_title("left title", loc="left")
    left.legend(title="legend title")
    left.annotate("annotation", (0, 0), (0.5, 0.5), arrowprops={})
    left.text(0.2, 0.2, "two\nlines")
    right.bar(["first", "second"], [1, 2])
    fig.colorbar(left.scatter([0], [0], c=[0.5]), label="colour bar")
    right.table([["cell"]], loc="top")
    inset = left.inset_axes((0.6, 0.1, 0.3, 0.3))
    inset.set_title("inset title")
    assert set(texts(fig)) == {
        "suptitle", "supxlabel", "figure text", "legend entry", "title", "x label", "y label", "left title",
        "legend title", "annotation", "two\nlines", "first", "second", "colour bar", "cell", "inset title",
    }  # fmt: skip


def test_texts_of_a_spatial_plot_are_found() -> None:
    fig, ax = runtime.subplots(subplot_kw={"projection": "3d"})
    ax.plot([0, 1], [0, 1], [0, 1])
    ax.set(title="title", xlabel="x label", ylabel="y label", zlabel="z label")
    ax.text(0.5, 0.5, 0.5, "point")
    assert set(texts(fig)) == {"title", "x label", "y label", "z label", "point"}


def test_numbers_formulas_and_what_is_not_seen_are_left_out() -> None:
    fig, ax = runtime.subplots()
    ax.plot([0, 1e-7], label="$x$")
    ax.ticklabel_format(useMathText=False)
    ax.set(title="$\\eta$ = 0.5", xlabel="50%", ylabel="$\\mathrm{loss}$")
    ax.text(5, 5, "far out", clip_on=True)
    ax.annotate("out of view", (99, 99), annotation_clip=True)
    ax.text(0.5, 0, "hidden").set_visible(False)
    ax.text(0.5, 0, "   ")
    ax.legend()
    assert set(texts(fig)) <= {"far out"}


def test_a_text_is_named_once_and_looking_changes_nothing() -> None:
    fig, axes = runtime.subplots(2, 1)
    for ax in axes:
        ax.plot([1, 2])
        ax.set_xlabel("step")
    assert texts(fig) == texts(fig) == ("step",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("loss", True), ("学习率", True), ("$x$ and $y$", True), ("line one\n2", True), (r"\$5 each", True),
        ("$5", False), ("", False), ("0.5", False), ("$x$", False), ("1e−5", False), ("(0.5, 1.0)", False),
        ("$\\mathrm{words}$", False), ("50 %", False), ("→", False), ("e", True), ("5e", True),
    ],
)  # fmt: skip
def test_words_are_letters_outside_of_formulas(text: str, words: bool) -> None:
    assert has_words(text) is words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5", "0,5"), (".5", ",5"), ("−0.25", "−0,25"), ("1.5e−3", "1,5e−3"), ("50.5%", "50,5%"),
        ("(0.5, 1.2)", "(0,5; 1,2)"), ("1.2.3", "1.2.3"), ("10", "10"), ("3.", "3."), ("(1, 2)", "(1, 2)"),
        ("$\\mathdefault{0.5}$", "$\\mathdefault{0{,}5}$"), ("0.5 $= x_{0.1}$", "0,5 $= x_{0{,}1}$"),
        ("0.5\n1.5", "0,5\n1,5"), ("", ""),
    ],
)  # fmt: skip
def test_a_decimal_comma_takes_the_place_of_the_point(text: str, expected: str) -> None:
    assert _with_mark(text, ",") == expected


@given(st.floats(-1e6, 1e6))
def test_any_number_reads_the_same_after_the_comma(number: float) -> None:
    text = f"{number:.4f}"
    assert float(_with_mark(text, ",").replace(",", ".")) == float(text)


@given(st.text("0123456789.,$ \n\\{}-", max_size=20))
def test_only_points_commas_and_braces_change(text: str) -> None:
    kept = str.maketrans("", "", ".,;{} \n\t")
    assert _with_mark(text, ",").translate(kept) == text.translate(kept)
    assert _with_mark(text, ".") == text


def test_tick_labels_set_by_hand_are_texts_and_numbers_are_not() -> None:
    fig, ax = runtime.subplots()
    ax.plot(np.arange(3))
    ax.set_xticks([0, 1, 2], ["low", "0.5", "high"])
    assert texts(fig) == ("low", "high")
