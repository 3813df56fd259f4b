"""A line for each thing that a deployment did, written as it happens: what is known when it was killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from pipeline.deploy.deployment import Done
from pipeline.deploy.stamp import Stamp


class Journal:
    """`done` writes one line; the lines are JSON, the first of them names the deployment. No secret is in them."""

    def __init__(self, file: TextIO, stamp: Stamp, target: str) -> None:
        self._file = file
        self._line({"deployment": stamp.deployment, "commit": stamp.commit, "target": target})

    def done(self, one: Done) -> None:
        if one.outcome != "unchanged":
            self._line(asdict(one))

    def ended(self, stopped: str) -> None:
        self._line({"ended": True, "stopped": stopped})

    def _line(self, data: dict[str, object]) -> None:
        self._file.write(json.dumps(data, ensure_ascii=False) + "\n")
        self._file.flush()


@contextmanager
def journal(folder: Path, stamp: Stamp, target: str) -> Iterator[Journal]:
    """Write the journal of one deployment into `folder`, in a file named after it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{stamp.deployment}.jsonl").open("w", encoding="utf-8") as file:
        yield Journal(file, stamp, target)
