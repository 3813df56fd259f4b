"""One topic on its way through a worker, as the build sees it: what arrived so far, and whether to stop it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import signal
import socket
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.run.cache import picture_path
from pipeline.run.forking import FAILED
from pipeline.run.messages import GarbledError, Inbox, Message, send
from pipeline.run.namespaces import FOLDER_BYTES
from pipeline.run.needs import check_needs
from pipeline.run.record import (
    CellWork,
    EnvironmentRecord,
    FaultRecord,
    FigureRecord,
    ImageRecord,
    NeedRecord,
    OutputRecord,
    Record,
    WarningRecord,
    Work,
)
from pipeline.run.settings import RunSettings
from pipeline.run.shapes import examine
from pipeline.run.usage import THREADS, usage_of

_AT_ONCE = 2**20  # bytes of messages before others get their turn; all that a socket may still hold of a dead worker
_IN_ALL = 256 * 2**20  # bytes of messages of a topic
# Seconds that cells must have taken since the last copy; after the last cell one is only good for a cell to be added.
_WORTH_IT, _WORTH_IT_AT_THE_END = 0.1, 0.5
_SPOKEN = {2**30: "GiB", 2**20: "MiB"}
_PNG = b"\x89PNG\r\n\x1a\n"

OrderCopy = Callable[[int, dict[str, Any], float], None]  # after how many cells, what to note, seconds since the last


class Job:
    """Takes what a worker sends and prints. `verdict` is set once the worker has to be stopped."""

    def __init__(
        self,
        work: Work,
        settings: RunSettings,
        versions: dict[str, str],
        now: float,
        order_copy: OrderCopy | None = None,
        hold: Callable[[list[NeedRecord]], bool] = lambda needs: False,
    ) -> None:
        """`order_copy` has a copy of the worker kept, `hold` says whether what cells used is as it was then."""
        self.work = work
        self.kept = 0  # cells that need not run again
        self.outdated = False  # what these cells used has changed
        self.obstacles: dict[str, str] = {}  # cell -> why no copy can be made after it
        self._order_copy = order_copy
        self._hold = hold
        self._memo: dict[str, Any] = {}
        self._since_copy = 0.0  # seconds of cells
        self.verdict: FaultRecord | None = None
        self.active: tuple[str, ...] = ()
        self.lacking: tuple[str, ...] = ()
        self.pictures: dict[tuple[str, str], bytes] = {}  # (figure, language) -> PNG
        self.started = now
        self._settings = settings
        self._versions = versions
        self._cell = work["cells"][0]
        self._device = ""
        self._process = 0
        self._idle_bytes = 0
        self._outputs: dict[str, OutputRecord] = {}
        self._figures: dict[str, FigureRecord] = {}
        self._printed = {"output": bytearray(), "errors": bytearray()}  # by the running cell
        self._length = {"output": 0, "errors": 0}  # by all cells
        self._done: Message | None = None
        self._inbox = Inbox()
        self._heard = 0  # bytes
        self.connection, self.theirs = socket.socketpair()
        self.output, self.their_output = os.pipe()
        self.errors, self.their_errors = os.pipe()
        os.set_blocking(self.output, False)
        os.set_blocking(self.errors, False)

    def close_theirs(self) -> None:
        """Let go of the worker's ends, once the server has them."""
        self.theirs.close()
        os.close(self.their_output)
        os.close(self.their_errors)

    def give_work(self, kept: int = 0, memo: Any = None) -> None:
        """Tell the worker what to do; it goes on from a copy, for which `memo` was noted, when `kept` is not 0."""
        self.kept, self._memo = kept, memo or {}
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died; how, its status will tell
            send(self.connection, {"work": self.work})

    def close(self) -> None:
        self.connection.close()
        os.close(self.output)
        os.close(self.errors)

    def read_messages(self, now: float, on_cell: Callable[[int], None]) -> bool:
        """Take what has arrived; False when the worker will say no more."""
        until = self._heard + _AT_ONCE
        try:
            while self._heard < until:
                try:
                    piece = self.connection.recv(2**18, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    return True
                except ConnectionResetError:
                    return False
                self._heard += len(piece)
                if self._heard > _IN_ALL:
                    raise GarbledError(f"more than {_spoken(_IN_ALL)}")
                for message in self._inbox.take(piece):
                    examine(message, self.work)
                    self._take(message, now, on_cell)
                if not piece:
                    return False
            return True
        except (GarbledError, KeyError, RecursionError, TypeError, ValueError) as error:
            self._stop(f"sends the build nonsense ({error})", "leave the file descriptors alone", "cell")
            return False

    def read_printed(self) -> bool:
        """Take what the cells printed since the last call; False when both streams have ended."""
        return any([self._read(self.output, "output"), self._read(self.errors, "errors")])

    def watch(self, now: float) -> None:
        """Stop the worker if it takes too long or too much memory."""
        if self.verdict is not None:
            return
        if now - self.started > self._settings.time_limit:
            self._stop(
                f"is still running after {self._settings.time_limit:g} s, the limit of a topic",
                "compute less, or raise time_limit in [tool.marovi]",
                "time-limit",
            )
        elif self._process and self._idle_bytes:
            used = usage_of(self._process)
            held = used.held - self._idle_bytes
            if held > self._settings.memory_limit * 1.1:
                self._stop_for_memory(f"holds {_spoken(held)}")
            elif used.threads > THREADS:
                self._stop(f"runs more than {THREADS} threads at once", "use fewer", "thread-limit")
            elif used.written > FOLDER_BYTES:
                self._stop(f"writes more than {_spoken(FOLDER_BYTES)} to files", "keep less of it", "disk-limit")

    def ended(self, status: int) -> Record | list[FaultRecord]:
        """Say what came of it, now that the worker is gone with the given wait status."""
        self.read_printed()
        if self.verdict is not None:
            line = self._last_line()
            if line is not None and self.verdict["rule"] != "output-limit":
                self.verdict["line"] = line
            return [self.verdict]
        if self._done is None:
            return [self._death(status)]
        if self._done["faults"]:
            return list(self._done["faults"])
        if any(cell["label"] not in self._outputs for cell in self.work["cells"]):  # a cell spoke for the worker
            return [self._death(status)]
        environment = EnvironmentRecord(**self._versions, device=self._device)  # type: ignore[typeddict-item]
        return Record(
            values=self._done["values"],
            figures=self._figures,
            outputs=self._outputs,
            checks=self._done["checks"],
            environment=environment,
            seconds=sum(output["seconds"] for output in self._outputs.values()),
            peak_bytes=self._done["peak_bytes"],
            computed=datetime.now(UTC).date().isoformat(),
            needs=self._done["needs"],
        )

    def _take(self, message: Message, now: float, on_cell: Callable[[int], None]) -> None:
        kind = message["kind"]
        if kind == "ready":
            if self._process:
                raise GarbledError("that it is ready, a second time")
            self.started = now - self._memo.get("seconds", 0.0)
            self.active = tuple(message["active"])
            self.lacking = tuple(message["lacking"])
            if self.work["sandboxed"] and self.lacking:
                raise RunError(
                    "nothing was run, because a sandbox is required and this machine lacks part of it:\n  "
                    + "\n  ".join(self.lacking),
                    "see the table in docs/running.md for what gives it",
                )
            self._process, self._device = message["pid"], message["device"]
            self._idle_bytes = self._memo.get("idle") or usage_of(self._process).held
            if self.kept:
                self._take_kept(message)
        elif kind == "cell":
            number = [cell["label"] for cell in self.work["cells"]].index(message["cell"])
            self._cell = self.work["cells"][number]
            on_cell(number + 1)
        elif kind == "ran":
            self._finish_cell(message, now)
        elif kind == "figure":
            self._take_figure(message["name"], message["figure"])
        elif kind == "done":
            check_needs(message["needs"])
            self._done = message
        else:
            raise GarbledError(f"a message of the kind {kind!r}")

    def _take_kept(self, message: Message) -> None:
        """Take what the cells gave that need not run again, unless something they used has changed."""
        labels = [cell["label"] for cell in self.work["cells"]][: self.kept]
        if list(message["outputs"]) != labels:
            raise GarbledError("the outputs of other cells")
        check_needs(message["needs"])
        if not self._hold(message["needs"]):
            self.outdated = True
            return
        self._cell = self.work["cells"][self.kept]
        self._outputs = message["outputs"]
        self._length = dict(self._memo["length"])
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            send(self.connection, {"go": True})

    def _finish_cell(self, message: Message, now: float) -> None:
        self.read_printed()
        self._length["output"] += len(message["value"].encode())
        if self._length["output"] > self._settings.output_limit:
            self._stop_for_output()
        caught: list[WarningRecord] = message["warnings"]
        errors = self._printed["errors"].decode(errors="replace").strip()
        if errors:
            caught = [*caught, WarningRecord(line=None, text=f"stderr: {errors}")]
        self._outputs[message["cell"]] = OutputRecord(
            stdout=self._printed["output"].decode(errors="replace"),
            value=message["value"],
            warnings=caught,
            seconds=message["seconds"],
        )
        self._printed = {"output": bytearray(), "errors": bytearray()}
        answer: dict[str, Any] = {"go": True}
        if self._order_copy is not None:
            answer |= {"output": self._outputs[message["cell"]], "copy": self._is_worth_a_copy(message)}
            if answer["copy"]:
                after = 1 + [cell["label"] for cell in self.work["cells"]].index(message["cell"])
                memo = {"idle": self._idle_bytes, "length": self._length, "seconds": now - self.started}
                self._order_copy(after, memo, self._since_copy)
                self._since_copy = 0.0
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            send(self.connection, answer)

    def _is_worth_a_copy(self, message: Message) -> bool:
        """Whether running the last cells again would take longer than making a copy now."""
        self._since_copy += message["seconds"]
        if message["obstacle"]:
            if message["obstacle"] != FAILED:
                self.obstacles[message["cell"]] = message["obstacle"]
            return False
        last = message["cell"] == self.work["cells"][-1]["label"]
        return self.verdict is None and self._since_copy >= (_WORTH_IT_AT_THE_END if last else _WORTH_IT)

    def _take_figure(self, name: str, figure: dict[str, Any]) -> None:
        images: dict[str, ImageRecord] = {}
        for language, encoded in figure["images"].items():
            picture_path(Path(), name, language)  # a ValueError for what would lie elsewhere
            picture = base64.b64decode(encoded)
            if not picture:
                continue  # its language has a fault of its own
            if picture[:8] != _PNG or len(picture) < 24:
                raise GarbledError(f"the figure {name!r} is no PNG")
            width, height = struct.unpack(">II", picture[16:24])
            self.pictures[name, language] = picture
            images[language] = ImageRecord(sha1=hashlib.sha1(picture).hexdigest(), width=width, height=height)
        self._figures[name] = FigureRecord(
            caption=figure["caption"],
            cell=figure["cell"],
            data_sha256=figure["data_sha256"],
            texts=figure["texts"],
            images=images,
        )
        for key in ("differs", "rtol", "numbers"):
            if key in figure:
                self._figures[name][key] = figure[key]

    def _read(self, descriptor: int, stream: str) -> bool:
        while self._length[stream] <= self._settings.output_limit:
            try:
                piece = os.read(descriptor, 65536)
            except BlockingIOError:
                return True
            if not piece:
                return False
            self._printed[stream] += piece
            self._length[stream] += len(piece)
        if self.verdict is None:
            self._stop_for_output()
        return False

    def _stop(self, message: str, remedy: str, rule: str) -> None:
        if self.verdict is None:
            self.verdict = self._fault(message, remedy, rule)

    def _stop_for_output(self) -> None:
        limit = self._settings.output_limit
        spoken = f"{limit / 1000:g} kB" if limit >= 1000 else f"{limit} bytes"
        self._stop(f"prints more than {spoken}", "print less, or raise output_limit in [tool.marovi]", "output-limit")

    def _stop_for_memory(self, how: str) -> None:
        limit = _spoken(self._settings.memory_limit)
        remedy = "compute in smaller parts, or raise memory_limit in [tool.marovi]"
        self._stop(f"{how}, more than the {limit} a topic may have", remedy, "memory-limit")

    def _death(self, status: int) -> FaultRecord:
        """Describe a worker that ended before its cells did."""
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            message = f"crashes: its process died of {name}"
            remedy = "the system may be out of memory" if name == "SIGKILL" else ""
        elif os.WEXITSTATUS(status) == 70 and self._printed["errors"]:
            last = self._printed["errors"].decode(errors="replace").strip().splitlines()[-1]
            message, remedy = f"breaks the process it runs in: {last}", ""
        else:
            message = f"ends its process with exit status {os.WEXITSTATUS(status)}"
            remedy = "let the cell end without os._exit"
        fault = self._fault(message, remedy, "cell")
        fault["line"] = self._last_line() or fault["line"]
        return fault

    def _fault(self, message: str, remedy: str, rule: str) -> FaultRecord:
        cell: CellWork = self._cell
        return FaultRecord(
            cell=cell["label"],
            line=cell["line"],
            column=1 + cell["indent"],
            message=f"cell {cell['label']!r} {message}",
            remedy=remedy,
            rule=rule,
        )

    def _last_line(self) -> int | None:
        """Return the line the worker's last list of calls (most recent first) has for the article."""
        text = self._printed["errors"].decode(errors="replace").rpartition("(most recent call first)")[2]
        found = re.search(rf'File "{re.escape(self.work["file"])}#([^"]+)", line (\d+)', text)
        starts = {cell["label"]: cell["line"] for cell in self.work["cells"]}
        return starts[found[1]] + int(found[2]) - 1 if found and found[1] in starts else None


def _spoken(size: int) -> str:
    for unit, name in _SPOKEN.items():
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
