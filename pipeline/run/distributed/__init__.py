"""Run topics on the workers of a Dask cluster: the same work in the same confined processes, on more machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.errors import ConfigurationError
from pipeline.run.distributed.address import LOCAL, scheduler_of
from pipeline.run.schedule import Finished, Task
from pipeline.run.settings import Progress, RunSettings

__all__ = ["LOCAL", "execute", "scheduler_of"]


def execute(tasks: Sequence[Task], settings: RunSettings, tell: Callable[[Progress], None]) -> Iterator[Finished]:
    """Run all tasks on the cluster of `settings.executor` and yield each as it arrives; order is not kept.

    A topic's second run is dropped when its first one fails. What a worker had begun when it died runs elsewhere.
    Raises RunError when there is no scheduler, no worker, or one with other versions, before anything has run, and when
    the scheduler is lost; ConfigurationError when Dask is not installed. Whatever ends it, also closing the iterator,
    ends what runs on the workers.
    """
    address = scheduler_of(settings.executor)
    if address is None:
        raise ValueError(f"{settings.executor!r} is no cluster")
    try:
        from pipeline.run.distributed.client import execute_at
    except ImportError as error:
        if error.name is None or error.name.partition(".")[0] not in ("distributed", "dask"):
            raise
        raise ConfigurationError(
            "the executor dask needs the package distributed", "run: pip install 'marovi[dask]'"
        ) from error
    yield from execute_at(address, tasks, settings, tell)
