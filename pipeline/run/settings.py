"""What a run is told: where to keep results, how far cells may go, and how to say how it is going."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Self

from pipeline.config import Config


@dataclass(frozen=True, slots=True)
class Keep:
    """Where the processes that run cells wait for the next build, how long, and what their copies may hold."""

    folder: Path
    seconds: float
    bytes: int  # each of the two servers


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class RunSettings:
    """`device` is "cpu" or "cuda"; with `reproduce` each topic runs a second time under other conditions."""

    cache: Path
    languages: tuple[str, ...]  # figures are drawn in those of them that a topic is written in
    time_limit: float = 60.0  # seconds a topic's cells may take
    memory_limit: int = 4 * 2**30  # bytes a topic's process may hold above an idle one
    output_limit: int = 200_000  # bytes a topic's cells may print
    workers: int = 2  # processes that run cells side by side
    reproduce: bool = True
    device: str = "cpu"
    # Bytes of results that are kept, those of this run whatever they take; None: somebody else looks after it.
    cache_limit: int | None = 2 * 2**30
    shared_cache: str = ""  # a folder or a URL where results are looked for and left for others
    root: Path | None = None  # of the project: its files are known in the cache by their path below
    require_sandbox: bool = False  # run nothing where a protection is missing
    executor: str = "local"  # or "dask=ADDRESS": the cluster that topics run on
    keep: Keep | None = None  # None: no process outlives the run
    give_up: Callable[[], bool] = never  # asked every moment while cells run; the run ends with GivenUpError if so

    @classmethod
    def of(
        cls,
        config: Config,
        *,
        reproduce: bool = True,
        device: str = "cpu",
        executor: str = "",
        require_sandbox: bool = False,
        keep: bool = False,
    ) -> Self:
        """Take the limits and folders of a project's configuration; with `keep` processes wait for the next run."""
        return cls(
            cache=config.cache,
            languages=config.languages,
            time_limit=config.time_limit,
            memory_limit=config.memory_limit,
            output_limit=config.output_limit,
            workers=config.workers,
            reproduce=reproduce,
            device=device,
            cache_limit=config.cache_limit,
            shared_cache=os.environ.get("MAROVI_SHARED_CACHE", config.shared_cache),
            root=config.root,
            executor=executor or config.executor,
            require_sandbox=require_sandbox or config.require_sandbox,
            keep=Keep(config.state / "keep", config.keep, config.keep_memory // 2) if keep and config.keep else None,
        )

    def within(self, config: Config) -> Self:
        """The same under the limits, and in the languages, of a configuration that was changed meanwhile."""
        return replace(
            self,
            languages=config.languages,
            time_limit=config.time_limit,
            memory_limit=config.memory_limit,
            output_limit=config.output_limit,
            cache_limit=config.cache_limit,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """One thing that happened to a topic. `again` says that it is the second run of it."""

    slug: str
    stage: Literal["cached", "started", "cell", "finished", "failed"]
    cell: str = ""
    number: int = 0  # of the cell, from 1
    total: int = 0  # cells of the topic
    seconds: float = 0.0  # since the topic started
    again: bool = False


def silent(event: Progress) -> None:
    """Take no notice of progress."""
