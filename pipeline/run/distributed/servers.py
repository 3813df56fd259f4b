"""The servers of one Dask worker process: kept from topic to topic, so that torch is imported once."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass

from pipeline.run.launch import Server
from pipeline.run.schedule import start_server
from pipeline.run.settings import RunSettings

IDLE = 60.0  # seconds a server that nobody uses is kept


@dataclass(frozen=True, slots=True)
class Kind:
    """What a server is good for: first or second runs on a device, with the code and versions of an identity."""

    again: bool
    device: str
    identity: Hashable


class Servers:
    """Servers that wait for their next topic. Safe for several threads: a server is lent to one at a time."""

    def __init__(self) -> None:
        self._idle: list[tuple[Kind, Server, threading.Timer]] = []
        self._lock = threading.Lock()

    def take(self, kind: Kind, settings: RunSettings) -> tuple[Server, bool]:
        """Return a server of this kind and whether it was kept; it is the caller's until given back or closed.

        Servers with another identity are closed: the code they have loaded is no longer what is on disk.
        """
        with self._lock:
            stale = [one for one in self._idle if one[0].identity != kind.identity]
            fitting = [one for one in self._idle if one[0] == kind]
            taken = fitting[-1:]
            self._idle = [one for one in self._idle if one not in stale and one not in taken]
        for _, server, timer in stale:
            timer.cancel()
            server.close()
        for _, server, timer in taken:
            timer.cancel()
            return server, True
        return start_server(kind.again, settings), False

    def give_back(self, kind: Kind, server: Server) -> None:
        """Keep a server whose topic has ended for the next one, for a while."""
        timer = threading.Timer(IDLE, self._retire, [server])
        timer.daemon = True
        with self._lock:
            self._idle.append((kind, server, timer))
        timer.start()

    def _retire(self, server: Server) -> None:
        with self._lock:
            there = [one for one in self._idle if one[1] is server]
            self._idle = [one for one in self._idle if one[1] is not server]
        if there:  # else a topic was quicker
            server.close()
