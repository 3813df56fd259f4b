"""A process that outlives killed tests for a moment, to end the web servers they started.

Reads folders of wikis, one a line, until its input ends, which it does with the tests however they end.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.wiki.server import stop

if __name__ == "__main__":
    for folder in [Path(line.rstrip("\n")) for line in sys.stdin]:
        stop(folder)
