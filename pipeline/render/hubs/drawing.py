"""The picture of the learning path, in each language; drawn anew only when something in it changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.read.article import Sources
from pipeline.render.hubs import path_layout
from pipeline.render.hubs.layout import HEIGHT, MARGIN, WIDTH, Box, Layout, columns_of

LINE = 21  # columns of a title's line; a Chinese character takes two
LARGEST = 150  # topics; of more nobody could find their way in a picture, and it would take minutes to draw
SCALE = 100  # pixels an inch, as figures are shown; they are saved with twice as many


def drawn(sources: Sources, folder: Path) -> Mapping[str, bytes]:
    """Return the picture in each language as PNG, twice as wide and high as its layout; `folder` keeps those made.

    None where there are too many topics for a picture: the page then has its tables alone.
    """
    from importlib.metadata import version

    pictures: dict[str, bytes] = {}
    if len(sources.articles) > LARGEST:
        return pictures
    for language in sources.languages:
        wanted = path_layout(sources, language)
        code = Path(__file__).read_bytes()
        key = hashlib.sha256(repr((wanted, language, version("matplotlib"))).encode() + code).hexdigest()[:24]
        path = folder / f"path-{key}.png"
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(draw(wanted, language))
            temporary.replace(path)
        pictures[language] = path.read_bytes()
    return pictures


def draw(wanted: Layout, language: str) -> bytes:
    """Return the picture as PNG, the same bytes each time."""
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

    from runtime.rendering import render_png
    from runtime.style import COLORS, house_style

    with house_style():
        fig = Figure(figsize=(wanted.width / SCALE, wanted.height / SCALE))
        fig.set_layout_engine("none")
        ax = fig.add_axes((0, 0, 1, 1))
        ax.set_xlim(0, wanted.width)
        ax.set_ylim(wanted.height, 0)
        ax.axis("off")
        colors = {name: COLORS[number % len(COLORS)] for number, (name, _) in enumerate(wanted.legend)}
        for arrow in wanted.arrows:
            ax.add_patch(
                FancyArrowPatch(
                    path=_line(arrow.way),
                    arrowstyle="-|>",
                    mutation_scale=11,
                    color="#777777",
                    linewidth=1.2,
                    shrinkA=0,
                    shrinkB=0,
                    zorder=1,
                )
            )
        for box in wanted.boxes:
            color = colors[box.group]
            shape = "round,pad=0,rounding_size=8"
            for face, alpha, zorder in (("white", 1.0, 2), (color, 0.12, 3)):
                ax.add_patch(
                    FancyBboxPatch(
                        (box.left, box.top), WIDTH, HEIGHT, boxstyle=shape, facecolor=face, edgecolor=color,
                        linewidth=1.4, alpha=alpha, zorder=zorder,
                    )
                )  # fmt: skip
            ax.add_patch(
                FancyBboxPatch(
                    (box.left, box.top), WIDTH, HEIGHT, boxstyle=shape, fill=False, edgecolor=color, linewidth=1.4,
                    zorder=4,
                )
            )  # fmt: skip
            _write(ax, box)
        _legend(ax, wanted, colors)
        return render_png(fig, {}, language)


def _write(ax: Any, box: Box) -> None:
    middle = box.left + WIDTH / 2
    title = "\n".join(_lines(box.title))
    style = {"ha": "center", "va": "center", "zorder": 5}
    ax.text(middle, box.top + HEIGHT * 0.41, title, fontsize=9.6, linespacing=1.15, **style)
    ax.text(middle, box.top + HEIGHT - 10, box.note, fontsize=7.2, color="#555555", **style)


def _legend(ax: Any, wanted: Layout, colors: Mapping[str, str]) -> None:
    middle = wanted.height - MARGIN - 4
    for name, left in wanted.legend:
        ax.plot([left + 6], [middle], "s", color=colors[name], markersize=8, alpha=0.6)
        ax.text(left + 18, middle, name, fontsize=8.6, va="center")


def _line(way: tuple[tuple[int, int], ...]) -> Any:
    from matplotlib.path import Path as Line

    points: list[tuple[float, float]] = [way[0]]
    codes = [Line.MOVETO]
    for (x, y), (to_x, to_y) in pairwise(way):
        if y == to_y:
            points.append((to_x, to_y))
            codes.append(Line.LINETO)
        else:
            bend = (to_x - x) * 0.5
            points += [(x + bend, y), (to_x - bend, to_y), (to_x - 10, to_y), (to_x, to_y)]
            codes += [Line.CURVE4, Line.CURVE4, Line.CURVE4, Line.LINETO]
    points[-1] = (points[-1][0] - 2, points[-1][1])  # the head ends at the box, not in it
    return Line(points, codes)


def _lines(title: str) -> list[str]:
    """The title in lines that fit a box, broken at spaces, or anywhere in Chinese."""
    pieces = [word + " " for word in title.split(" ")] if " " in title else list(title)
    if columns_of(title) <= LINE:
        return [title]
    lines, line = [], ""
    for piece in pieces:
        if line and columns_of((line + piece).rstrip()) > LINE:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]
