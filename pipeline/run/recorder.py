"""The recorder of a worker: keeps what cells publish and remembers which cell and which line it came from."""

from __future__ import annotations

import base64
import json
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal

from pipeline.run.cells import name_of
from pipeline.run.drawn_numbers import pack
from pipeline.run.faults import fault_at
from pipeline.run.record import CellWork, CheckRecord, DiffersRecord, FaultRecord, ValueRecord, Work

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST_VALUE = 1_000_000  # bytes of JSON: what a page can print is far smaller


class TopicRecorder:
    """Takes what one topic publishes; `cell` is the one that runs now."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.cell: CellWork = work["cells"][0]
        self.values: dict[str, ValueRecord] = {}
        self.checks: list[CheckRecord] = []
        self.figures: dict[str, dict[str, Any]] = {}  # FigureRecord with PNG files in base64 as images
        self.faults: list[FaultRecord] = []

    def glue(self, name: str, value: Any) -> None:
        """Keep a value. Raises ValueError for a name used before, and for a value no page could print."""
        self._refuse_twice("value", name, self.values)
        size = len(json.dumps(value))
        if size > LARGEST_VALUE:
            raise ValueError(f"{name!r} takes {size:,} bytes; publish only what the page prints")
        self.values[name] = ValueRecord(value=value, cell=self.cell["label"])

    def figure(self, name: str, figure: Figure, caption: str) -> None:
        """Draw a figure in each language and keep it. Raises ValueError for a name used before."""
        from runtime import figures

        self._refuse_twice("figure", name, self.figures)
        kept: dict[str, Any] = {
            "caption": caption,
            "cell": self.cell["label"],
            "data_sha256": figures.data_sha256(figure),
            "texts": [],
            "images": {},
        }
        if self._work.get("numbers"):
            from runtime.drawn import drawn_numbers

            kept["numbers"] = pack(drawn_numbers(figure))
        if self._work["draw"]:
            texts: tuple[str, ...] | None = None
            for language, rendered in figures.render_each(figure, self._work["labels"]):
                if isinstance(rendered, ValueError):
                    self._take_fault(name, language, rendered)
                    kept["images"][language] = ""
                    continue
                kept["images"][language] = base64.b64encode(rendered.png).decode()
                if not self._work["labels"][language]:
                    texts = rendered.texts  # nothing was put into other words
            kept["texts"] = list(figures.texts(figure) if texts is None else texts)
        self.figures[name] = kept

    def differs(self, kind: Literal["value", "figure"], name: str, by: Literal["device", "run"], reason: str) -> None:
        """Keep what the author declared of a value or figure that was published just now."""
        known: Any = self.values if kind == "value" else self.figures
        known[name]["differs"] = DiffersRecord(by=by, reason=reason)

    def loosen(self, name: str, rtol: float) -> None:
        """Keep the author's own tolerance for a figure that was published just now."""
        self.figures[name]["rtol"] = rtol

    def check(
        self, kind: Literal["close", "claim"], text: str, tolerance: float | None, difference: float | None
    ) -> None:
        """Keep a check that held, with the line of the cell it stands in."""
        self.checks.append(
            CheckRecord(
                kind=kind,
                text=text,
                cell=self.cell["label"],
                line=self._line(),
                tolerance=tolerance,
                difference=difference,
            )
        )

    def _take_fault(self, name: str, language: str, error: ValueError) -> None:
        """Note what only a translation's words can have caused; what is wrong with the figure itself is raised."""
        if language == self._work["source_language"]:
            raise error
        line = self.cell["line"] + self._line()
        fault = fault_at(self.cell, f"draws the figure {name!r}: {error}", "mend `labels:`", "labels", line)
        fault["language"] = language
        self.faults.append(fault)

    def _refuse_twice(self, kind: str, name: str, known: Any) -> None:
        if name in known:
            cell = known[name]["cell"]
            before = "this cell" if cell == self.cell["label"] else f"cell {cell!r}"
            raise ValueError(f"the {kind} {name!r} is published twice, first by {before}; names are unique in a topic")

    def _line(self) -> int:
        """Return the line of the running cell, from 0 and the outermost one, that publishing came from."""
        line = 0
        name = name_of(self._work["file"], self.cell["label"])
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            if frame.f_code.co_filename == name:
                line = frame.f_lineno - 1
            frame = frame.f_back
        return line
