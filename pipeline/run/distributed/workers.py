"""The workers of a cluster that may run this project's topics, as they come and go."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from distributed import Client

from pipeline.errors import RunError
from pipeline.run.distributed.identity import mismatches
from pipeline.run.distributed.on_worker import describe
from pipeline.run.settings import RunSettings

TO_APPEAR = 30.0  # seconds a worker gets to connect before the first task
TO_RETURN = 60.0  # seconds a cluster may be without workers that are fit
_SHOWN = 8  # sentences of an error


class Workers:
    """Which workers are there, which of them are fit, and how many tasks they take at a time.

    `allowed` is None as long as no unfit worker was met, else the addresses of the fit ones.
    """

    def __init__(self, device: str) -> None:
        self.resources = {"GPU": 1.0} if device.startswith("cuda") else {}
        self.notes: list[str] = []  # sentences for whoever built
        self.allowed: list[str] | None = None
        self.places = 0
        self._there: dict[str, int] = {}  # address -> tasks at a time
        self._unfit: dict[str, tuple[str, ...]] = {}
        self._bereft: float | None = None  # since when there has been no fit worker

    def look(self, client: Client) -> frozenset[str]:
        """Ask the scheduler who is there that could run topics, and return their addresses.

        Raises RunError when nobody fit has been there for a while.
        """
        before = self._there
        self._there = places_of(client.scheduler_info(n_workers=-1)["workers"], self.resources)
        for address in before.keys() - self._there.keys() - self._unfit.keys():
            self.notes.append(f"the Dask worker {address} left during the build; what it had begun was begun elsewhere")
        self._count()
        if self.places:
            self._bereft = None
        elif self._bereft is None:
            self._bereft = time.monotonic()
        elif time.monotonic() - self._bereft > TO_RETURN:
            told = [sentence for sentences in self._unfit.values() for sentence in sentences]
            raise (
                unfit(told)
                if told
                else RunError(
                    "every Dask worker that could run topics has left",
                    "start workers; what had finished is in the cache",
                )
            )
        return frozenset(self._there)

    def refuse(self, address: str, sentences: tuple[str, ...]) -> None:
        """Give no more work to a worker that is not like this machine. Raises RunError when it was the last one."""
        if address not in self._unfit:
            self._unfit[address] = sentences
            self.notes += [f"{sentence}; nothing ran there" for sentence in sentences]
        self._count()
        if not self.places:
            raise unfit([sentence for told in self._unfit.values() for sentence in told])

    def _count(self) -> None:
        fit = {address: places for address, places in self._there.items() if address not in self._unfit}
        self.allowed = sorted(fit) if self._unfit else None
        self.places = sum(fit.values())


def fit_workers(client: Client, address: str, settings: RunSettings, ours: Mapping[str, str]) -> Workers:
    """Wait for workers and compare each with this machine.

    Raises RunError when none comes, when none has the GPU that is asked for, and with a sentence for each difference.
    """
    workers = Workers(settings.device)
    end = time.monotonic() + TO_APPEAR
    while True:
        there = workers.look(client)
        if there:
            break
        if time.monotonic() > end:
            raise _nobody(client, address, settings.device)
        time.sleep(0.1)
    told: list[str] = []
    answers = client.run(describe, settings, workers=sorted(there), on_error="return")
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, BaseException):
            told.append(f"the Dask worker {worker} cannot run this: {type(answer).__name__}: {answer}")
        else:
            told += mismatches(worker, answer, ours)
    if told:
        raise unfit(told)
    return workers


def places_of(workers: Mapping[str, Any], resources: Mapping[str, float]) -> dict[str, int]:
    """Return how many tasks each worker takes at a time: one a thread, and one for each GPU where one is needed."""
    found = {}
    for address, info in workers.items():
        places = [int(info["nthreads"])]
        places += [int(info["resources"].get(name, 0) // amount) for name, amount in resources.items()]
        if min(places) > 0:
            found[address] = min(places)
    return found


def unfit(sentences: list[str]) -> RunError:
    """An error with a sentence for each difference."""
    more = [f"and {len(sentences) - _SHOWN} more"] if len(sentences) > _SHOWN else []
    return RunError(
        "\n".join([*sentences[:_SHOWN], *more]), "install there what is here, and start these workers again"
    )


def _nobody(client: Client, address: str, device: str) -> RunError:
    if not client.scheduler_info(n_workers=-1)["workers"]:
        return RunError(
            f"the Dask scheduler at {address} has no workers", f"start one: dask worker {address} --nthreads 1"
        )
    lacking, option = ("GPU", ' --resources "GPU=1"') if device.startswith("cuda") else ("thread", "")
    return RunError(
        f"no worker of the Dask scheduler at {address} has a {lacking} to offer",
        f"start one on a machine that has: dask worker {address} --nthreads 1{option}",
    )
