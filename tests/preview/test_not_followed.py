"""Where the system watches no files for us, the preview says so in a sentence."""

from __future__ import annotations

import subprocess
import sys

from tests.project import Project

# Without a free descriptor there is nothing to watch with.
WATCH = """
import os, resource, sys
from pathlib import Path
from pipeline.config import load
from pipeline.preview.live import Live
from pipeline.run import RunSettings
import watchfiles
config = load(Path(sys.argv[1]))
live = Live(config, RunSettings.of(config))
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1,) * 2)
live._watch()
"""


def test_files_that_cannot_be_watched_are_said_without_a_traceback(built: Project) -> None:
    done = subprocess.run([sys.executable, "-c", WATCH, str(built.root)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("saved files are not followed any more: ") and done.stderr.count("\n") == 1
