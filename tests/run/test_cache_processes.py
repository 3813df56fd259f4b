"""Several builds on one cache, killed at any moment: nobody ever reads a wrong or half an entry."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.run import cache, eviction
from tests.run.entries import key, nothing, pictures, record

pytestmark = pytest.mark.slow

KEYS = 6
SECONDS = 6.0
ROOT = Path(__file__).parents[2]

# Each entry can be told by its key: one under the wrong key, or put together of two, would be seen.
CODE = """
import os, random, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from pipeline.run import cache, eviction
from tests.run.entries import key, nothing, pictures, record, stored
folder, generator, now = Path({folder!r}), random.Random({seed}), nothing()
print("ready", flush=True)
while True:
    number = generator.randrange({keys})
    action = generator.random()
    if action < 0.45:
        entry = cache.load(folder, key(number), now)
        if entry is not None:
            try:
                found = cache.read_pictures(entry)
            except FileNotFoundError:
                continue  # evicted in between, which only this test's lack of grace allows
            assert entry.record["values"] == record(number)["values"], "the record of another entry"
            assert found == pictures(number, 30_000), "pictures of another entry"
    elif action < 0.8:
        entry = stored(folder, key(number), number, size=30_000, second=False)
        if generator.random() < 0.5:
            cache.add_second(entry, key(number), record(number), now)
    elif action < 0.9:
        eviction.evict(folder, generator.randrange(400_000), grace=0.0)
    else:
        try:  # somebody may just be taking away what is found
            with next(folder.glob(f"results/*/{{key(number)}}/*/*")).open("r+b") as file:
                file.truncate(generator.randrange(1000))
        except (FileNotFoundError, StopIteration):
            pass
"""


def start(folder: Path, seed: int) -> subprocess.Popen[str]:
    code = CODE.format(root=str(ROOT), folder=str(folder), seed=seed, keys=KEYS)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def test_builds_that_share_a_cache_and_are_killed_never_read_what_is_wrong(tmp_path: Path) -> None:
    generator = random.Random(7)
    processes = [start(tmp_path, seed) for seed in range(3)]
    end, seed, killed = time.monotonic() + SECONDS, 100, 0
    try:
        while time.monotonic() < end:
            time.sleep(generator.random() * 0.3)
            place = generator.randrange(len(processes))
            ended = processes[place].poll()
            if ended is None:
                processes[place].kill()
                killed += 1
            _, said = processes[place].communicate()
            assert ended is None, said
            processes[place] = start(tmp_path, seed := seed + 1)
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
    assert killed >= 3
    # what is left can be read or is no entry, and the remains go
    for number in range(KEYS):
        entry = cache.load(tmp_path, key(number), nothing())
        if entry is not None:
            assert entry.record["values"] == record(number)["values"]
            assert cache.read_pictures(entry) == pictures(number, 30_000)
    eviction.evict(tmp_path, 10**9, remains=-1.0)
    assert list(tmp_path.glob("results/*/*/.*")) == []
