"""Play random schedules of faults, kills and people's edits against the deploy bot, and look for a broken promise.

.venv/bin/python bench/chaos.py                     1,000 schedules, from a random seed that is printed
.venv/bin/python bench/chaos.py --seed 5 --count 50 those from 5 to 54
.venv/bin/python bench/chaos.py --replay 17         this one alone, telling what happens at each step

Exits with 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.wiki import prepare
from tests.deploy.chaos import Tally, arena
from tests.deploy.schedules import draw

ON_ONE_WIKI = 50  # schedules; what others left makes a wiki slower


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, help="of the first schedule; the others follow")
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--replay", type=int, metavar="SEED", help="play only this schedule, and tell what happens")
    words = options.parse_args()
    if words.replay is not None:
        seeds = range(words.replay, words.replay + 1)
    else:
        first = random.randrange(1_000_000) if words.seed is None else words.seed
        seeds = range(first, first + words.count)
        print(f"seeds {seeds[0]} to {seeds[-1]}", flush=True)
    tally, failing, took = Tally(), list[int](), list[float]()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="marovi-chaos-") as name:
        installed = Path(name) / "installed"
        prepare(installed)
        for start in range(0, len(seeds), ON_ONE_WIKI):
            with arena(installed, tally, say=print if words.replay is not None else None) as here:
                for seed in seeds[start : start + ON_ONE_WIKI]:
                    begun = time.monotonic()
                    broken = here.play(draw(seed))
                    took.append(time.monotonic() - begun)
                    for sentence in broken:
                        print(f"seed {seed}: {sentence}", flush=True)
                    if broken:
                        failing.append(seed)
                        print(f"replay it with: .venv/bin/python bench/chaos.py --replay {seed}", flush=True)
            print(f"… {tally.schedules} of {len(seeds)}, violations in {len(failing)}", file=sys.stderr, flush=True)
    print(f"{tally}; {time.monotonic() - started:.0f} s, {statistics.median(took):.1f} s a schedule")
    for kind, counts in (("faults", tally.faults), ("people", tally.touches)):
        print(f"{kind}: {', '.join(f'{name} {count}' for name, count in sorted(counts.items()))}")
    print(f"violations in {len(failing)} of {tally.schedules} schedules{': ' if failing else ''}{failing or ''}")
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
