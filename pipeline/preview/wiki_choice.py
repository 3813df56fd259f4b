"""Which wiki the preview asks: the one named on the command line, else that of the environment, else the local one."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.config import Config, TargetSettings
from pipeline.errors import ConfigurationError, MaroviError, suggest

if TYPE_CHECKING:  # a preview that asks no wiki does without what talks to them
    from pipeline.deploy.target import Target
    from pipeline.preview.on_wiki import OnWiki

LOOKED = 5.0  # seconds for which a wiki that was found is not looked for again: the local one may come up elsewhere


class WikiChoice:
    """Finds the wiki when it is needed, so that one that comes up later, or at another port, is found as well."""

    def __init__(
        self,
        config: Config,
        name: str,
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name` is a wiki of [tool.marovi.targets], or "". Raises ConfigurationError where there is none such."""
        self._config, self._environment, self._clock = config, environment, clock
        self._settings = settings_of(config, name)
        self._found: OnWiki | None = None
        self._looked = 0.0
        self._said = ""
        self._lock = threading.Lock()

    def say(self, fault: str) -> None:
        """Print what goes wrong, once until it goes well again, which "" says."""
        with self._lock:
            if fault and fault != self._said:
                print(fault, file=sys.stderr, flush=True)
            self._said = fault

    def __call__(self) -> OnWiki:
        """Raises MaroviError where there is no wiki to ask."""
        from pipeline.preview.on_wiki import OnWiki

        with self._lock:
            now = self._clock()
            if self._found is None or now - self._looked > LOOKED:
                target = self._target()
                if self._found is None or self._found.target != target:
                    self._found = OnWiki(target, self._settings.name if self._settings else "")
                self._looked = now
            return self._found

    def _target(self) -> Target:
        from pipeline.deploy.target import for_reading

        try:
            return for_reading(self._environment, self._config.state / "wiki", self._settings)
        except MaroviError:
            self._found = None
            raise


def settings_of(config: Config, name: str) -> TargetSettings | None:
    """The settings of a wiki by its name, None for no name. Raises ConfigurationError where there is none such."""
    if not name:
        return None
    found = config.targets.get(name)
    if found is None:
        remedy = suggest(name, config.targets) or "name it in pyproject.toml: [tool.marovi.targets.NAME]"
        raise ConfigurationError(f"there is no wiki {name!r}", remedy)
    return found
