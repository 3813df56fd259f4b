"""What a deployment did, page by page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal[
    "created", "updated", "moved", "uploaded", "deleted", "restored", "unchanged", "adopted", "conflict", "failed"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one page or file."""

    title: str
    outcome: Outcome
    revision: int = 0  # the one that was saved, 0 when none was
    note: str = ""
    language_set: bool = False
    kind: str = ""  # of the page; "" for what no source makes


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything that was done, in the order in which it was done. `stopped` says why the rest was not."""

    id: str
    target: str
    commit: str
    done: tuple[Done, ...]
    notes: tuple[str, ...] = ()
    stopped: str = ""

    def having(self, *outcomes: Outcome) -> tuple[Done, ...]:
        return tuple(one for one in self.done if one.outcome in outcomes)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
