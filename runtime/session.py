"""The recorder of a notebook or a plain Python session: prints values, shows figures."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

from runtime.recording import JSON, CheckKind, Differing

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Session:
    """Shows everything at once and keeps nothing, so a cell may be run as often as one likes."""

    def glue(self, name: str, value: JSON) -> None:
        """Print `name = value`; rows are printed one a line."""
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            print(f"{name} =")
            for row in value:
                assert isinstance(row, dict)
                print("  " + ", ".join(f"{key} = {item}" for key, item in row.items()))
        else:
            print(f"{name} = {value}")

    def figure(self, name: str, figure: Figure, caption: str) -> None:
        """Show `figure` below the cell in a notebook, in a window under an interactive backend, else nowhere."""
        from matplotlib import pyplot

        notebook = _notebook()
        if notebook is not None:
            notebook.display(figure)
            # else the inline backend would show it a second time when the cell ends
            pyplot.close(figure)
        elif _has_window(figure):
            pyplot.show()
        else:
            pyplot.close(figure)

    def check(self, kind: CheckKind, text: str, tolerance: float | None, difference: float | None) -> None:
        """Print that a check held."""
        seen = "" if difference is None else f" (largest difference {difference:.1e}, allowed {tolerance:.1e})"
        print(f"{kind}: {text}{seen}")

    def differs(self, kind: Literal["value", "figure"], name: str, by: Differing, reason: str) -> None:
        """Print what was declared."""
        print(f"{kind} {name} differs by {by}: {reason}")

    def loosen(self, name: str, rtol: float) -> None:
        """Print nothing: an interactive session has one device."""


def _notebook() -> Any | None:
    """Return IPython's display module inside a notebook's kernel, else None."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython import display  # type: ignore[import-not-found,unused-ignore]

    return display


def _has_window(figure: Figure) -> bool:
    """Say whether `figure` belongs to a backend that opens windows."""
    return getattr(figure.canvas, "required_interactive_framework", None) is not None
