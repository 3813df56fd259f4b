"""The state of a topic after each of its cells, as a digest of everything that led to it inside its process."""

from __future__ import annotations

import hashlib
import json

from pipeline.run.record import Work


def chain_of(work: Work) -> list[str]:
    """Return one digest a cell: equal ones mean that the same cells ran in the same order under the same orders.

    Where cells stand in their file and how far they are indented is not in it. What the process itself was started
    with is the server's identity, and which files were read is looked at when a copy is used.
    """
    state = _digest({name: value for name, value in work.items() if name != "cells"})
    digests = []
    for cell in work["cells"]:
        state = _digest([state, cell["label"], cell["source"]])
        digests.append(state)
    return digests


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]
