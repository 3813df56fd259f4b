"""The floor, run as a script: the cells of all topics in one process, one after another, with nothing around them.

python bare.py NOTEBOOKS [LABELS.json]: the folder has a notebook a topic. Each figure is drawn once, as a notebook
draws it; with LABELS, a map of topic -> language -> labels, once in each language, as the project draws it.
Prints `topic SLUG` before what the topic's cells publish.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.recording import set_recorder
from runtime.session import Session

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Drawing(Session):
    """Prints what is published and draws each figure."""

    def __init__(self, labels: dict[str, dict[str, str]] | None) -> None:
        self._labels = labels

    def figure(self, name: str, figure: Figure, caption: str) -> None:
        from matplotlib import pyplot

        if self._labels is None:
            figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        else:
            from runtime.rendering import render_each

            for _, rendered in render_each(figure, self._labels):
                if isinstance(rendered, ValueError):
                    raise rendered
        pyplot.close(figure)


def main() -> None:
    """Run every topic in a namespace of its own."""
    folder, *rest = sys.argv[1:]
    labels: dict[str, dict[str, dict[str, str]]] = json.loads(Path(rest[0]).read_text()) if rest else {}
    import matplotlib

    matplotlib.use("agg")
    for path in sorted(Path(folder).glob("*.ipynb")):
        print("topic", path.stem)
        set_recorder(Drawing(labels.get(path.stem)))
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for number, cell in enumerate(json.loads(path.read_text())["cells"]):
            exec(compile(cell["source"], f"{path.stem}[{number}]", "exec"), namespace)


if __name__ == "__main__":
    main()
