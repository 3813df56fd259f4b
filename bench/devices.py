"""What each device takes for all topics, what differs between them, and from which batch on a GPU pays.

    .venv/bin/python bench/devices.py                           # cpu and cuda; without a GPU cpu and cpu:baseline
    .venv/bin/python bench/devices.py --devices cpu,cuda softmax-function

Topics are run without any cache, one run each, `workers` of [tool.marovi] at a time; nothing is written.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import torch

from pipeline.config import load
from pipeline.read import read
from pipeline.terminal import table
from pipeline.verify.agreement import disagreements
from pipeline.verify.devices import missing, run_on

ROOT = Path(__file__).parents[1]
BATCHES = (50, 500, 5_000, 50_000)
WIDTH = 256
REPEATS = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slug", nargs="*", help="only these topics")
    parser.add_argument("--devices", default="cpu,cpu:baseline" if missing("cuda") else "cpu,cuda")
    options = parser.parse_args()
    devices = options.devices.split(",")
    if lacking := [sentence for device in devices if (sentence := missing(device))]:
        parser.error("; ".join(lacking))
    topics(devices, options.slug)
    print()
    batches([torch.device("cpu")] + [torch.device("cuda")] * ("cuda" in devices))


def topics(devices: list[str], slugs: list[str]) -> None:
    """Print the seconds each topic's cells take on each device, and how many things its page would show otherwise."""
    config = load(ROOT)
    articles = [one for slug, one in read(config).articles.items() if one.cells and slug in (slugs or [slug])]
    ran, walls = {}, []
    for device in devices:
        started = time.perf_counter()
        ran[device] = run_on(config, articles, device, lambda event: None)
        walls.append(f"{time.perf_counter() - started:.1f}")
    rows = [["seconds of cells", *devices, "differ"]]
    for article in articles:
        records = [ran[device][article.slug] for device in devices]
        whole = [record for record in records if not isinstance(record, tuple)]
        if len(whole) < len(records):
            rows.append([article.slug, *("fails" if isinstance(one, tuple) else "" for one in records), ""])
            continue
        differ = sum(len(disagreements(article, whole[0], other)) for other in whole[1:])
        rows.append([article.slug, *(f"{record['seconds']:.2f}" for record in whole), str(differ)])
    rows.append(["all, on the clock", *walls, ""])
    print(table(rows, right=frozenset(range(1, len(devices) + 2))))


def batches(devices: list[torch.device]) -> None:
    """Print the milliseconds of a training step of two layers by the size of the batch, medians of some steps."""
    rows = [[f"ms a step, {WIDTH} units", *(device.type for device in devices)]]
    for size in BATCHES:
        rows.append([f"batch of {size:,}", *(f"{1000 * step(size, device):.2f}" for device in devices)])
    print(table(rows, right=frozenset(range(1, len(devices) + 1))))


def step(size: int, device: torch.device) -> float:
    """Return the median seconds of one step of gradient descent on a batch, in float64 as the topics compute."""
    torch.manual_seed(0)
    layers = [torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU(), torch.nn.Linear(WIDTH, 10)]
    net = torch.nn.Sequential(*layers).double().to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    inputs = torch.randn(size, WIDTH, dtype=torch.float64).to(device)
    seconds = []
    for _ in range(1 + REPEATS):
        started = time.perf_counter()
        optimizer.zero_grad()
        net(inputs).square().mean().backward()
        optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])  # the first one waits for libraries to be loaded


if __name__ == "__main__":
    main()
