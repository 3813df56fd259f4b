"""The peers' own environment, .marovi/peers: pinned versions, and the very same NumPy, torch and matplotlib as ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.compare.clock import CommandFailed

PINNED = (
    "ipykernel==7.4.0",
    "jupyter-cache==1.0.1",
    "myst-nb==1.4.0",
    "nbclient==0.11.0",
    "papermill==2.7.0",
    "pypandoc-binary==1.17",  # carries pandoc 3.9
    "pywikibot==11.9.0",
)
SHARED = "project.pth"


@dataclass(frozen=True, slots=True)
class Peers:
    """Where the environment is, and the project whose `runtime` its kernels import."""

    folder: Path
    root: Path

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def pandoc(self) -> str:
        """Pandoc's program, from the wheel."""
        found = next(self.folder.glob("lib/python*/site-packages/pypandoc/files/pandoc"), None)
        if found is None:
            raise CommandFailed("pypandoc-binary brought no pandoc for this system")
        return str(found)

    @property
    def environment(self) -> Mapping[str, str]:
        """What their processes get: one thread of arithmetic, as a worker of the project has, and `runtime`."""
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        places = {"IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "jupyter"}
        own = {name: str(self.folder / place) for name, place in places.items()}
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, **threads, **own, "PATH": path, "PYTHONPATH": str(self.root)}


def set_up(root: Path) -> Peers:
    """Make the environment when it is missing or of other versions. Raises CommandFailed when pip cannot."""
    peers = Peers(root / ".marovi" / "peers", root)
    mark, wanted = peers.folder / "installed", "\n".join((sys.executable, *PINNED))
    if mark.is_file() and mark.read_text() == wanted:
        return peers
    print("Setting up the peers' environment …", file=sys.stderr, flush=True)
    shutil.rmtree(peers.folder, ignore_errors=True)
    _do([sys.executable, "-m", "venv", str(peers.folder)])
    # Found after the environment's own packages: the heavy libraries are the same files for everybody.
    site = next(peers.folder.glob("lib/python*/site-packages"))
    (site / SHARED).write_text(sysconfig.get_path("purelib") + "\n")
    constraints = ["-c", str(root / "script" / "constraints.txt")]
    quiet = ["--quiet", "--disable-pip-version-check"]
    # torch is named so that nothing here brings another one along.
    _do([peers.python, "-m", "pip", "install", *quiet, *constraints, *PINNED, "torch"])
    warm = "import torch, matplotlib.pyplot, ipykernel, nbclient, papermill, myst_nb, sphinx, pywikibot.version"
    _do([peers.python, "-c", warm], {**peers.environment, "PYWIKIBOT_NO_USER_CONFIG": "2"})
    mark.write_text(wanted)
    return peers


def versions(peers: Peers) -> str:
    """The pinned packages and what they share with the project, as `name version, …`."""
    code = (
        "from importlib.metadata import version as v\n"
        "print(*(f'{n} {v(n)}' for n in 'myst-nb jupyter-cache nbclient ipykernel papermill pywikibot mwclient "
        "numpy torch matplotlib'.split()), sep=', ')"
    )
    listed = subprocess.run([peers.python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    said = subprocess.run([peers.pandoc, "--version"], capture_output=True, text=True, check=True).stdout
    return f"{listed}, {said.splitlines()[0]}"


def _do(command: list[str], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CommandFailed(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
