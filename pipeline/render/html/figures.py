"""Where a figure's file stands in the site."""

from __future__ import annotations


def figure_place(file: str) -> str:
    """`figures/Softmax_Function_-_temperature_(en).png` for `File:Softmax Function - temperature (en).png`.

    Titles of files hold neither slashes nor underscores, so no two of them meet here.
    """
    return "figures/" + file.partition(":")[2].replace(" ", "_")
