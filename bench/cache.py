"""What the cache costs a build in which nothing has to run: `python bench/cache.py [--runs N]`, after `marovi build`.

Prints the median of several runs in milliseconds for each step, and how many bytes of pictures were not read again.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from pipeline.config import load
from pipeline.read import read
from pipeline.read.article import Article
from pipeline.run import RunSettings, cache, eviction
from pipeline.run.needs import Present

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--cache", type=Path, help="another cache than the project's")
    options = parser.parse_args()
    config = load(Path(__file__).parents[1])
    settings = RunSettings.of(config)
    where = options.cache or settings.cache
    articles = [article for article in read(config).articles.values() if article.cells]
    times: dict[str, list[float]] = {}

    def timed(
        name: str, action: Callable[Arguments, Result], *args: Arguments.args, **rest: Arguments.kwargs
    ) -> Result:
        begun = time.perf_counter()
        result = action(*args, **rest)
        times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
        return result

    for _ in range(options.runs):
        foundation = timed("what all topics depend on", cache.foundation, settings)
        present = timed("what is installed", cache.present, settings)
        keys = timed("keys", keys_of, articles, settings, foundation)
        entries = timed("entries", entries_of, where, keys, present)
        timed("size of the cache", eviction.usage, where)
    found = [entry for entry in entries if entry is not None]
    pictures = sum(path.stat().st_size for entry in found for path in entry.folder.glob("*.png"))
    for name, milliseconds in times.items():
        print(f"{name:28} {statistics.median(milliseconds):8.1f} ms   (first {milliseconds[0]:.1f})")
    print(f"{len(found)} of {len(articles)} topics found, {pictures / 1e6:.1f} MB of pictures not read again")


def keys_of(articles: list[Article], settings: RunSettings, foundation: str) -> list[str]:
    languages = [tuple(code for code in settings.languages if code in article.versions) for article in articles]
    return [cache.key_of(article, codes, foundation) for article, codes in zip(articles, languages, strict=True)]


def entries_of(where: Path, keys: list[str], present: Present) -> list[cache.Entry | None]:
    return [cache.load(where, key, present) for key in keys]


if __name__ == "__main__":
    main()
