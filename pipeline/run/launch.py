"""Start the server process with a clean environment, and talk to it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.run.instructions import environment_of, kind_of
from pipeline.run.removal import remove

PATIENCE = 3.0  # seconds a server gets to kill its workers and to tidy up

# A GPU's driver needs to be found; these name folders and devices, never secrets.
_PASSED_ON = ("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")


class Server(ABC):
    """A server process, as a build sees it: forks workers on request and says when one has ended."""

    keeps = False  # whether it keeps copies of workers

    def __init__(self, control: socket.socket) -> None:
        self.versions: dict[str, str] | None = None  # known once it is ready
        self._control = control

    def fileno(self) -> int:
        return self._control.fileno()

    def fork(
        self,
        job: int,
        connection: socket.socket,
        output: int,
        errors: int,
        topic: str = "",
        chain: Sequence[str] = (),
        fresh: bool = False,
    ) -> None:
        """Have a worker forked that reports over `connection` and prints to the other two.

        It goes on from a copy that was kept after one of the states in `chain`, see pipeline.run.chain, unless it is
        to be `fresh`; the answer `forked` says after how many cells.
        """
        order = {"fork": job, "topic": topic, "chain": list(chain), "fresh": fresh}
        self._send(order, [connection.fileno(), output, errors])

    def copy(self, job: int, after: int, memo: object, seconds: float) -> None:
        """Have a copy of a worker kept, which has run `after` cells and waits for that; `memo` comes back with it."""
        self._send({"copy": job, "after": after, "memo": memo, "seconds": seconds})

    def ask_where(self, job: int) -> None:
        """Have a worker print to its standard error which line it is at."""
        self._send({"where": job})

    def kill(self, job: int, drop: bool = False) -> None:
        """End a worker, and with `drop` also the copy that it went on from."""
        self._send({"kill": job, "drop": drop})

    def receive(self) -> dict[str, Any]:
        """Return what the server has to say. Raises RunError when it has ended."""
        try:
            data = self._control.recv(65536)
        except OSError:
            data = b""
        if not data:
            raise self.lost()
        message: dict[str, Any] = json.loads(data)
        if "ready" in message:
            self.versions = message["ready"]
        return message

    @abstractmethod
    def stop(self) -> None:
        """End all that runs for this build at once, from any thread: whoever waits for it gets a RunError."""

    @abstractmethod
    def close(self) -> None:
        """Take leave: the workers of this build end."""

    @abstractmethod
    def lost(self) -> RunError:
        """Return the error to raise when the server is gone, or does not do what it should."""

    def _send(self, order: dict[str, Any], descriptors: list[int] | None = None) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], descriptors or [])
        except OSError as error:
            raise self.lost() from error


class OwnServer(Server):
    """A server that nobody else knows of, and that ends with this build."""

    def __init__(self, cache: Path, device: str, hash_seed: int, threads: int) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        self._folder = Path(tempfile.mkdtemp(prefix="marovi-"))
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "pipeline.run.server", str(theirs.fileno()), str(self._folder)],
                    env=environment(self._folder, cache, device, hash_seed, threads),
                    cwd=self._folder,
                    stdin=subprocess.DEVNULL,
                    stdout=self._log,
                    stderr=self._log,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
        except OSError as error:
            self._control.close()
            self._log.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise RunError(f"the process that runs cells cannot be started: {error}") from error

    def stop(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """End the server, its workers with it, and remove its folder."""
        self._control.close()
        if self.versions is None:
            self._process.terminate()  # it would notice only after its imports
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()  # the kernel then kills the workers
            self._process.wait()
        finally:
            self._log.close()
            remove(self._folder)

    def lost(self) -> RunError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self._log.seek(0)
        said = self._log.read().decode(errors="replace").strip().splitlines()
        last = f": {said[-1]}" if said else f" (exit status {self._process.returncode})"
        return RunError(
            f"the process that runs cells ended unexpectedly{last}", "check that `python -c 'import torch'` works here"
        )


def environment(folder: Path, cache: Path, device: str, hash_seed: int, threads: int) -> dict[str, str]:
    """Return the environment of a server and its workers: nothing of ours gets there but what is named here."""
    fonts = cache / "matplotlib"  # matplotlib's list of fonts, which takes seconds to make
    fonts.mkdir(parents=True, exist_ok=True)
    code = Path(__file__).parents[2]
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join([str(code), *filter(None, sys.path)]),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": str(hash_seed),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "MAROVI_THREADS": str(threads),
        # Threads that wait for each other must not spin: where processors are fewer than threads, that takes minutes.
        "OMP_WAIT_POLICY": "PASSIVE",
        "KMP_BLOCKTIME": "0",
        "MAROVI_DEVICE": kind_of(device),
        **environment_of(device),
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(fonts),
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    }
