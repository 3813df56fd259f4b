"""Which copies of workers a server keeps: few of a topic, not too much memory in all, the least recently used go."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.run.lineage import Copy, Lineage
from pipeline.run.processes import own_bytes

MOST = 8  # copies of a topic


class Kept:
    """The lineages that have copies; `limit` is in bytes of what all copies hold."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lineages: list[Lineage] = []

    def add(self, lineage: Lineage) -> None:
        if lineage not in self._lineages:
            self._lineages.append(lineage)

    def forget(self, lineage: Lineage) -> None:
        if lineage in self._lineages:
            self._lineages.remove(lineage)

    def copies(self) -> list[Copy]:
        return [copy for lineage in self._lineages for copy in lineage.copies]

    def with_state(self, state: str) -> list[Copy]:
        return [copy for copy in self.copies() if copy.state == state]

    def find(self, chain: Sequence[str]) -> Copy | None:
        """Return the copy with most of the cells behind it and at least one before it, if nothing else of it runs."""
        found = [copy for copy in self.copies() if not copy.lineage.busy and copy.state in chain[:-1]]
        return max(found, key=lambda copy: copy.after, default=None)

    def unwanted(self, topic: str, chain: Sequence[str], origin: Copy | None) -> list[Copy]:
        """Return the copies that are to go after a run of a topic, and take note of what the others hold."""
        own = sorted((copy for copy in self.copies() if copy.lineage.topic == topic), key=lambda copy: copy.after)
        gone = [copy for copy in own if copy.state not in chain and not copy.lineage.busy]
        own = [copy for copy in own if copy not in gone]
        while len(own) > MOST:
            # most wanted are the one that was last gone on from, and the one that an edit of the last cell needs
            others = [copy for copy in own[:-1] if copy is not origin]
            cheapest = min(others, key=lambda copy: copy.seconds)
            following = own[own.index(cheapest) + 1]
            following.seconds += cheapest.seconds
            own.remove(cheapest)
            gone.append(cheapest)
        for copy in own:
            copy.bytes = own_bytes(copy.process)
        rest = sorted((copy for copy in self.copies() if copy not in gone), key=lambda copy: (copy.used, copy.after))
        held = sum(copy.bytes for copy in rest)
        for copy in rest:
            if held <= self._limit:
                break
            held -= copy.bytes
            gone.append(copy)
        return gone
