"""Compare the project with its peers, and print the tables that the README shows.

.venv/bin/python -m bench.compare                    everything, about 15 minutes on two cores that are idle
.venv/bin/python -m bench.compare --write            and put the tables into README.md, the timings beside this file
.venv/bin/python -m bench.compare --part rendering   one part: executing, rendering or deploying
.venv/bin/python -m bench.compare --part executing --set articles --repeat 1 --only marovi

Run `marovi build` first: rendering and deploying take the repository's own articles as they were built. The first
time the peers' environment is made, from a package index that pip can reach. Deploying needs MediaWiki on this machine.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench.compare import deploying, executing, rendering
from bench.compare.clock import CommandFailed, machine
from bench.compare.peers import Peers, set_up, versions
from bench.compare.report import Comparison, report
from bench.compare.table import replaced
from bench.compare.timings import Timings
from pipeline.errors import MaroviError

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results.json")
PARTS = ("executing", "rendering", "deploying")


def main() -> int:
    """Measure what was asked for; returns 1 where a way failed or gave other numbers than the rest."""
    options = _options()
    # What was started has to end with us, also when somebody ends us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        peers = set_up(ROOT)
        started = time.monotonic()
        parts = [_measure(part, peers, options) for part in options.part or PARTS]
    except (CommandFailed, executing.Disagreement, MaroviError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    made = report(parts, machine(), versions(peers), time.strftime("%Y-%m-%d", time.gmtime()))
    print(made)
    print(f"{time.monotonic() - started:.0f} s in all", file=sys.stderr)
    if options.write:
        readme = ROOT / "README.md"
        readme.write_text(replaced(readme.read_text(encoding="utf-8"), made), encoding="utf-8")
        raw = {part.name: part.timings.seconds for part in parts}
        RESULTS.write_text(json.dumps(raw, indent=1) + "\n")
    return 0


def _measure(part: str, peers: Peers, options: argparse.Namespace) -> Comparison:
    timings: Timings
    with tempfile.TemporaryDirectory(prefix="marovi-compare-") as name:
        work = Path(name)
        if part == "executing":
            timings, count = executing.measure(
                ROOT, peers, work, options.set, options.repeat, options.only, options.topics
            )
        elif part == "rendering":
            timings, count = rendering.measure(ROOT, peers, work, options.repeat)
        else:
            timings, count = deploying.measure(ROOT, peers, options.repeat)
    return Comparison(part, timings, count, options.set)


def _options() -> argparse.Namespace:
    words = argparse.ArgumentParser(
        prog="python -m bench.compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--part", choices=PARTS, action="append", help="measure this part, may be given again")
    words.add_argument("--set", choices=("small", "articles"), default="small", help="the topics that are executed")
    words.add_argument(
        "--only", default="", metavar="WORDS", help="of executing, the ways with these words in their name"
    )
    words.add_argument("--topics", type=int, metavar="N", help="execute only the first N of the set")
    words.add_argument("--repeat", type=int, default=3, help="runs of each (default: 3); slow ones once less")
    words.add_argument("--write", action="store_true", help="put the tables into README.md; only all parts together")
    options = words.parse_args()
    if min(options.repeat, options.topics or 1) < 1:
        words.error("--repeat and --topics need 1 or more")
    if options.topics and options.set != "small":
        words.error("--topics needs --set small: articles lead to each other")
    if options.write and (options.part or options.only or options.topics):
        words.error("--write needs all parts, ways and topics")
    return options


if __name__ == "__main__":
    sys.exit(main())
