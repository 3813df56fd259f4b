"""Results that others have computed: looked up when ours are missing, and ours left for others.

Nothing here can fail a build: at the first trouble there is one warning, and the build goes on by itself. What is read
has been written by somebody else. Its digests tell damage; only a signature (MAROVI_CACHE_KEY) tells malice.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pipeline.run import cache
from pipeline.run.cache import Entry
from pipeline.run.needs import Present, digest_of
from pipeline.run.packed import LARGEST, UnsignedError, pack, unpack
from pipeline.run.places import Place, place, shown, without_secrets
from pipeline.run.settings import RunSettings

PATIENCE = 60.0  # seconds in which the place has to answer something
_CANDIDATES = 4  # entries of a key that are looked at, the newest first
_ON = ("1", "true", "yes", "on")

Item = TypeVar("Item")


class SharedCache:
    """A place that several people and machines share; `warning` has the trouble there was, "" for none."""

    def __init__(self, place: Place, name: str, secret: bytes = b"", read_only: bool = False) -> None:
        self._place = place
        self._name = name
        self._secret = secret
        self._read_only = read_only
        self._broken = False
        self.warning = ""

    @classmethod
    def of(cls, settings: RunSettings) -> SharedCache | None:
        """Return the one that is configured, or None; key and leave to write come from the environment.

        Raises ConfigurationError for a URL that nothing installed can reach.
        """
        if not settings.shared_cache:
            return None
        secret = os.environ.get("MAROVI_CACHE_KEY", "").encode()
        read_only = os.environ.get("MAROVI_SHARED_CACHE_READONLY", "").lower() in _ON
        return cls(place(settings.shared_cache, settings.root), settings.shared_cache, secret, read_only)

    def fetch(self, keys: Iterable[str], local: Path, present: Present) -> dict[str, Entry]:
        """Look for results and put those that hold now into the local cache; return them by key."""
        found: dict[str, Entry] = {}

        def take(key: str) -> None:
            entry = self._take(key, local, present)
            if entry is not None:
                found[key] = entry

        self._each(take, keys)
        return dict(found)

    def offer(self, entries: Mapping[str, Entry]) -> None:
        """Leave results for others, by key."""
        if not self._read_only:
            self._each(lambda item: self._give(*item), entries.items())

    def _take(self, key: str, local: Path, present: Present) -> Entry | None:
        folder = f"{key[:2]}/{key}"
        for name in self._place.names(folder)[:_CANDIDATES]:
            try:
                packed = self._place.read(f"{folder}/{name}", LARGEST)
                unpacked = unpack(packed, key, Path(), present, self._secret)
            except (FileNotFoundError, ValueError):
                continue  # removed or damaged; another build writes it again
            except UnsignedError:
                self._warn("has results that are not signed with MAROVI_CACHE_KEY; they are not used")
                continue
            if unpacked is not None:
                entry, pictures = unpacked
                entry = replace(entry, folder=cache.folder_of(local, key, entry.needs))
                cache.put(entry, key, pictures)
                return entry
        return None

    def _give(self, key: str, entry: Entry) -> None:
        try:
            pictures = cache.read_pictures(entry)
        except FileNotFoundError:
            return  # evicted in the meantime
        packed = pack(entry, key, pictures, self._secret)
        if len(packed) <= LARGEST:
            self._place.write(f"{key[:2]}/{key}/{digest_of(entry.needs)}", packed)

    def _each(self, action: Callable[[Item], None], items: Iterable[Item]) -> None:
        """Do it for each, several at a time, until the first trouble or silence."""
        waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
        for item in items:
            waiting.put(item)

        answered = time.monotonic()

        def work() -> None:
            nonlocal answered
            while not self._broken:
                try:
                    action(waiting.get_nowait())
                    answered = time.monotonic()
                except queue.Empty:
                    return
                except Exception as error:  # a place raises whatever its own library raises
                    self._note(error)

        # threads that nobody waits for at the end: one may hang in a network that does not answer
        threads = [
            threading.Thread(target=work, daemon=True) for _ in range(min(self._place.at_a_time, waiting.qsize()))
        ]
        if self._broken:
            return
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive() and not self._broken:
                thread.join(max(0.0, answered + PATIENCE - time.monotonic()))
                if thread.is_alive() and time.monotonic() > answered + PATIENCE:
                    self._note(TimeoutError(f"no answer within {PATIENCE:g} s"))

    def _note(self, error: Exception) -> None:
        self._broken = True
        said = without_secrets(" ".join(str(error).split())[:200], self._name)
        self._warn(f"cannot be used, so this build goes on without it ({type(error).__name__}: {said})")

    def _warn(self, what: str) -> None:
        if not self.warning:
            self.warning = f"the shared cache {shown(self._name)} {what}"
